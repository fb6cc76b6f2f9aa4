"""A list that holds only numbers and asks for a row when it is painted: 100,000 rows cost what 20 cost.

Rows are known by number (the doc_id of a record), never by place: an arrival moves neither the cursor nor what is in
sight.
Scrolling goes by pages with a line or two of context: over SSH a page costs once what scrolling costs at each step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from textual.message import Message

from commtui.ui.text.rows import Pieces, filled
from commtui.ui.widgets.lines import Lines
from commtui.ui.widgets.places import Spot, place_after, place_of

CONTEXT: Final = 2
"""Rows that stay visible when a page turns."""

Write = Callable[[int, bool, bool, int], Pieces]
"""(number, pointed, marked, width) -> the row."""


class Rows(Lines):
    """The list. `write` makes a row, `empty` the lines that stand there instead when there is none."""

    DEFAULT_CSS = "Rows { height: 1fr; }"

    class Moved(Message):
        """The cursor points to another row, or to none."""

        def __init__(self, rows: Rows) -> None:
            super().__init__()
            self.rows = rows

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Rows.Moved) and message.rows is self.rows

    def __init__(self, write: Write, empty: Callable[[int], list[Pieces]], id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._write = write
        self._empty = empty
        self.numbers: Sequence[int] = ()
        self.marks: set[int] = set()
        self.at = 0
        """The cursor's place; its number is what counts."""
        self.top = 0
        self.active = True
        """Whether it has the focus: the cursor is shown only then."""
        self._cache: dict[tuple[int, bool, bool], Pieces] = {}
        self._cached_width = 0
        self._blank: tuple[int, list[Pieces]] | None = None
        """The width and the lines of an empty list: all are made at once."""
        self._range_from: int | None = None

    # what is where

    @property
    def number(self) -> int | None:
        """The number of the cursor's row."""
        return self.numbers[self.at] if self.numbers else None

    @property
    def spot(self) -> Spot:
        """The cursor's row, its height on the screen, and the marks."""
        return Spot(self.number, self.at - self.top, frozenset(self.marks))

    @property
    def ranging(self) -> bool:
        """Whether a range was begun."""
        return self._range_from is not None

    @property
    def page(self) -> int:
        """Visible rows."""
        return max(1, self.size.height)

    def in_sight(self) -> Sequence[int]:
        """The numbers of the visible rows."""
        return self.numbers[self.top : self.top + self.page]

    def line(self, y: int) -> Pieces:
        place, width = self.top + y, self.size.width
        if place >= len(self.numbers):
            lines = self._blank_lines() if not self.numbers else []
            return filled(list(lines[y]) if y < len(lines) else [], width)
        if width != self._cached_width:  # a paint may come before the news of the new size
            self._cache.clear()
            self._cached_width = width
        number = self.numbers[place]
        key = (number, self.active and place == self.at, number in self.marks or self._in_range(place))
        row = self._cache.get(key)
        if row is None:
            if len(self._cache) > 500:
                self._cache.clear()
            row = self._cache[key] = self._write(number, key[1], key[2], width)
        return row

    def _blank_lines(self) -> list[Pieces]:
        if self._blank is None or self._blank[0] != self.size.width:
            self._blank = self.size.width, self._empty(self.size.width)
        return self._blank[1]

    def on_resize(self) -> None:
        before = self.top
        self.top = max(0, min(self.top, len(self.numbers) - self.page))  # no empty lines below while rows are above
        self._keep_in_sight(repaint=False)
        if self.top != before:
            self.refresh()

    # news

    def show(self, numbers: Sequence[int], changed: set[int] | None) -> None:
        """Takes the rows as they are now; `changed`: those whose text may differ, None for any of them.

        The cursor stays on its row, and the row at its height (but the list at its beginning, where it was there);
        if the row is gone, the cursor is on the next one that is still there.
        """
        before, seen = self.number, list(self.in_sight())
        was_empty, blank, self._blank = not self.numbers, self._blank, None
        height = self.at - self.top
        place = place_after(self.numbers, self.at, numbers)
        self.numbers = numbers
        self.at = place
        at_the_beginning = self.top == 0 and place < self.page
        self.top = 0 if at_the_beginning else max(0, min(place - height, place))
        if self.top + self.page > len(numbers):
            self.top = max(0, min(self.top, len(numbers) - 1)) if len(numbers) > self.page else 0
        self._keep_in_sight(repaint=False)
        if self.marks:
            self.marks &= set(numbers)
        if changed is None:
            self._cache.clear()
        else:
            for key in [key for key in self._cache if key[0] in changed]:
                del self._cache[key]
        if was_empty and not numbers and changed is not None:
            if blank is None or blank[1] != self._blank_lines():
                self.refresh()
        elif was_empty or not numbers or changed is None:
            self.refresh()
        else:
            now = self.in_sight()
            differing = [
                y
                for y in range(max(len(seen), len(now)))
                if y >= len(seen) or y >= len(now) or seen[y] != now[y] or now[y] in changed
            ]
            if (self.number, self.at - self.top) != (before, height):
                differing += [height, self.at - self.top]
            self.repaint_lines(*differing)
        if self.number != before or (changed is None or before in changed):
            self.post_message(self.Moved(self))

    # moving

    def move_to(self, place: int) -> None:
        """Points to the row at `place`, or the nearest there is; turns the page if that is not visible."""
        place = max(0, min(place, len(self.numbers) - 1))
        if place == self.at or not self.numbers:
            return
        before, self.at = self.at, place
        if self._range_from is not None:
            self.refresh()
        if not self._keep_in_sight():
            self.repaint_lines(before - self.top, place - self.top)
        self.post_message(self.Moved(self))

    def move_to_number(self, number: int) -> bool:
        """Points to a row by its number; False if it is not here."""
        place = place_of(self.numbers, number, self.at)
        if place is None:
            return False
        self.move_to(place)
        return True

    def put_back(self, number: int, height: int) -> bool:
        """Points to a row that stands at that height on the screen, as it did at the last exit; False if it is gone."""
        place = place_of(self.numbers, number, 0)
        if place is None:
            return False
        self.at, self.top = place, max(0, place - height)
        self._keep_in_sight(repaint=False)
        self.refresh()
        return True

    def scroll_page(self, rows: int) -> None:
        """Moves the cursor and what is visible by `rows`."""
        top = max(0, min(self.top + rows, max(0, len(self.numbers) - self.page)))
        place = max(0, min(self.at + rows, len(self.numbers) - 1))
        if top == self.top:
            self.move_to(place)
            return
        self.top, self.at = top, place
        self._keep_in_sight(repaint=False)
        self.refresh()
        self.post_message(self.Moved(self))

    def _keep_in_sight(self, repaint: bool = True) -> bool:
        """Turns the page if the cursor is not visible; True if it did."""
        page, before = self.page, self.top
        context = CONTEXT if page > 3 * CONTEXT else 0
        if self.at < self.top:
            self.top = max(0, self.at - page + 1 + context)
        elif self.at >= self.top + page:
            self.top = max(0, min(self.at - context, len(self.numbers) - page))
        if self.top != before and repaint:
            self.refresh()
        return self.top != before

    # marks

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

    def _in_range(self, place: int) -> bool:
        start = self._range_from
        return start is not None and min(start, self.at) <= place <= max(start, self.at)

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

    def activate(self, active: bool) -> None:
        """Shows or hides the cursor."""
        if active != self.active:
            self.active = active
            self.repaint_lines(self.at - self.top)

    def repaint_number(self, number: int) -> None:
        """Writes one row again, if it is visible."""
        for key in [key for key in self._cache if key[0] == number]:
            del self._cache[key]
        self.repaint_lines(*(y for y, other in enumerate(self.in_sight()) if other == number))

    def forget_rows(self) -> None:
        """Forgets every row, so that each is written again when it is painted: another theme, another minute."""
        self._cache.clear()
        self._blank = None
        self.refresh()
