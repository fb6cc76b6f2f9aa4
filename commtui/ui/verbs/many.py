"""A verb on many items: in a thread with a store handle of its own, its progress above the keys, the keys alive.

While it runs, another verb on many, undo and redo are refused. Verbs on a few are done beside it, in a thread too: on
the screen's loop they would wait for the store's turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.activity.outcome import Outcome
from commtui.activity.parts import PART
from commtui.model.log_records import Activity
from commtui.store.errors import StoreError
from commtui.ui.host import Host
from commtui.ui.own_store import FEW, LOOK, Running, beside, on_own_store
from commtui.ui.text.errors import NotDone
from commtui.ui.text.naming import error_sentence
from commtui.ui.verbs import prompts
from commtui.ui.verbs.finish import finish

SOON: Final = 0.02
"""Seconds between two looks at whether the rows are as they are now."""

T = TypeVar("T")
Work = Callable[[Desk], Outcome]
Refused = Callable[[Exception], bool]
"""Called with what a verb raised in its thread; True: it has answered that."""


def check_idle(host: Host) -> None:
    """Raises NotDone while a verb on many items runs."""
    if host.session.running is not None:
        raise NotDone(f"not yet: {host.session.running.progress}")


def do(
    host: Host,
    name: str,
    count: int,
    work: Work,
    *,
    advance: bool = False,
    stops: bool = True,
    keep_marks: bool = False,
) -> None:
    """Does a verb on `count` items, and shows its outcome or its error. `stops`: see in_thread.

    Raises NotDone while another one on many runs, and what a verb on a few raises at once.
    """
    if count > FEW:
        rows, marks = host.panes.rows, host.panes.rows.marks

        def put_back(error: Exception) -> bool:
            rows.mark(rows.marks or marks)
            return False

        in_thread(host, name, count, work, advance=advance, stops=stops, refused=put_back)
        if not keep_marks and host.session.passed_by is None:
            rows.mark(())
    else:
        do_few(host, work, advance=advance, keep_marks=keep_marks)


def look(host: Host, name: str, count: int, read: Callable[[Desk], T], then: Callable[[T], None]) -> None:
    """Reads something of `count` items, and calls `then` with it: many are read in a thread, and `then` waits until
    nothing else is asked. Raises NotDone while a verb on many runs, and what `read` of a few raises at once."""
    if count > FEW:
        check_idle(host)
        running = host.session.running = Running(name, count, stops=False)
        host.run_worker(_look(host, running, read, then), group="many", exclusive=False)
    else:
        then(read(host.desk))


def size_of(parts: int, step: Activity | None) -> int:
    """How many items a step of the log is about, or records where it changed more; of one in `parts`, a whole part for
    each."""
    if parts > 1:
        return parts * PART
    return max(len(step.ids), len(step.changes)) if step is not None else 0


def do_few(host: Host, work: Work, *, advance: bool = False, keep_marks: bool = False) -> None:
    """Does a verb on a few items, in a thread while one on many runs. Raises what it raises at once."""
    if host.session.running is not None:
        host.run_worker(_beside(host, work, advance), group="few", exclusive=False)
    else:
        finish(host, work(host.desk), advance=advance, keep_marks=keep_marks)


def in_thread(
    host: Host,
    name: str,
    count: int,
    work: Work,
    *,
    advance: bool = False,
    stops: bool = True,
    refused: Refused = lambda error: False,
) -> None:
    """Begins a verb on `count` items. `stops`: it can be left half done. Raises NotDone while another one runs."""
    check_idle(host)
    running = host.session.running = Running(name, count, stops)
    host.run_worker(_run(host, running, work, advance, refused), group="many", exclusive=False)


def stop(host: Host) -> bool:
    """Stops what runs between two parts. False where nothing runs that can be stopped."""
    running = host.session.running
    if running is None or not running.stops:
        return False
    running.stopping = True
    return True


def ask_before_leaving(host: Host, leave: Callable[[], None]) -> None:
    """Asks when `leave` is called while a verb on many runs: once it is done, or once it is stopped."""
    running = host.session.running
    assert running is not None

    def wait() -> None:
        if host.session.running is running:
            running.then = leave
        else:
            leave()

    def stop_it() -> None:
        stop(host)
        wait()

    keys = {"w": wait, **({"s": stop_it} if running.stops else {})}
    words = "  w quit when it is done" + ("  s stop it there and quit (undo takes it back)" if running.stops else "")
    prompts.choose(host, f"{running.progress}:{words}  any other key: stay", keys)


async def _run(host: Host, running: Running, work: Work, advance: bool, refused: Refused) -> None:
    serving = host.session.serving
    task = await _ended(host, running, work)
    host.follow()
    while not _rows_are_whole(host):  # what becomes of the cursor and of the thread goes by them
        await asyncio.sleep(SOON)
        host.follow()
    try:
        outcome = task.result()
    except (TriageError, StoreError) as error:
        if host.status.display and refused(error):
            return
        _show_error(host, error, running)
    else:
        host.renew()
        # a round that began meanwhile is about other conversations
        finish(host, outcome, advance=advance and host.session.serving is serving, keep_marks=True)
    if running.then is not None:
        running.then()


async def _look(host: Host, running: Running, read: Callable[[Desk], T], then: Callable[[T], None]) -> None:
    task = await _ended(host, running, read)
    host.status.show()
    if running.then is not None:
        running.then()
        return
    while not host.status.in_sight:  # noqa: ASYNC110 - no event says that nothing is asked any more
        await asyncio.sleep(LOOK)
    try:
        found = task.result()
    except (TriageError, StoreError) as error:
        _show_error(host, error, running)
    else:
        host.run(lambda *_: then(found))


async def _ended(host: Host, running: Running, work: Callable[[Desk], T]) -> asyncio.Task[T]:
    try:
        return await beside(host.services, host.desk, work, running, host.status.show)
    finally:
        host.session.running = None


def _rows_are_whole(host: Host) -> bool:
    """Whether the rows are as the store has them: they are not read anew, and no filter is searched for."""
    return not any(view.pane.reading or (view.pane.searching and view.pane.is_whole) for view in host.panes.views)


async def _beside(host: Host, work: Work, advance: bool) -> None:
    try:
        outcome = await asyncio.to_thread(on_own_store, host.services, host.desk, work)
    except (TriageError, StoreError) as error:
        host.tell(error_sentence(error, host.desk, host.key_of), bad=True)
    else:
        finish(host, outcome, advance=advance, keep_marks=True)


def _show_error(host: Host, error: Exception, running: Running) -> None:
    sentence = error_sentence(error, host.desk, host.key_of)
    if isinstance(error, StoreError) and running.done:  # after a TriageError nothing was done
        sentence += f"; {running.progress} are done"
    host.status.tell_surely(sentence)
