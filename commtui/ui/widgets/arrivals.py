"""Rows that came since they could last be seen: how many of them are not visible."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

ENDS: Final = 1000
"""Rows at each end of a list among which new ones are looked for: by each order they come at one of them."""


class Arrivals:
    """It owns which rows are new. A row that was visible once is not."""

    def __init__(self) -> None:
        self._new: set[int] = set()
        self._numbers: Sequence[int] = ()
        self._ends: frozenset[int] = frozenset()
        """The ends of the list, as they were last."""

    def follow(self, numbers: Sequence[int], changed: set[int] | None) -> None:
        """Takes the rows as they are now; `changed`: those that are new or differ, None where that is not known."""
        if changed == set() and numbers is self._numbers:
            return
        self._numbers = numbers
        ends = frozenset(numbers[-ENDS:])
        if len(numbers) > ENDS:
            ends = ends.union(numbers[:ENDS])
        if changed is None:
            self._new &= ends
        else:
            self._new = (self._new | (ends & changed) - self._ends) & ends
        self._ends = ends

    def see(self, visible: Sequence[int]) -> None:
        """These rows are visible."""
        if self._new:
            self._new.difference_update(visible)

    @property
    def unseen(self) -> int:
        """How many new rows were not visible so far."""
        return len(self._new)
