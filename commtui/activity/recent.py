"""The newest steps of the log, read by pages: what a list of them costs does not grow with the history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from commtui.model.log_records import LogEntry
from commtui.store.activity_log import LAST, ActivityLog

PAGE: Final = 50
"""Entries that are read at once."""


class Step(Struct):
    """A step in the list. One that was done in parts is listed once."""

    entry: LogEntry
    items: int
    """How many items it is about, in all of its parts that were read."""


class RecentSteps:
    """`numbers` are those of the steps that were read and match, newest first."""

    def __init__(self, log: ActivityLog, matches: Callable[[LogEntry], bool] = lambda entry: True) -> None:
        self._log = log
        self._matches = matches
        self.numbers: list[int] = []
        self.has_more = True
        """Whether older steps were not read yet."""
        self._steps: dict[int, Step] = {}
        self._newest, self._oldest = 0, LAST
        """The numbers of the newest and the oldest entry that was read, whether it matches or not."""

    def at(self, number: int) -> Step | None:
        """The step of a number of the list."""
        return self._steps.get(number)

    def read_older(self) -> None:
        """Reads one page more."""
        page = self._log.entries(self._oldest, PAGE)
        self.has_more = len(page) == PAGE
        for number, entry in page:
            self._newest, self._oldest = max(self._newest, number), number
            last = self._steps[self.numbers[-1]] if self.numbers else None
            if last is not None and last.entry.op_id == entry.op_id:
                last.items += len(entry.ids)
            elif self._matches(entry):
                self._steps[number] = Step(entry, len(entry.ids))
                self.numbers.append(number)

    def read_newer(self) -> set[int]:
        """Reads what was logged since; returns the numbers of the steps that are new or have more parts."""
        changed = set()
        for number, entry in reversed(self._log.entries_after(self._newest)):
            self._newest = number
            first = self._steps[self.numbers[0]] if self.numbers else None
            if first is not None and first.entry.op_id == entry.op_id:
                first.items += len(entry.ids)
                changed.add(self.numbers[0])
            elif self._matches(entry):
                self._steps[number] = Step(entry, len(entry.ids))
                self.numbers.insert(0, number)
                changed.add(number)
        return changed
