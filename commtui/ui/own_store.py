"""Work in a thread, on a store handle of its own: on the screen's it would keep the screen's loop waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.store.store import Store
from commtui.ui.services import Services

FEW: Final = 20
"""Items that are written, or read one by one, on the screen's loop: 2 to 20 ms. For more there is a thread."""
LOOK: Final = 0.2
"""Seconds between two looks at how far it is."""

T = TypeVar("T")


class Running(Struct, eq=False):
    """What is done with many items in a thread. `stops`: it can be left half done."""

    name: str
    count: int
    stops: bool = True
    done: int = 0
    """How many items are done; set by the thread."""
    stopping: bool = False
    """The person wants it to stop, or the program ends."""
    then: Callable[[], None] | None = None
    """Called when it is done: the person wants to quit."""

    @property
    def progress(self) -> str:
        """Its name, and how far it is."""
        return f"{self.name}: {self.done:,} of {self.count:,}"


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


async def beside(
    services: Services, desk: Desk, work: Callable[[Desk], T], running: Running, show: Callable[[], None]
) -> asyncio.Task[T]:
    """Does some work in a thread and shows meanwhile how far it is. Returns it once it has ended, however.

    Cancelled, it lets the thread stop where it can: the end of the program waits for it."""

    def goes_on(done: int) -> bool:
        running.done = done
        return not running.stopping

    task = asyncio.create_task(asyncio.to_thread(on_own_store, services, desk, work, goes_on))
    try:
        while not task.done():
            show()
            await asyncio.wait([task], timeout=LOOK)
    finally:
        running.stopping = True
    return task
