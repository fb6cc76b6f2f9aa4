"""Rows that came since they could last be seen: how many of them are further down than what is visible."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

TAIL: Final = 1000
"""Rows at the end of a list among which new ones are looked for: what comes new waits shortest and stands there."""


class Arrivals:
    """It owns which rows are new. A row that was visible once is not."""

    def __init__(self) -> None:
        self._new: set[int] = set()
        self._tail: frozenset[int] = frozenset()
        """The end of the list, as it was last."""

    def follow(self, numbers: Sequence[int], changed: set[int] | None) -> None:
        """Takes the rows as they are now; `changed`: those that are new or differ, None where that is not known."""
        if changed == set():
            return
        tail = frozenset(numbers[-TAIL:])
        if changed is None:
            self._new &= tail
        else:
            self._new = (self._new | (tail & changed) - self._tail) & tail
        self._tail = tail

    def see(self, visible: Sequence[int]) -> None:
        """These rows are visible."""
        if self._new:
            self._new.difference_update(visible)

    def below(self, numbers: Sequence[int], end: int) -> int:
        """How many new rows stand at place `end` or further down."""
        tail = numbers[max(end, len(numbers) - TAIL) :] if self._new else ()
        return sum(number in self._new for number in tail)
