"""A text to be edited. The cursor is the terminal's own: a letter typed at a line's end is one byte over SSH."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.geometry import Offset, Region, Size
from textual.strip import Strip

from commtui.model.text import clean
from commtui.ui.composer.buffer import Position, TextBuffer
from commtui.ui.composer.rows import Row, WrappedText
from commtui.ui.composer.wrapping import painted
from commtui.ui.terminal.key_text import typed
from commtui.ui.text.cells import TEXT_MOST
from commtui.ui.text.rows import Pieces, filled
from commtui.ui.widgets.lines import Lines

INDENT = 4
"""Columns from one tab stop to the next; tab fills up with spaces."""


class TextBox(Lines, can_focus=True):
    """Calls `changed()` after every change of the text. A key that it has no use for is its parent's."""

    has_room = True
    DEFAULT_CSS = "TextBox { height: 1fr; }"

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed
        self.buffer = TextBuffer()
        self.top = 0
        """The first row in sight."""
        self.shows_cursor = False
        self.shows_end = False
        """Whether the end of the text is to be in sight rather than the cursor."""
        self._wrapped = WrappedText()
        self._shown: list[Pieces] = []
        self._laid_out_for = Size(0, 0)
        self._column: int | None = None
        """The cell that up and down go for, while they follow one another."""
        self._cut = ""

    # the text

    @property
    def text(self) -> str:
        """The whole text."""
        return self.buffer.text

    @text.setter
    def text(self, text: str) -> None:
        self.buffer.load(text)
        self.follow()
        self._changed()

    def load(self, text: str) -> None:
        """Takes another text without a word to anybody; the cursor stands at its end."""
        self.buffer.load(text)
        self.top, self._column = 0, None
        self.follow()

    def insert(self, text: str) -> None:
        """Puts a text where the cursor is, in place of what is selected."""
        self.buffer.insert(text)
        self._after_change()

    def move(self, place: Position, select: bool = False) -> None:
        """Puts the cursor there."""
        self.buffer.move(place, select)
        self._column = None
        self.follow()

    # what is painted

    def follow(self) -> None:
        """Wraps, scrolls so that the cursor is in sight, and paints the rows that differ."""
        before = self._shown
        self._lay_out()
        if before is self._shown:
            return
        cursor = self._wrapped.place_of(self.buffer.cursor)[0] - self.top
        differing = {y for y, pieces in enumerate(self._shown) if before[y : y + 1] != [pieces]}
        self.repaint_lines(*differing, cursor)

    def _lay_out(self) -> None:
        width, height = self.size
        if not height:
            self._laid_out_for = self.size  # hidden: it is laid out when it is shown again
            return
        # a margin on each side, the right one for the cursor behind a full row
        self._wrapped.update(self.buffer.lines, max(1, min(width, TEXT_MOST) - 2))
        row, _ = self._wrapped.place_of(self.buffer.end if self.shows_end else self.buffer.cursor)
        self.top = max(row - height + 1, min(self.top, row, max(0, len(self._wrapped.rows) - height)))
        self._shown = [self._line(y) for y in range(height)]
        self._laid_out_for = self.size

    def _line(self, y: int) -> Pieces:
        place = self.top + y
        if place >= len(self._wrapped.rows):
            return ()
        row = self._wrapped.rows[place]
        text = self._wrapped.text_of(row)
        start, end = self.buffer.selection
        if start == end or not start.line <= row.line <= end.line:
            return (("plain", f" {painted(text)}"),)
        first = self._within(row, start)
        last = self._within(row, end)
        before, selected, after = map(painted, (text[:first], text[first:last], text[last:]))
        return (("plain", f" {before}"), ("plain-pointed", selected), ("plain", after))

    def _within(self, row: Row, place: Position) -> int:
        """The index in a row's text that stands for a position before it, in it or behind it."""
        if place.line != row.line:
            return 0 if place.line < row.line else row.end - row.start
        return min(max(0, place.column - row.start), row.end - row.start)

    def line(self, y: int) -> Pieces:
        pieces = self._shown[y] if y < len(self._shown) else ()
        return filled(list(pieces), self.size.width, self.has_room)

    def render_lines(self, crop: Region) -> list[Strip]:
        # here the layout is settled and the frame not yet written: the terminal's cursor moves with it
        if self.size != self._laid_out_for:
            self._lay_out()
        if self.shows_cursor:
            row, cell = self._wrapped.place_of(self.buffer.cursor)
            x, y = self.region.offset
            self.app.cursor_position = Offset(x + 1 + cell, y + min(max(0, row - self.top), self.size.height - 1))
        return super().render_lines(crop)

    # keys

    def _after_change(self) -> None:
        self._column = None
        self.follow()
        self._changed()

    async def _on_key(self, event: events.Key) -> None:
        event.prevent_default()
        text = "\n" if event.key == "enter" else typed(event)
        if text:
            event.stop()
            self.buffer.insert(text, typed=True)
            self._after_change()
            return
        key = event.key
        select = "shift+" in key
        plain = key.replace("shift+", "")
        if plain in self._MOVES:
            event.stop()
            self._MOVES[plain](self, select)
        elif key in self._CHANGES:
            event.stop()
            before = self.buffer.lines[:]
            self._CHANGES[key](self)
            if self.buffer.lines != before:
                self._after_change()
            else:
                self.follow()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = clean(event.text)
        if text:
            self.insert(text)

    def _vertical(self, rows: int, select: bool) -> None:
        row, cell = self._wrapped.place_of(self.buffer.cursor)
        goal = cell if self._column is None else self._column
        if row + rows < 0:
            place = Position(0, 0)
        elif row + rows >= len(self._wrapped.rows):
            place = self.buffer.end
        else:
            place = self._wrapped.position_at(row + rows, goal)
        self.move(place, select)
        self._column = goal

    def _page(self, pages: int, select: bool) -> None:
        self._vertical(pages * max(1, self.size.height - 1), select)

    def _select_line(self) -> None:
        self.buffer.move(self.buffer.line_start())
        self.buffer.move(self.buffer.line_end(), select=True)

    def _select_all(self) -> None:
        self.buffer.move(Position(0, 0))
        self.buffer.move(self.buffer.end, select=True)

    def _indent(self) -> None:
        index = self.buffer.selection[0].column
        self.buffer.insert(" " * (INDENT - index % INDENT))

    def _cut_selected(self) -> None:
        if self.buffer.selected:
            self._cut = self.buffer.delete_selected()

    def _delete_to_end(self) -> None:
        """To the end of the line; at its end, the line end itself."""
        end = self.buffer.line_end()
        self.buffer.delete_to(self.buffer.right() if end == self.buffer.cursor else end)

    def _delete_to_start(self) -> None:
        """To the start of the line, as shells do, and not of the row; at its start, the line end before."""
        start = self.buffer.line_start()
        self.buffer.delete_to(self.buffer.left() if start == self.buffer.cursor else start)

    _MOVES: ClassVar[dict[str, Callable[[TextBox, bool], None]]] = {
        "left": lambda self, select: self.move(self.buffer.left(), select),
        "right": lambda self, select: self.move(self.buffer.right(), select),
        "up": lambda self, select: self._vertical(-1, select),
        "down": lambda self, select: self._vertical(1, select),
        "pageup": lambda self, select: self._page(-1, select),
        "pagedown": lambda self, select: self._page(1, select),
        "home": lambda self, select: self.move(self.buffer.line_start(), select),
        "end": lambda self, select: self.move(self.buffer.line_end(), select),
        "ctrl+a": lambda self, select: self.move(self.buffer.line_start(), select),
        "ctrl+left": lambda self, select: self.move(self.buffer.word_left(), select),
        "ctrl+right": lambda self, select: self.move(self.buffer.word_right(), select),
        "ctrl+home": lambda self, select: self.move(Position(0, 0), select),
        "ctrl+end": lambda self, select: self.move(self.buffer.end, select),
    }
    _CHANGES: ClassVar[dict[str, Callable[[TextBox], object]]] = {
        "tab": _indent,
        "backspace": lambda self: self.buffer.delete_back(),
        "delete": lambda self: self.buffer.delete_to(self.buffer.right()),
        "ctrl+d": lambda self: self.buffer.delete_to(self.buffer.right()),
        "ctrl+w": lambda self: self.buffer.delete_to(self.buffer.word_left()),
        "ctrl+f": lambda self: self.buffer.delete_to(self.buffer.word_right()),
        "ctrl+u": _delete_to_start,
        "ctrl+k": _delete_to_end,
        "ctrl+underscore": lambda self: self.buffer.undo(),
        "ctrl+y": lambda self: self.buffer.redo(),
        "ctrl+x": _cut_selected,
        "ctrl+v": lambda self: self.buffer.insert(self._cut),
        "f6": _select_line,
        "f7": _select_all,
    }
