"""Work in a thread, on a store handle of its own: on the screen's it would keep the screen's loop waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.store.store import Store
from commtui.ui.services import Services

T = TypeVar("T")


def on_own_store(
    services: Services, desk: Desk, work: Callable[[Desk], T], goes_on: Callable[[int], bool] | None = None
) -> T:
    """Does some work with another handle in the place of the desk's; for a thread. `goes_on`: see Desk.

    Raises what the work raises."""
    store = Store(services.home.data, services.store.log.process)
    store.deadlines = services.store.deadlines
    try:
        return work(replace(desk, store=store, goes_on=goes_on))
    finally:
        store.close()
