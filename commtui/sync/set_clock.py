"""The machine's clock is set back: what was to leave in seconds must not wait for the day that was thought to be."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from commtui.model.clock import Clock
from commtui.model.records import Act
from commtui.model.states import OutgoingState
from commtui.store.store import Store
from commtui.sync.backoff import LONGEST_TOLD, LONGEST_WAIT
from commtui.sync.due import Item

log = logging.getLogger("commtui.delivery")
MARGIN = timedelta(seconds=30)
"""Clocks that are set by less are left alone."""
LONGEST_TRY = timedelta(seconds=LONGEST_TOLD) + MARGIN


class ClockWatch:
    """Notices that the clock was set back since the last look."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen = clock.now(), clock.monotonic()

    def was_set_back(self) -> bool:
        """Whether less time went by on the clock than in truth, by more than MARGIN, since the last call."""
        (now, passed), self._seen = self._seen, (self._clock.now(), self._clock.monotonic())
        return self._seen[0] - now < timedelta(seconds=self._seen[1] - passed) - MARGIN


def bring_back(store: Store, accounts: Iterable[str], now: datetime) -> None:
    """Brings back what was written by a clock that was ahead: hold windows begin now, tries come within the hour.

    A post whose time a person chose keeps it. Raises StoreError.
    """
    for account in accounts:
        items: list[Item] = [*store.outgoing.due(account), *store.acts.due(account)]
        for item in items:
            if _brought_back(item, now) != item:
                with store.write() as write:
                    current = write.get(type(item), item.id)
                    if current is not None:
                        write.put(_brought_back(current, now))
                log.warning("the clock was set back: %s leaves sooner than was written", item.id)


def _brought_back(item: Item, now: datetime) -> Item:
    if item.next_try_at is not None and item.next_try_at > now + LONGEST_TRY:
        item = replace(item, next_try_at=now + timedelta(seconds=LONGEST_WAIT))
    waits = item.state is OutgoingState.SCHEDULED and (isinstance(item, Act) or item.hold_window)
    if waits and item.scheduled_at is not None and item.created_at > now + MARGIN:
        window = item.scheduled_at - item.created_at
        if timedelta(0) <= window < item.scheduled_at - now:
            item = replace(item, scheduled_at=now + window)
    return item
