"""A list whose rows can be marked, one by one, in a range, or all that match."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.marks import Marks
from commtui.ui.widgets.places import Spot
from commtui.ui.widgets.rows import Rows, Write


class MarkedRows(Rows):
    """The list. Marks are numbers of rows, like its cursor."""

    def __init__(
        self,
        write: Write,
        empty: Callable[[int], list[Pieces]],
        hidden: Callable[[int, int, int, bool], str] | None = None,
    ) -> None:
        super().__init__(write, empty, hidden)
        self.marks = Marks()
        self._range_from: int | None = None

    @property
    def spot(self) -> Spot:
        """The cursor's row, its height on the screen, and the marks."""
        return Spot(self.number, self.height, self.marks)

    @property
    def ranging(self) -> bool:
        return self._range_from is not None

    def is_marked(self, place: int) -> bool:
        start = self._range_from
        in_range = start is not None and min(start, self.at) <= place <= max(start, self.at)
        return in_range or self.numbers[place] in self.marks

    def show(self, numbers: Sequence[int], changed: set[int] | None) -> None:
        self.marks = self.marks.on(numbers)
        super().show(numbers, changed)

    def toggle_mark(self) -> None:
        """Marks the cursor's row, or takes its mark, and goes on to the next."""
        if self._range_from is not None:
            self.end_range()
            return
        if self.number is not None:
            self.marks = self.marks.on(self.numbers).toggled(self.number)
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
            self.marks = self.marks.on(self.numbers).with_range(first, last + 1)
            self._range_from = None
            self.refresh()

    def mark(self, numbers: Collection[int]) -> None:
        """Marks exactly these rows, those left out that are not here."""
        if isinstance(numbers, Marks):
            self._take(numbers.on(self.numbers))
        else:
            self._take(Marks(self.numbers, frozenset(numbers).intersection(self.numbers) if numbers else ()))

    def mark_more(self, numbers: Collection[int]) -> int:
        """Marks these rows, too, those left out that are not here; returns how many they are."""
        here = frozenset(numbers).intersection(self.numbers)
        self._take(self.marks.on(self.numbers).with_numbers(here))
        return len(here)

    def toggle_all_of(self, numbers: Marks) -> None:
        """Marks these rows, too; where all of them are marked, takes their marks."""
        marks, some = self.marks.on(self.numbers), numbers.on(self.numbers).numbers()
        self._take(marks.without(some) if all(number in marks for number in some) else marks.with_numbers(some))

    def mark_all(self) -> None:
        """Marks every row; where all are marked, none."""
        self._take(Marks(self.numbers, all_but=not self.marks.is_all))

    def _take(self, marks: Marks) -> None:
        had_any, self.marks, self._range_from = bool(self.marks) or self.ranging, marks, None
        if had_any or marks:
            self.refresh()

    def chosen(self) -> Sequence[int]:
        """The rows that a verb is applied to: the marked ones in their order, else the cursor's."""
        self.end_range()
        return self.marks or ([] if self.number is None else [self.number])
