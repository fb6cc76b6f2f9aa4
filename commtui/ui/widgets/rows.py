"""A list that holds only numbers and asks for a row when it is painted: 100,000 rows cost what 20 cost.

Rows are known by number (the doc_id of a record), never by place: an arrival moves neither the cursor nor what is seen.
Scrolling goes by pages with a line or two of context: over SSH a page costs once what scrolling costs at each step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from textual.message import Message

from commtui.ui.text.rows import Pieces, filled, whole
from commtui.ui.widgets import tops
from commtui.ui.widgets.arrivals import Arrivals
from commtui.ui.widgets.lines import Lines
from commtui.ui.widgets.pace import Pace
from commtui.ui.widgets.places import place_after, place_of

HIDDEN_LEAST: Final = {True: 5, False: 2}
"""Lines from which on the last one says how many rows are not visible: with the focus, and without it."""

Write = Callable[[int, bool, bool, int], Pieces]
"""(number, pointed, marked, width) -> the row."""


class Rows(Lines):
    """The list. `write` makes a row, `empty` the lines that stand there instead when there is none; `hidden` says how
    many rows are further up and further down, and how many of them are new."""

    DEFAULT_CSS = "Rows { height: 1fr; }"

    class Moved(Message):
        """The cursor points to another row, or to none."""

        def __init__(self, rows: Rows) -> None:
            super().__init__()
            self.rows = rows

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Rows.Moved) and message.rows is self.rows

    def __init__(
        self,
        write: Write,
        empty: Callable[[int], list[Pieces]],
        hidden: Callable[[int, int, int, bool], str] | None = None,
    ) -> None:
        super().__init__()
        self._write = write
        self._empty = empty
        self._hidden = hidden
        self._arrivals = Arrivals()
        self._said_hidden = ""
        self._pace = Pace(self, self._has_paused)
        self.numbers: Sequence[int] = ()
        self.at = 0
        """The cursor's place; its number is what counts."""
        self.top = 0
        self.height = 0
        """The line of the list in which the cursor's row stands where there is room: while there is less it is kept."""
        self.active = True
        """Whether it has the focus: the cursor is shown only then."""
        self._cache: dict[tuple[int, bool, bool], Pieces] = {}
        self._cached_width = 0
        self._blank: tuple[int, list[Pieces]] | None = None
        """The width and the lines of an empty list: all are made at once."""
        self._rested: int | None = None
        """The row on which the cursor rests: all of it has the cursor's colour. At each quick step the whole row would
        cost 150 bytes, its head costs 80."""

    # what is where

    @property
    def number(self) -> int | None:
        """The number of the cursor's row."""
        return self.numbers[self.at] if self.numbers else None

    @property
    def ranging(self) -> bool:
        """Whether a range of marks was begun: each step of the cursor changes what is marked."""
        return False

    def is_marked(self, place: int) -> bool:
        """Whether the row at a place is marked."""
        return False

    @property
    def page(self) -> int:
        """Rows that have room."""
        height = self.size.height
        says_hidden = self._hidden and height >= HIDDEN_LEAST[self.active] and len(self.numbers) > height
        return max(1, height - 1 if says_hidden else height)

    def in_sight(self) -> Sequence[int]:
        """The numbers of the visible rows."""
        return self.numbers[self.top : self.top + self.page]

    def place_at(self, y: int) -> int | None:
        """The place of the row in line `y` of the list; None: no row stands there."""
        place = self.top + y
        return place if 0 <= y < self.page and place < len(self.numbers) else None

    def line(self, y: int) -> Pieces:
        place, width = self.top + y, self.size.width
        if y >= self.page:
            return filled([("plain", f"{self._said_hidden:>{width}}")], width)
        if place >= len(self.numbers):
            lines = self._blank_lines() if not self.numbers else []
            return filled(list(lines[y]) if y < len(lines) else [], width)
        if width != self._cached_width:  # a paint may come before the news of the new size
            self._cache.clear()
            self._cached_width = width
        number = self.numbers[place]
        key = (number, self.active and place == self.at, self.is_marked(place))
        row = self._cache.get(key)
        if row is None:
            if len(self._cache) > 500:
                self._cache.clear()
            row = self._cache[key] = self._write(number, key[1], key[2], width)
        return whole(row) if key[1] and number == self._rested else row

    @property
    def lines_wanted(self) -> int:
        """The lines with which it could show all that it has."""
        return len(self.numbers) or len(self._blank_lines())

    def _blank_lines(self) -> list[Pieces]:
        if self._blank is None or self._blank[0] != self.size.width:
            self._blank = self.size.width, self._empty(self.size.width)
        return self._blank[1]

    def placed(self) -> None:
        """Shows the rows that have room now."""
        before = self.top
        self.top = tops.after_resize(before, self.at, self.page, len(self.numbers), self.height, follows=self.active)
        if self.top != before:
            self.refresh()
        self._say_hidden()

    def _has_moved(self) -> None:
        """Tells that the cursor is on another row."""
        self._wait_for_rest()
        self.post_message(self.Moved(self))

    def _wait_for_rest(self) -> None:
        """Gives the cursor's row its colour."""
        self._rested = None if self._pace.step() else self.number

    def _has_paused(self) -> None:
        self._rested = self.number
        self.repaint_lines(self.at - self.top)

    def _say_hidden(self) -> None:
        """Says how many rows are not visible; paints that line if it differs."""
        page = self.page
        self._arrivals.see(self.in_sight())
        below = max(0, len(self.numbers) - self.top - page)
        said = ""
        if self._hidden and page < self.size.height and (self.top or below):
            said = self._hidden(self.top, below, self._arrivals.unseen, self.active)
        if said != self._said_hidden:
            self._said_hidden = said
            self.repaint_lines(page)

    # news

    def show(self, numbers: Sequence[int], changed: set[int] | None) -> None:
        """Takes the rows as they are now; `changed`: those whose text may differ, None for any of them.

        The cursor stays on its row, and the row at its height (but the list at its beginning, where it was there);
        if the row is gone, the cursor is on the next one that is still there.
        """
        before, seen = self.number, list(self.in_sight())
        was_empty, blank, self._blank = not self.numbers, self._blank, None
        height, place = self.at - self.top, place_after(self.numbers, self.at, numbers)
        at, self.numbers, self.at = self.at, numbers, place
        self.top = tops.after_news(at, place, self.page, len(numbers), self.height)
        if self.height < self.page:
            self.height = self.at - self.top
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
        self._arrivals.follow(numbers, changed)
        self._say_hidden()
        if self.number != before:
            self._has_moved()
            self._rested = self.number if before is None else None  # what a verb changed costs enough
        elif changed is None or before in changed:
            self.post_message(self.Moved(self))

    # moving

    def move_to(self, place: int) -> None:
        """Points to the row at `place`, or the nearest there is; turns the page if that is not visible."""
        place = max(0, min(place, len(self.numbers) - 1))
        if place == self.at or not self.numbers:
            return
        was_squeezed = tops.is_squeezed(self.top, self.at, self.page, self.height)
        before, self.at = self.at, place
        if self.ranging:
            self.refresh()
        if not self._keep_in_sight():
            self.repaint_lines(before - self.top, place - self.top)
        self.height = max(0, self.height + place - before) if was_squeezed else place - self.top
        self._has_moved()

    def move_to_number(self, number: int) -> bool:
        """Points to a row by its number; False if it is not here."""
        place = place_of(self.numbers, number, self.at)
        if place is None:
            return False
        self.move_to(place)
        return True

    def put_back(self, number: int, height: int) -> bool:
        """Points to a row that stands at that height on the screen, as it did before, or nearer to the end where lines
        would be empty; False if it is gone."""
        place = place_of(self.numbers, number, self.at)
        if place is None:
            return False
        self._show_from(place - height, place)
        return True

    def put_first(self) -> None:
        """Points to the first row."""
        self._show_from(0, 0)

    def _show_from(self, top: int, place: int) -> None:
        """Points to the row at `place`, and shows the rows from `top` on; no line is empty while rows are above."""
        before = self.number
        self.at, self.top = place, max(0, min(top, len(self.numbers) - self.page))
        self.height = place - self.top
        self._keep_in_sight(repaint=False)
        self._say_hidden()
        self.refresh()
        if self.number != before:
            self._has_moved()

    def scroll_page(self, rows: int) -> None:
        """Moves the cursor and what is visible by `rows`."""
        top = max(0, min(self.top + rows, max(0, len(self.numbers) - self.page)))
        place = max(0, min(self.at + rows, len(self.numbers) - 1))
        if top == self.top:
            self.move_to(place)
        else:
            self._show_from(top, place)

    def _keep_in_sight(self, repaint: bool = True) -> bool:
        """Turns the page if the cursor is not visible; True if it did."""
        before = self.top
        self.top = tops.in_sight(before, self.at, self.page, len(self.numbers))
        if self.top != before:
            if repaint:
                self.refresh()
            self._say_hidden()
        return self.top != before

    def activate(self, active: bool) -> None:
        """Shows or hides the cursor."""
        if active != self.active:
            self.active = active
            self._wait_for_rest()
            if not active or not self._keep_in_sight():
                self.repaint_lines(self.at - self.top, self.size.height - 2, self.size.height - 1)
            self._say_hidden()

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
