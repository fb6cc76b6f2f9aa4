"""Which rows of a list are marked: some, or all but some. Marks over all of 300,000 rows cost what no mark costs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import overload

from commtui.ui.widgets.places import gone_and_new


class Marks(Sequence[int]):
    """The marked ones of some rows, in their order. It never changes; a thread may read it."""

    def __init__(self, rows: Sequence[int] = (), few: Collection[int] = frozenset(), *, all_but: bool = False) -> None:
        """`few`: the rows that are marked, or with `all_but` those that are not. All of them are among `rows`."""
        self._rows, self._few = rows, frozenset(few)
        self._all_but = all_but

    def __len__(self) -> int:
        return len(self._rows) - len(self._few) if self._all_but else len(self._few)

    def __contains__(self, number: object) -> bool:
        """Whether a row is marked; for rows that are here."""
        return (number in self._few) != self._all_but

    def __iter__(self) -> Iterator[int]:
        if len(self._few) == (0 if self._all_but else 1):
            return iter(self._rows if self._all_but else self._few)
        return (number for number in self._rows if number in self)

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> list[int]: ...
    def __getitem__(self, place: int | slice) -> int | list[int]:
        """Reads all that stand before it: `in` and iterating are what these are made for."""
        if isinstance(place, slice):
            return list(islice(self, *place.indices(len(self))))
        try:
            return next(islice(self, place if place >= 0 else place + len(self), None))
        except StopIteration:
            raise IndexError(place) from None

    def numbers(self) -> Collection[int]:
        """These in no order, which of a few among many is quicker."""
        return self if self._all_but else self._few

    @property
    def is_all(self) -> bool:
        """Whether every row is marked, and there is one."""
        return bool(self._rows) and len(self) == len(self._rows)

    def toggled(self, number: int) -> Marks:
        """These with one more, or one less."""
        return Marks(self._rows, self._few ^ {number}, all_but=self._all_but)

    def with_range(self, first: int, end: int) -> Marks:
        """These and the rows from one place up to another."""
        if end - first <= len(self._rows) // 2 or self._all_but:
            numbers = self._rows[first:end]
            few = self._few.difference(numbers) if self._all_but else self._few.union(numbers)
            return Marks(self._rows, few, all_but=self._all_but)
        outside = {*self._rows[:first], *self._rows[end:]}
        return Marks(self._rows, outside - self._few, all_but=True)

    def with_numbers(self, numbers: Collection[int]) -> Marks:
        """These and some more rows, all of them among the rows that are here."""
        few = self._few.difference(numbers) if self._all_but else self._few.union(numbers)
        return Marks(self._rows, few, all_but=self._all_but)

    def without(self, numbers: Collection[int]) -> Marks:
        """These but for some rows, all of them among the rows that are here."""
        few = self._few.union(numbers) if self._all_but else self._few.difference(numbers)
        return Marks(self._rows, few, all_but=self._all_but)

    def on(self, rows: Sequence[int]) -> Marks:
        """These when the list has other rows: a mark goes with its row, and a row that comes has none."""
        if rows is self._rows:
            return self
        if not self:
            return Marks(rows)
        gone, new = gone_and_new(self._rows, rows)
        few = self._few - gone
        if self._all_but:
            few |= new
        return Marks(rows) if len(few) == len(rows) and self._all_but else Marks(rows, few, all_but=self._all_but)
