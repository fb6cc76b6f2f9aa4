"""Frames in, text for the terminal out: only the cells that differ, by the shortest way found. No IO.

`Painter.paint` knows what is on the terminal, since it is told of nothing else that writes there. For a frame it tries
up to three ways (cell by cell; a pane of full width scrolled first; the screen cleared first) and takes the shortest.
"""

from __future__ import annotations

from collections import Counter

from commtui.ui.painter.abilities import Abilities
from commtui.ui.painter.cells import Cell, Row
from commtui.ui.painter.pen import Pen
from commtui.ui.painter.styles import Style

# Synchronized output costs 16 bytes; a smaller frame reaches the terminal in one piece anyway.
_WORTH_SYNCHRONIZING = 1024


class Painter:
    """Holds what the terminal shows. `forget` it when something else has written there."""

    def __init__(self, abilities: Abilities, plain: Style) -> None:
        self._abilities, self._plain = abilities, plain
        self._rows: list[Row] | None = None
        self._width = 0
        self._y: int | None = None
        self._x: int | None = None
        self._style: Style | None = None

    def forget(self) -> None:
        self._rows = self._y = self._x = self._style = None

    def paint(self, rows: list[Row], width: int, cursor: tuple[int, int], synchronize: bool = False) -> str:
        """The text that turns the terminal into `rows` (each `width` cells) with the cursor at (y, x)."""
        was = self._rows
        goal = (max(0, min(cursor[0], len(rows) - 1)), max(0, min(cursor[1], width - 1)))
        if was is None or width != self._width or len(was) != len(rows):
            pen = self._pen(width)
            pen.style = pen.y = pen.x = None
            best = self._cleared(pen, rows)
        else:
            changed = [y for y, row in enumerate(rows) if was[y] is not row and was[y] != row]
            if not changed and (self._y, self._x) == goal:
                self._rows = list(rows)
                return ""
            best = self._pen(width)
            best.rows(was, rows, changed)
            if len(changed) > 2 and best.size > 80:
                best = self._scrolled(best, was, rows, changed)
            if len(changed) * 2 > len(rows) and best.size > 400:
                best = min(best, self._cleared(self._pen(width), rows), key=lambda pen: pen.size)
        best.move(*goal)
        self._rows, self._width = list(rows), width
        self._y, self._x, self._style = best.y, best.x, best.style
        text = "".join(best.parts)
        return f"\x1b[?2026h{text}\x1b[?2026l" if synchronize and best.size > _WORTH_SYNCHRONIZING else text

    def _pen(self, width: int) -> Pen:
        return Pen(self._abilities, width, self._y, self._x, self._style)

    def _cleared(self, pen: Pen, rows: list[Row]) -> Pen:
        """The screen cleared, in the background that most rows end in, then what isn't blank."""
        ends = Counter(row[-1] for row in rows if row and pen.erasable(row[-1]))
        cell: Cell = ends.most_common(1)[0][0] if ends else (" ", 1, self._plain, 0)
        pen.clear(cell[2])
        blank = [cell] * pen.width
        pen.rows([blank] * len(rows), rows, [y for y, row in enumerate(rows) if row != blank])
        return pen

    def _scrolled(self, best: Pen, was: list[Row], rows: list[Row], changed: list[int]) -> Pen:
        """The best way with up to two panes scrolled first; `best` itself where that doesn't pay."""
        steps: list[tuple[int, int, int]] = []
        for _ in range(2):
            found = find_scroll(was, rows, changed)
            if found is None:
                break
            steps.append(found)
            was = shifted(was, found, [(" ", 1, self._plain, 0)] * best.width)
            pen = self._pen(best.width)
            for top, bottom, by in steps:
                pen.scroll(top, bottom, by, len(rows), self._plain)
            changed = [y for y, row in enumerate(rows) if was[y] is not row and was[y] != row]
            pen.rows(was, rows, changed)
            if pen.size >= best.size:
                break
            best = pen
        return best


def shifted(rows: list[Row], scroll: tuple[int, int, int], blank: Row) -> list[Row]:
    """The rows after a scroll (top, bottom, by): rows top to bottom moved up by `by`, down where it is negative."""
    top, bottom, by = scroll
    pane = rows[top : bottom + 1]
    fresh = [blank] * abs(by)
    pane = pane[by:] + fresh if by > 0 else fresh + pane[:by]
    return rows[:top] + pane + rows[bottom + 1 :]


def find_scroll(was: list[Row], rows: list[Row], changed: list[int]) -> tuple[int, int, int] | None:
    """The scroll (top, bottom, by) that saves most, by a rough count; None where none does."""
    if len(changed) < 3:
        return None
    lowest, highest = changed[0], changed[-1]
    places: dict[str, list[int]] = {}
    for y in range(lowest, highest + 1):
        text = "".join([cell[0] for cell in was[y]])
        if not text.isspace():
            places.setdefault(text, []).append(y)
    votes: Counter[int] = Counter()
    for y in changed:
        for source in places.get("".join([cell[0] for cell in rows[y]]), ())[:3]:
            if source != y:
                votes[source - y] += 1
    best: tuple[int, tuple[int, int, int] | None] = (0, None)
    for by, count in votes.most_common(2):
        if count > 1:
            best = max(best, _best_region(was, rows, lowest, highest, by), key=lambda pair: pair[0])
    return best[1]


def _best_region(
    was: list[Row], rows: list[Row], lowest: int, highest: int, by: int
) -> tuple[int, tuple[int, int, int]]:
    """Where to set the margins for a scroll by `by`, and about how many bytes that saves."""
    span = range(lowest, highest + 1)
    stay = [_weight(was[y], rows[y]) for y in span]
    move = [_weight(was[y + by], rows[y]) if lowest <= y + by <= highest else 0 for y in span]
    fresh = [_fresh(rows[y]) for y in span]
    size = len(stay)
    far = abs(by)
    sums_stay, sums_move, sums_fresh = _sums(stay), _sums(move), _sums(fresh)
    good = [i for i in range(size) if lowest <= lowest + i + by <= highest and move[i] + 4 < stay[i]]
    if not good:
        return 0, (0, 0, 0)
    first, last = (good[0], good[-1] + far) if by > 0 else (good[0] - far, good[-1])
    best = (0, (0, 0, 0))
    for top in range(max(0, first - 2), min(size, first + 3)):
        for bottom in range(max(top + far, last - 2), min(size, last + 3)):
            if by > 0:
                after = sums_move[bottom - far + 1] - sums_move[top]
                after += sums_fresh[bottom + 1] - sums_fresh[bottom - far + 1]
            else:
                after = sums_move[bottom + 1] - sums_move[top + far] + sums_fresh[top + far] - sums_fresh[top]
            saved = sums_stay[bottom + 1] - sums_stay[top] - after - 14
            if saved > best[0]:
                best = (saved, (lowest + top, lowest + bottom, by))
    return best


def _sums(values: list[int]) -> list[int]:
    sums = [0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums


def _weight(old: Row, new: Row) -> int:
    """About how many bytes it takes to turn one row into the other."""
    if old is new:
        return 0
    last, weight = -9, 0
    for x, (one, other) in enumerate(zip(old, new, strict=True)):
        if one is not other and one != other:
            weight += 1 if x - last < 4 else 9
            last = x
    return weight


def _fresh(row: Row) -> int:
    """About how many bytes it takes to write the row where nothing stands."""
    return sum([cell[0] != " " for cell in row]) + 12
