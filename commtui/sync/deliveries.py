"""Which items of an account are delivered now: one after the other, and beside those that take long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from commtui.model.records import Act
from commtui.networks.base import LoginRefused
from commtui.store.errors import StoreError
from commtui.sync.delivery import Delivery
from commtui.sync.due import Item, due_items
from commtui.sync.ledger import Ledger
from commtui.sync.session import Session

log = logging.getLogger("commtui.delivery")
REST: Final = timedelta(minutes=1)
"""How long an item waits that a try has left as it was."""
HEAD_START = 5.0
"""Seconds that an item waits for the one before it: most leave one after the other, in their order."""
AT_ONCE = 4
"""How many items of an account are delivered at the same time at most: a slow upload or answer stops no other item."""


class Deliveries:
    """The items of one account that are being delivered. Each has a task of its own."""

    def __init__(self, session: Session, ledger: Ledger, ended: Callable[[], None]) -> None:
        """`ended` is called whenever the delivery of an item has ended."""
        self.session = session
        self._ledger = ledger
        self._delivery = Delivery(session, ledger)
        self._ended = ended
        self._tasks: dict[str, asyncio.Task[None]] = {}
        """By the item's id."""
        self._items: dict[str, Item] = {}
        self._errors: list[LoginRefused | StoreError] = []
        """What ended a delivery and concerns the whole account, until it is raised."""

    async def begin_due(self) -> None:
        """Begins what is due, the longest due first. Returns when each item has ended or had its head start.

        Raises LoginRefused (the items wait for the account) and StoreError, also of items that were begun before.
        """
        session = self.session
        for item in due_items(session.store, session.account.id, session.clock.now()):
            self._raise_error()
            if self.is_busy(item) or session.store.get(type(item), item.id) != item:
                continue  # changed while another one was sent: the next round reads when it is due now
            await self._wait(self._begin(item), seconds=HEAD_START)
            while len(self._tasks) >= AT_ONCE:
                await self._wait(*self._tasks.values())
        self._raise_error()

    async def finish(self) -> None:
        """Waits until what was begun has ended. Raises as `begin_due` does."""
        while self._tasks:
            await self._wait(*self._tasks.values())
        self._raise_error()

    async def stop(self) -> None:
        """Ends what is being delivered: a text whose answer is not in is recorded as unknown."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def are_under_way(self) -> bool:
        """Whether anything is being delivered."""
        return bool(self._tasks)

    def is_busy(self, item: Item) -> bool:
        """Whether `item` is being delivered, or is about the same thing as one that is: then their order is kept."""
        return any(item.id == other.id or _subjects(item) & _subjects(other) for other in self._items.values())

    def _begin(self, item: Item) -> asyncio.Task[None]:
        task = asyncio.create_task(self._deliver(item), name=f"{self.session.account.name} {item.id}")
        self._tasks[item.id], self._items[item.id] = task, item
        task.add_done_callback(partial(self._forget, item.id))
        return task

    async def _deliver(self, item: Item) -> None:
        try:
            await self._delivery.deliver(item)
            self._rest(item)
        except (LoginRefused, StoreError) as error:
            self._errors.append(error)

    def _rest(self, item: Item) -> None:
        """Lets an item wait that is as it was: it would be begun again without a pause."""
        if self.session.store.get(type(item), item.id) == item:
            log.warning("%s is as it was after a try: the next one is in a minute", item.id)
            self._ledger.postpone(item, self.session.clock.now() + REST)

    def _forget(self, identity: str, _: asyncio.Task[None]) -> None:
        del self._tasks[identity], self._items[identity]
        self._ended()

    async def _wait(self, *tasks: asyncio.Task[None], seconds: float | None = None) -> None:
        """Until one of the tasks has ended or the time is over; cancelled, it ends what is being delivered."""
        slept = [] if seconds is None else [asyncio.create_task(self.session.clock.sleep(seconds))]
        try:
            await asyncio.wait([*tasks, *slept], return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await self.stop()
            raise
        finally:
            for sleep in slept:
                sleep.cancel()

    def _raise_error(self) -> None:
        if self._errors:
            raise self._errors.pop(0)


def _subjects(item: Item) -> set[str]:
    """What an item is about: its conversation, or the text or person that an act is about."""
    if isinstance(item, Act):
        return {subject for subject in (item.of, item.target) if subject}
    return {subject for subject in (item.id, item.remote_id, item.conversation) if subject}
