"""A line between two columns of the screen."""

from __future__ import annotations

from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.lines import Lines


class ColumnRule(Lines):
    """A bar in each of its lines."""

    DEFAULT_CSS = "ColumnRule { width: 1; }"

    def line(self, y: int) -> Pieces:
        return (("plain", "|"),)  # the colour of texts: another one would cost 20 bytes in each row
