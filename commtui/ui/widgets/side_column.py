"""A column beside panes and reader: lines that are made when they are asked for, and painted where they differ."""

from __future__ import annotations

from collections.abc import Callable

from commtui.ui.text.rows import Pieces, filled
from commtui.ui.widgets.lines import Lines


class SideColumn(Lines):
    """Shows what `make(width)` returned when `show` was last called. `resized` is called when it has another size."""

    def __init__(self, make: Callable[[int], list[Pieces]], resized: Callable[[], None], id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self._make = make
        self._resized = resized
        self._lines: list[Pieces] = []

    def show(self) -> None:
        """Makes the lines anew. Where the screen has no place for them, nothing is read."""
        width, height = self.size
        if not (width and height):
            return
        before, self._lines = self._lines, self._make(width)
        self.repaint_lines(*(y for y in range(height) if before[y : y + 1] != self._lines[y : y + 1]))

    def on_resize(self) -> None:
        self._resized()

    def line(self, y: int) -> Pieces:
        return filled(list(self._lines[y]) if y < len(self._lines) else [], self.size.width)
