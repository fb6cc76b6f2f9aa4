"""A list whose rows can be marked, one by one, in a range, or all that match."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.places import Spot
from commtui.ui.widgets.rows import Rows, Write


class MarkedRows(Rows):
    """The list. Marks are numbers of rows, like its cursor."""

    def __init__(
        self,
        write: Write,
        empty: Callable[[int], list[Pieces]],
        below: Callable[[int, int], str] | None = None,
    ) -> None:
        super().__init__(write, empty, below)
        self.marks: set[int] = set()
        self._range_from: int | None = None

    @property
    def spot(self) -> Spot:
        """The cursor's row, its height on the screen, and the marks."""
        return Spot(self.number, self.at - self.top, frozenset(self.marks))

    @property
    def ranging(self) -> bool:
        return self._range_from is not None

    def is_marked(self, place: int) -> bool:
        start = self._range_from
        in_range = start is not None and min(start, self.at) <= place <= max(start, self.at)
        return in_range or self.numbers[place] in self.marks

    def show(self, numbers: Sequence[int], changed: set[int] | None) -> None:
        if self.marks:
            self.marks &= set(numbers)
        super().show(numbers, changed)

    def toggle_mark(self) -> None:
        """Marks the cursor's row, or takes its mark, and goes on to the next."""
        if self._range_from is not None:
            self.end_range()
            return
        if self.number is not None:
            self.marks ^= {self.number}
            self.repaint_lines(self.at - self.top)
            self.move_to(self.at + 1)

    def toggle_range(self) -> bool:
        """Begins a range at the cursor, or ends it: all its rows are marked then. True if one has begun."""
        if self._range_from is None and self.numbers:
            self._range_from = self.at
            self.repaint_lines(self.at - self.top)
            return True
        self.end_range()
        return False

    def end_range(self) -> None:
        """Marks the rows of the range, if one was begun."""
        if self._range_from is not None:
            first, last = sorted((self._range_from, self.at))
            self.marks |= set(self.numbers[first : last + 1])
            self._range_from = None
            self.refresh()

    def mark(self, numbers: set[int]) -> None:
        """Marks exactly these rows."""
        self._range_from = None
        if self.marks != numbers:
            self.marks = set(numbers)
            self.refresh()

    def chosen(self) -> list[int]:
        """The rows that a verb is applied to: the marked ones in their order, else the cursor's."""
        self.end_range()
        if self.marks:
            return [number for number in self.numbers if number in self.marks]
        return [] if self.number is None else [self.number]
