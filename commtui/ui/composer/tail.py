"""Lines of which the last ones are shown, as many as there is room for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.geometry import Size

from commtui.ui.text.parts import Part, PartedText
from commtui.ui.text.rows import Pieces, filled
from commtui.ui.widgets.lines import Lines


class Tail(Lines):
    """As high as what `make(width)` returns, as far as the screen has lines: the last ones. A style sheet bounds it."""

    DEFAULT_CSS = "Tail { height: auto; }"

    def __init__(self, make: Callable[[int], Sequence[Part]]) -> None:
        super().__init__()
        self._make = make
        self._lines: list[Pieces] = []
        self._width = -1

    def renew(self) -> None:
        """Asks for the lines again."""
        self._width = -1
        self.refresh(layout=True)

    def lines_at(self, width: int) -> list[Pieces]:
        """The lines for that width, at most as many as the screen has; made once for each."""
        if width != self._width:
            text, most = PartedText(self._make(max(1, width))), self.app.size.height
            text.to_end(most)
            self._lines, self._width = text.visible(most), width
        return self._lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines_at(width))

    def line(self, y: int) -> Pieces:
        width, height = self.size
        lines = self.lines_at(width)
        place = max(0, len(lines) - height) + y
        return filled(list(lines[place]) if place < len(lines) else [], width)


class Rule(Lines):
    """A dashed line across."""

    DEFAULT_CSS = "Rule { height: 1; }"

    def line(self, y: int) -> Pieces:
        return filled([("dim", "- " * (self.size.width // 2))], self.size.width)
