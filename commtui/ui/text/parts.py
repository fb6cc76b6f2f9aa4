"""A long text in parts whose lines are made when they come in sight: a thread of 5,000 costs what one page costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from commtui.ui.text.rows import Pieces

MADE: Final = 500
"""Parts whose lines are remembered."""
INNER: Final = "\n"
"""Stands between the key of a part and what tells the parts of it apart."""


class Part(NamedTuple):
    """A part of a text. `make` returns its lines, or the parts of which it consists: these return lines."""

    key: str
    """Names it among the others, also after the text has changed. Those of which it consists add INNER and a word."""
    make: Callable[[], list[Pieces] | tuple[Part, ...]]


class Place(NamedTuple):
    """A line: the number of its part, and its own number in it."""

    part: int
    line: int


class PartedText:
    """The parts, and which line is at the top. `height`: how many lines are visible."""

    def __init__(self, parts: Sequence[Part] = ()) -> None:
        self._parts = list(parts)
        self._made: dict[str, list[Pieces]] = {}
        self._top = Place(0, 0)

    def _lines(self, number: int) -> list[Pieces]:
        """The lines of a part; first it is replaced by the parts of which it consists. The top stays on its line."""
        key, make = self._parts[number]
        lines = self._made.get(key)
        if lines is None:
            made = make()
            if isinstance(made, tuple):
                self._parts[number : number + 1] = made
                if self._top.part > number:
                    self._top = Place(self._top.part + len(made) - 1, self._top.line)
                return self._lines(number)
            if len(self._made) >= MADE:
                self._made.clear()
            lines = self._made[key] = made
        return lines

    def visible(self, height: int) -> list[Pieces]:
        """The lines from the top on, at most `height`."""
        number, first = self._top
        lines: list[Pieces] = []
        while number < len(self._parts) and len(lines) < height:
            lines += self._lines(number)[first : first + height - len(lines)]
            number, first = number + 1, 0
        return lines

    # moving

    def _above(self, place: Place, lines: int) -> Place:
        """The place so many lines above, or the first there is."""
        number, line = place
        while line < lines and number > 0:
            lines -= line
            count = len(self._parts)
            self._lines(number - 1)
            number += len(self._parts) - count - 1
            line = len(self._lines(number))
        return Place(number, max(0, line - lines))

    def _end(self, height: int) -> Place:
        """The top with which the last line is the last visible one."""
        return self._above(Place(len(self._parts), 0), height)

    def to_start(self) -> None:
        """Shows the first lines."""
        self._top = Place(0, 0)

    def to_end(self, height: int) -> None:
        """Shows the last lines."""
        self._top = self._end(height)

    def at_end(self, height: int) -> bool:
        """Whether the last line is visible."""
        end = self._end(height)
        return self._top >= end

    def move(self, lines: int, height: int) -> bool:
        """Moves what is visible down by some lines, or up where they are below zero. False: it was there already."""
        before = self._top
        if lines < 0:
            self._top = self._above(before, -lines)
            return self._top != before
        number, line = before
        while number < len(self._parts):
            left = len(self._lines(number)) - line
            if lines < left:
                line += lines
                break
            lines, number, line = lines - left, number + 1, 0
        end = self._end(height)
        self._top = min(Place(number, line), end)
        return self._top != before

    def replace(self, parts: Sequence[Part], height: int) -> None:
        """Takes the text as it is now. The top stays on its line, or near it where that is gone."""
        number, line = self._top
        key = self._parts[number].key if number < len(self._parts) else ""
        self._parts, self._made, self._top = list(parts), {}, Place(0, 0)
        found = self._number_of(key)
        outer = None if found is not None else self._number_of(key.partition(INNER)[0])
        if outer is not None:
            self._lines(outer)
            found = self._number_of(key)
        number = next((place for place in (found, outer) if place is not None), min(number, len(self._parts)))
        if number < len(self._parts):
            self._top = Place(number, min(line, max(0, len(self._lines(number)) - 1)))
        end = self._end(height)
        self._top = min(self._top, end) if number < len(self._parts) else end

    def _number_of(self, key: str) -> int | None:
        return next((number for number, part in enumerate(self._parts) if part.key == key), None)
