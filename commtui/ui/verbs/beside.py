"""Writing beside the screen, in a thread: the store, whose turn it may have to wait for, and the config."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.config.errors import ConfigError
from commtui.store.errors import StoreError
from commtui.system.threads import in_thread
from commtui.ui.host import Host
from commtui.ui.own_store import on_own_store
from commtui.ui.text.naming import error_sentence


def write_quietly(host: Host, write: Callable[[Desk], bool]) -> bool:
    """Writes something small; in a thread while a verb on many runs. Raises what it raises at once.

    `write` returns whether rows have changed. Returns whether they have, and the screen followed."""
    if host.session.running is not None:
        host.run_worker(_quietly(host, write), group="few", exclusive=False)
        return False
    changed = write(host.desk)
    if changed:
        host.follow()
    return changed


async def _quietly(host: Host, write: Callable[[Desk], bool]) -> None:
    try:
        await asyncio.to_thread(on_own_store, host.services, host.desk, write)
    except (TriageError, StoreError) as error:
        host.status.tell_surely(error_sentence(error, host.desk, host.key_of))


def change_config(host: Host, write: Callable[[], object], then: Callable[[], None]) -> None:
    """Changes the config in a thread: its parser is large, and another program may hold the file's lock. `then` is
    called when that is done and the change is taken; an error is shown in its place."""

    async def work() -> None:
        try:
            await in_thread(write, "config")
        except ConfigError as error:
            host.tell(str(error), bad=True)
        else:
            host.renew()
            then()

    host.run_worker(work(), group="config", exclusive=False)
