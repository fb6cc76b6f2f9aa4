"""What the composer asks of the screen that it is on."""

from __future__ import annotations

from typing import Protocol

from commtui.ui.text.rows import RowContext


class Surroundings(Protocol):
    """What the composer asks of the screen that it is on."""

    def row_context(self, width: int) -> RowContext:
        """What lines of that width are made from."""
        ...

    def show_cursor(self, shown: bool) -> None:
        """Shows the terminal's own cursor from the next frame on, or hides it."""
        ...

    def error_sentence(self, error: Exception) -> str:
        """The line for an error of a verb or of the store."""
        ...
