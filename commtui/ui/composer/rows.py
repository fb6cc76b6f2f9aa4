"""The lines of a text as rows of a column. A change wraps again only what stands behind it in its line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from commtui.ui.composer.buffer import Position
from commtui.ui.composer.wrapping import cells_before, index_at, row_starts


class Row(NamedTuple):
    """The part of a line from `start` to `end`."""

    line: int
    start: int
    end: int


class WrappedText:
    """`rows` are those of the lines that `update` was given last."""

    def __init__(self) -> None:
        self.width = 0
        self.rows: list[Row] = [Row(0, 0, 0)]
        self._lines: list[str] = []
        self._starts: list[list[int]] = []
        self._first: list[int] = [0]

    def update(self, lines: Sequence[str], width: int) -> None:
        """Wraps the lines in rows of `width` cells."""
        if width != self.width:
            self.width = width
            self._lines, self._starts = [], []
        same = _shared(lines, self._lines)
        ending = _shared(lines[same:][::-1], self._lines[same:][::-1])
        old_end, new_end = len(self._lines) - ending, len(lines) - ending
        changed = [
            self._wrapped(text, place if place < old_end else None)
            for place, text in enumerate(lines[same:new_end], same)
        ]
        self._starts[same:old_end] = changed
        self._lines = list(lines)
        self.rows, self._first = [], []
        for number, (text, starts) in enumerate(zip(self._lines, self._starts, strict=True)):
            self._first.append(len(self.rows))
            self.rows += [Row(number, start, end) for start, end in pairwise([*starts, len(text)])]

    def _wrapped(self, text: str, before: int | None) -> list[int]:
        """Where the rows of a line begin; `before`: the line that stood there, whose rows may serve in part."""
        if before is None:
            return row_starts(text, self.width)
        starts = self._starts[before]
        # a word of the changed row may now fit into the row above: that one is wrapped again, too
        row = bisect_right(starts, _shared(text, self._lines[before])) - 2
        return [*starts[: max(0, row)], *row_starts(text, self.width, starts[max(0, row)])]

    def place_of(self, position: Position) -> tuple[int, int]:
        """The row and the cell in it at which a position stands."""
        line = min(position.line, len(self._starts) - 1)
        starts = self._starts[line]
        row = bisect_right(starts, position.column) - 1
        cell = cells_before(self._lines[line][starts[row] :], position.column - starts[row])
        return self._first[line] + row, min(cell, self.width)

    def position_at(self, row: int, cell: int) -> Position:
        """The position at a cell of a row: in a row that goes on below, at most before its last character."""
        number = min(max(0, row), len(self.rows) - 1)
        line, start, end = self.rows[number]
        text = self._lines[line][start:end]
        index = index_at(text, cell)
        goes_on = number + 1 < len(self.rows) and self.rows[number + 1].line == line
        if goes_on and index == len(text):
            index = max(0, index - 1)
        return Position(line, start + index)

    def text_of(self, row: Row) -> str:
        """What stands in a row."""
        return self._lines[row.line][row.start : row.end]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many elements both begin with."""
    pairs = zip(one, other, strict=False)
    return next((number for number, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
