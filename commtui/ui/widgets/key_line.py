"""The last line of the screen: the keys of what has the focus. It is painted only where they differ."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len

from commtui.ui.text.key_hints import Focus, key_line
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.lines import OneLine


class KeyLine(OneLine):
    """`key_of` gives a command's key, empty for none. A demo is marked here always."""

    DEFAULT_CSS = "KeyLine { height: 1; }"

    def __init__(self, key_of: Callable[[str], str], demo: bool) -> None:
        super().__init__(classes="bottom")
        self._key_of = key_of
        self._begin: Pieces = (("bar-late", " DEMO "),) if demo else ()
        self._entries: list[tuple[str, str]] = []

    def show(self, focus: Focus) -> None:
        """Writes the keys of what has the focus."""
        room = self.app.size.width - sum(cell_len(text) for _, text in self._begin)
        self._entries = key_line(focus, self._key_of, room)
        self.say((*self._begin, ("bar", "".join(entry for _, entry in self._entries))), "bar")

    def command_at(self, x: int) -> str | None:
        """The command whose key stands in column `x`; None: none."""
        at = sum(cell_len(text) for _, text in self._begin)
        for command, entry in self._entries:
            if at <= x < at + cell_len(entry):
                return command
            at += cell_len(entry)
        return None
