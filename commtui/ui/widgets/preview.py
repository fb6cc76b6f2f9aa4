"""A few lines that tell what something is; of more than fit, the last one says that there are more."""

from __future__ import annotations

from collections.abc import Sequence

from commtui.ui.text.rows import Pieces, filled
from commtui.ui.widgets.lines import Lines


class Preview(Lines):
    """Shows lines that it is given; its height is set by whoever has it."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Pieces, ...] = ()

    def show(self, lines: Sequence[Pieces]) -> None:
        """Takes the lines. The same again paints nothing."""
        if tuple(lines) != self._shown:
            self._shown = tuple(lines)
            self.refresh()

    def line(self, y: int) -> Pieces:
        width, height = self.size
        if y == height - 1 and len(self._shown) > height:
            return filled([("dim", "  ~ it goes on")], width)
        return filled(list(self._shown[y]) if y < len(self._shown) else [], width)
