"""Frames in, text for the terminal out: only the cells that differ, by the shortest way found. No IO.

`Painter.paint` knows what the terminal shows, as long as nothing else writes there (see `forget`). For a frame it tries
up to three ways (cell by cell; a pane of full width scrolled first; the screen cleared first) and takes the shortest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import accumulate
from operator import is_not
from typing import TypeVar

from msgspec import Struct

from commtui.ui.painter.abilities import Abilities
from commtui.ui.painter.cells import Cell, Row
from commtui.ui.painter.pen import Pen
from commtui.ui.painter.styles import Style

Key = TypeVar("Key", int, str)

# Synchronized output costs 16 bytes; a smaller frame reaches the terminal in one piece anyway.
_WORTH_SYNCHRONIZING = 1024
_SAMPLE = 5
# Of every row one cell in so many is looked at to find the background of most blanks.
_BLANKS_APART = 7
# From so many bytes on, a scroll's rough count is believed without a trial of the way without it.
_SURE = 100
# The rough count can be as far off: a scroll that seems to cost so little more is tried, too. Of a frame that costs as
# much as _LARGE, that is a few bytes in a hundred, and a trial takes as long as the paint.
_HOPELESS = -60
_LARGE = 400
UNKNOWN = "\0"
"""The text of a cell of which nothing is known: it equals no other."""


class Painter:
    """Holds what the terminal shows. `forget` it when something else has written there."""

    def __init__(self, abilities: Abilities, plain: Style) -> None:
        self._abilities, self._plain = abilities, plain
        self._rows: list[Row] | None = None
        self._width = 0
        self._y: int | None = None
        self._x: int | None = None
        self._style: Style | None = None
        self._shows_cursor = False

    def forget(self) -> None:
        self._rows = self._y = self._x = self._style = None
        self._shows_cursor = False

    def cursor_hidden(self) -> None:
        """The terminal's cursor was hidden by something else than `paint`."""
        self._shows_cursor = False

    def paint(
        self,
        rows: list[Row],
        width: int,
        cursor: tuple[int, int] | None = None,
        synchronize: bool = False,
        shown: bool = False,
    ) -> str:
        """The text that turns the terminal into `rows` (each `width` cells) with the cursor at (y, x), hidden or
        `shown`. None: it may stand anywhere."""
        was = self._rows
        goal = cursor and (max(0, min(cursor[0], len(rows) - 1)), max(0, min(cursor[1], width - 1)))
        if was is None or width != self._width or len(was) != len(rows):
            pen = self._pen(width)
            pen.style = pen.y = pen.x = None
            best = self._cleared(pen, rows)
        else:
            changed = _changed(was, rows)
            if not changed and self._shows_cursor is shown and goal in (None, (self._y, self._x)):
                self._rows = list(rows)
                return ""
            best = self._best(was, rows, width, changed)
        if goal:
            best.move(*goal)
        if self._shows_cursor is not shown:
            self._shows_cursor = shown
            best.parts.append("\x1b[?25h" if shown else "\x1b[?25l")
        self._rows, self._width = list(rows), width
        self._y, self._x, self._style = best.y, best.x, best.style
        text = "".join(best.parts)
        return f"\x1b[?2026h{text}\x1b[?2026l" if synchronize and best.size > _WORTH_SYNCHRONIZING else text

    def _pen(self, width: int) -> Pen:
        return Pen(self._abilities, width, self._y, self._x, self._style)

    def _cleared(self, pen: Pen, rows: list[Row]) -> Pen:
        """The screen cleared, in the background that most blanks have, then what isn't blank."""
        blanks = Counter(cell for row in rows for cell in row[::-_BLANKS_APART] if pen.erasable(cell))
        cell: Cell = blanks.most_common(1)[0][0] if blanks else (" ", 1, self._plain, 0)
        pen.clear(cell[2])
        blank = [cell] * pen.width
        return self._written(pen, [blank] * len(rows), rows, [y for y, row in enumerate(rows) if row != blank])

    def _best(self, was: list[Row], rows: list[Row], width: int, changed: list[int]) -> Pen:
        """The shortest of the ways that look promising; a rough count saves trying those that don't."""
        ways: list[Pen] = []
        scroll = find_scroll(was, rows, changed) if len(changed) > 2 else None
        if scroll:
            ways.append(self._scrolled(was, rows, width, scroll))
        if not scroll or scroll.saved < _SURE:
            plain = self._written(self._pen(width), was, rows, changed)
            ways.append(plain)
            if len(changed) * 2 > len(rows) and plain.size > 400:
                blank = [(" ", 1, self._plain, 0)] * width
                least = sum(min(fresh(row), _weight(blank, row)) for row in rows)
                if least < sum(_weight(was[y], rows[y]) for y in changed):
                    ways.append(self._cleared(self._pen(width), rows))
        return min(ways, key=lambda pen: pen.size) if len(ways) > 1 else ways[0]

    def _scrolled(self, was: list[Row], rows: list[Row], width: int, scroll: Scroll) -> Pen:
        """With one pane scrolled first, or two."""
        pen = self._pen(width)
        was = self._shifted(pen, was, rows, scroll)
        changed = _changed(was, rows)
        second = find_scroll(was, rows, changed)
        if second and second.saved > 40:
            was = self._shifted(pen, was, rows, second)
            changed = _changed(was, rows)
        return self._written(pen, was, rows, changed)

    def _shifted(self, pen: Pen, was: list[Row], rows: list[Row], scroll: Scroll) -> list[Row]:
        """Scrolls; the rows as they are then. What comes in has the pen's background, but not on every terminal: it is
        written whole, unless the terminal's own background is wanted there."""
        coming = rows[scroll.bottom if scroll.by > 0 else scroll.top][-1]
        plain = self._plain if coming[2].background is None else None
        pen.scroll(scroll.top, scroll.bottom, scroll.by, len(rows), plain)
        cell: Cell = (" " if plain else UNKNOWN, 1, self._plain, 0)
        return shifted(was, scroll, [cell] * pen.width)

    def _written(self, pen: Pen, was: list[Row], rows: list[Row], changed: list[int]) -> Pen:
        """The changed rows written row by row, or style by style where that is shorter for the first few of them."""
        if len(changed) >= _SAMPLE:
            by_row, by_style, sample = pen.copy(), pen.copy(), changed[1:_SAMPLE]
            by_row.rows(was, rows, sample)
            if by_style.columns(was, rows, sample) and by_style.size < by_row.size and pen.columns(was, rows, changed):
                return pen
        pen.rows(was, rows, changed)
        return pen


class Scroll(Struct, frozen=True):
    """Rows top to bottom move up by `by`, down where it is negative. `cost`: about the bytes that the changed rows take
    without it; `saved`: how many of them it saves."""

    top: int
    bottom: int
    by: int
    saved: int
    cost: int


def shifted(rows: list[Row], scroll: Scroll, blank: Row) -> list[Row]:
    """The rows after a scroll; what comes in is blank."""
    pane, by = rows[scroll.top : scroll.bottom + 1], scroll.by
    new = [blank] * abs(by)
    pane = pane[by:] + new if by > 0 else new + pane[:by]
    return rows[: scroll.top] + pane + rows[scroll.bottom + 1 :]


def find_scroll(was: list[Row], rows: list[Row], changed: list[int]) -> Scroll | None:
    """The scroll that saves most, by a rough count; None where none does."""
    if len(changed) < 3:
        return None
    lowest, highest = changed[0], changed[-1]
    span = range(lowest, highest + 1)
    votes = _votes({id(was[y]): [y] for y in span}, [(y, id(rows[y])) for y in changed])
    if not votes or max(votes.values()) * 4 < len(changed):
        places: dict[str, list[int]] = {}
        for y in span:
            text = "".join([cell[0] for cell in was[y]])
            if not text.isspace():
                places.setdefault(text, []).append(y)
        votes = _votes(places, [(y, "".join([cell[0] for cell in rows[y]])) for y in changed])
    best: Scroll | None = None
    stay = [_weight(was[y], rows[y]) for y in span] if votes else []
    for by, count in votes.most_common(2):
        if count:
            scroll = _best_region(was, rows, stay, lowest, by)
            if scroll and (best is None or scroll.saved > best.saved):
                best = scroll
    return best


def _votes(places: Mapping[Key, list[int]], goals: list[tuple[int, Key]]) -> Counter[int]:
    """How many of the rows wanted stand how far below."""
    votes: Counter[int] = Counter()
    for y, key in goals:
        for source in places.get(key, ())[:3]:
            if source != y:
                votes[source - y] += 1
    return votes


def _best_region(was: list[Row], rows: list[Row], stay: list[int], lowest: int, by: int) -> Scroll | None:
    """Where to set the margins for a scroll by `by`. `stay`: the weight of each row, from `lowest` on, without it."""
    size, far = len(stay), abs(by)
    move = [_weight(was[lowest + i + by], rows[lowest + i]) if 0 <= i + by < size else 0 for i in range(size)]
    good = [i for i in range(size) if 0 <= i + by < size and move[i] + 4 < stay[i]]
    if not good:
        return None
    new = [fresh(rows[lowest + i]) for i in range(size)]
    sums_stay, sums_move, sums_new = _sums(stay), _sums(move), _sums(new)
    first, last = (good[0], good[-1] + far) if by > 0 else (good[0] - far, good[-1])
    best: Scroll | None = None
    least = _HOPELESS if sums_stay[-1] < _LARGE else 0
    for top in range(max(0, first - 2), min(size, first + 3)):
        for bottom in range(max(top + far, last - 2), min(size, last + 3)):
            if by > 0:
                after = sums_move[bottom - far + 1] - sums_move[top] + sums_new[bottom + 1] - sums_new[bottom - far + 1]
            else:
                after = sums_move[bottom + 1] - sums_move[top + far] + sums_new[top + far] - sums_new[top]
            saved = sums_stay[bottom + 1] - sums_stay[top] - after - 14
            if saved > (best.saved if best else least):
                best = Scroll(lowest + top, lowest + bottom, by, saved, sums_stay[-1])
    return best


def _changed(was: list[Row], rows: list[Row]) -> list[int]:
    return [y for y, row in enumerate(rows) if was[y] is not row and was[y] != row]


def _sums(values: list[int]) -> list[int]:
    return [0, *accumulate(values)]


def _weight(old: Row, new: Row) -> int:
    """About how many bytes it takes to turn one row into the other."""
    if old is new:
        return 0
    cells = sum(map(is_not, old, new))
    return cells + 6 if cells else 0


def fresh(row: Row) -> int:
    """About how many bytes it takes to write the row where nothing stands."""
    return len(row) - [cell[0] for cell in row].count(" ") + 12
