"""The posts of a period, read a page at a time, and kept as the store has them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import date
from typing import Final

from commtui.marketing import calendar
from commtui.marketing.calendar import Entry, FreeSlot
from commtui.model import ids
from commtui.model.calendar import Days
from commtui.model.records import Outgoing
from commtui.store.changes import Changes
from commtui.ui.snapshot import Snapshot

PAGE: Final = 250
"""Posts that are read before the loop has its turn."""

MANY: Final = 1000


class PeriodPosts:
    """`days`: the period; nothing of it is read before the first `read_page`."""

    def __init__(self, snapshot: Snapshot, days: Days) -> None:
        self._snapshot = snapshot
        self._items: dict[int, Outgoing] = {}
        """What was read of the period, and of the days beside it that conflicts reach into."""
        self._wanted: list[int] = []
        """The numbers of what is still to be read."""
        self._lock = threading.Lock()
        self._changes = Changes()
        """What changed since it was last looked at."""
        self.begin(days)

    @property
    def has_more(self) -> bool:
        """Whether something is still to be read."""
        return bool(self._wanted)

    @property
    def are_many(self) -> bool:
        """Whether `by_day` takes longer than a key should wait: a thread is to call it."""
        return len(self._items) > MANY

    def begin(self, days: Days) -> None:
        """Forgets what was read, and wants what belongs to these days."""
        desk = self._snapshot.desk
        self.days, self._items = days, {}
        self._wanted = calendar.numbers(desk, days, desk.zone, calendar.rules_of(desk))

    def read_page(self) -> None:
        """Reads a page of what is wanted."""
        page, self._wanted = self._wanted[:PAGE], self._wanted[PAGE:]
        self._take(page)

    def note(self, changes: Changes) -> bool:
        """Called from any thread after a change of the store; returns whether `follow` has something to do."""
        if changes.outgoing == set():
            return False
        with self._lock:
            self._changes.add(changes)
        return True

    def follow(self) -> None:
        """Reads what changed; where that is much, all of it is wanted again."""
        with self._lock:
            changed, self._changes = self._changes.outgoing, Changes()
        if changed is None or len(changed) > PAGE:
            self.begin(self.days)
        elif self._wanted:
            self._wanted += changed
        else:
            self._take(changed)

    def _take(self, numbers: Iterable[int]) -> None:
        numbers = list(numbers)
        for number in numbers:
            self._items.pop(number, None)
        posts = (item for item in self._snapshot.desk.store.outgoing.each(numbers) if item.conversation is None)
        self._items.update((ids.number(item.id), item) for item in posts)

    def free_slots(self, account: str) -> list[FreeSlot]:
        """The slots of the period that are free, by what was read. `account`: as for `by_day`."""
        desk = self._snapshot.desk
        free = calendar.free_slots(desk, self.days, desk.zone, self._items.values())
        return [slot for slot in free if not account or account in slot.accounts]

    def by_day(self, account: str) -> dict[date, list[Entry]]:
        """The posts of each day of the period that has some, by what was read; from any thread. `account`: only of this
        one (its id); empty: of all."""
        desk, days = self._snapshot.desk, self.days
        found = calendar.entries_of(list(self._items.values()), calendar.rules_of(desk))
        if account:
            found = [entry for entry in found if account in entry.accounts]
        return {day: each for day, each in calendar.by_day(found, desk.zone).items() if day in days}
