"""A text that is being edited: its lines, the cursor, what is selected, and what undo takes back. No screen in here."""

from __future__ import annotations

import re
from typing import NamedTuple

from commtui.ui.composer.wrapping import next_index, previous_index
from commtui.ui.painter.cells import clusters

UNDO_STEPS = 500
"""Changes that undo remembers; the oldest are dropped."""
_WORD_BEFORE = re.compile(r"(?:\w+|[^\w\s]+|^)\s*$")
_WORD_AFTER = re.compile(r"\s*(?:\w+|[^\w\s]+|$)")


class Position(NamedTuple):
    """A place between two characters: the line, and the characters before it there."""

    line: int
    column: int


class Change(NamedTuple):
    """`removed`, which began at `start`, was replaced with `inserted`; the cursor stood at `cursor` before."""

    start: Position
    removed: str
    inserted: str
    cursor: Position


class TextBuffer:
    """`lines` have no line ends; there is always one. The cursor is one end of what is selected."""

    def __init__(self, text: str = "") -> None:
        self.lines: list[str] = []
        self.cursor = Position(0, 0)
        self.anchor: Position | None = None
        """The other end of what is selected; None where nothing is."""
        self._undo: list[Change] = []
        self._redo: list[Change] = []
        self._joins = False
        self.load(text)

    def load(self, text: str) -> None:
        """Takes another text; the cursor stands at its end, and undo forgets the one before."""
        self.lines = text.split("\n")
        self.cursor, self.anchor = self.end, None
        self._undo.clear()
        self._redo.clear()
        self._joins = False

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(self.lines)

    @property
    def end(self) -> Position:
        """The place behind the last character."""
        return Position(len(self.lines) - 1, len(self.lines[-1]))

    @property
    def selection(self) -> tuple[Position, Position]:
        """Both ends of what is selected, the first one first; the cursor twice where nothing is."""
        anchor = self.cursor if self.anchor is None else self.anchor
        return min(anchor, self.cursor), max(anchor, self.cursor)

    @property
    def selected(self) -> str:
        """The selected text."""
        return self.between(*self.selection)

    def between(self, start: Position, end: Position) -> str:
        """The text from one place to another."""
        if start.line == end.line:
            return self.lines[start.line][start.column : end.column]
        first, *middle = self.lines[start.line : end.line]
        return "\n".join([first[start.column :], *middle, self.lines[end.line][: end.column]])

    # changes

    def insert(self, text: str, typed: bool = False) -> None:
        """Replaces what is selected. Undo takes letters that were `typed` one after another back together."""
        start, end = self.selection
        cursor, joins = self.cursor, self._joins
        removed = self._replace(start, end, text)
        last = self._undo[-1] if self._undo else None
        if typed and joins and last and not removed and not text.isspace():
            self._undo[-1] = last._replace(inserted=last.inserted + text)
        else:
            self._remember(Change(start, removed, text, cursor))
        self._redo.clear()
        self._joins = typed and text != "\n"

    def delete(self, start: Position, end: Position) -> str:
        """Takes a part away and returns it."""
        if start == end:
            return ""
        cursor = self.cursor
        removed = self._replace(start, end, "")
        self._remember(Change(start, removed, "", cursor))
        self._redo.clear()
        self._joins = False
        return removed

    def delete_selected(self) -> str:
        """Takes away and returns what is selected."""
        return self.delete(*self.selection)

    def delete_back(self) -> None:
        """Deletes what is selected, else what stands before the cursor: an emoji whole, of a letter its last mark."""
        if self.anchor is not None and self.selected:
            self.delete_selected()
            return
        line, index = self.cursor
        before = self.lines[line][:index]
        if before:
            cluster, cells = clusters(before)[-1]
            index -= len(cluster) if cells == 2 else 1
            self.delete(Position(line, index), self.cursor)
        elif line:
            self.delete(Position(line - 1, len(self.lines[line - 1])), self.cursor)

    def delete_to(self, place: Position) -> None:
        """Deletes what is selected, else all between the cursor and a place."""
        if self.anchor is not None and self.selected:
            self.delete_selected()
        else:
            self.delete(min(place, self.cursor), max(place, self.cursor))

    def undo(self) -> bool:
        """Takes the last change back; False if there is none."""
        if not self._undo:
            return False
        change = self._undo.pop()
        self._replace(change.start, _behind(change.start, change.inserted), change.removed)
        self.cursor, self.anchor, self._joins = change.cursor, None, False
        self._redo.append(change)
        return True

    def redo(self) -> bool:
        """Makes the change that undo took back; False if there is none."""
        if not self._redo:
            return False
        change = self._redo.pop()
        self._replace(change.start, _behind(change.start, change.removed), change.inserted)
        self._remember(change)
        self._joins = False
        return True

    def _remember(self, change: Change) -> None:
        self._undo.append(change)
        del self._undo[:-UNDO_STEPS]

    def _replace(self, start: Position, end: Position, text: str) -> str:
        """Puts a text in place of another and the cursor behind it; the other one."""
        removed = self.between(start, end)
        before, after = self.lines[start.line][: start.column], self.lines[end.line][end.column :]
        self.lines[start.line : end.line + 1] = (before + text + after).split("\n")
        self.cursor, self.anchor = _behind(start, text), None
        return removed

    # places, and moves of the cursor

    def move(self, place: Position, select: bool = False) -> None:
        """Puts the cursor there; with `select`, all between where it stood first and there is selected."""
        if select and self.anchor is None:
            self.anchor = self.cursor
        elif not select:
            self.anchor = None
        line = min(max(0, place.line), len(self.lines) - 1)
        self.cursor = Position(line, min(max(0, place.column), len(self.lines[line])))
        self._joins = False

    def left(self) -> Position:
        """One character back."""
        line, index = self.cursor
        if index:
            return Position(line, previous_index(self.lines[line], index))
        return Position(line - 1, len(self.lines[line - 1])) if line else self.cursor

    def right(self) -> Position:
        """One character on."""
        line, index = self.cursor
        if index < len(self.lines[line]):
            return Position(line, next_index(self.lines[line], index))
        return Position(line + 1, 0) if line + 1 < len(self.lines) else self.cursor

    def word_left(self) -> Position:
        """The start of the word before, or the end of the line before."""
        line, index = self.cursor
        if not index:
            return self.left()
        match = _WORD_BEFORE.search(self.lines[line][:index])
        return Position(line, match.start() if match else 0)

    def word_right(self) -> Position:
        """The end of the next word, or the start of the next line."""
        line, index = self.cursor
        if index == len(self.lines[line]):
            return self.right()
        match = _WORD_AFTER.match(self.lines[line], index)
        return Position(line, match.end() if match else len(self.lines[line]))

    def line_start(self) -> Position:
        """The start of the line, which may be rows above."""
        return Position(self.cursor.line, 0)

    def line_end(self) -> Position:
        """The end of the line, which may be rows below."""
        return Position(self.cursor.line, len(self.lines[self.cursor.line]))


def _behind(start: Position, text: str) -> Position:
    """The place behind a text that begins at `start`."""
    lines = text.count("\n")
    last = len(text) - (text.rfind("\n") + 1)
    return Position(start.line + lines, last if lines else start.column + last)
