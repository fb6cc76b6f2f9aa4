"""The palette: all commands, narrowed by typing."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from commtui.ui.commands.table import COMMANDS
from commtui.ui.keymap import Keymap
from commtui.ui.rowtext import Pieces, filled, lead, under_cursor
from commtui.ui.widgets.lines import OneLine
from commtui.ui.widgets.rows import Rows


def matching(typed: str) -> list[int]:
    """The places in COMMANDS whose name or title has all typed words; names that begin so stand first."""
    words = typed.casefold().split()
    found = [
        place
        for place, command in enumerate(COMMANDS)
        if command.id not in ("palette", "escape")
        and all(word in f"{command.id} {command.verb} {command.title} {command.group}".casefold() for word in words)
    ]
    return sorted(found, key=lambda place: not COMMANDS[place].id.startswith(typed.casefold().strip()))


class PaletteScreen(Screen[str | None]):
    """Ends with the id of the chosen command, or None."""

    def __init__(self, keymap: Keymap, demo: bool = False) -> None:
        super().__init__()
        self._keys = keymap
        self._question = " DEMO command: " if demo else " command: "
        self._typed = ""
        self.rows = Rows(self._row, lambda width: [(("read", "  no such command"),)])
        self.typed_line = OneLine()

    def compose(self) -> ComposeResult:
        yield self.typed_line
        yield self.rows

    def on_mount(self) -> None:
        self.rows.focus()
        self._narrow()

    def _row(self, place: int, pointed: bool, marked: bool, width: int) -> Pieces:
        command = COMMANDS[place]
        keys = self._keys.shown(command.id)
        if not keys and command.leader:
            keys = f"{self._keys.shown('leader')} {command.leader}"
        name = f"{command.id:<18}"
        title = command.title + (" (asks first)" if command.public else "")
        return filled(
            [
                lead(pointed, False),
                (under_cursor("plain", pointed), name),
                ("soon", f" {keys:<10}"),
                ("plain", title),
            ],
            width,
        )

    def _narrow(self) -> None:
        self.typed_line.say((("title-here", self._question), ("bar", f" {self._typed}"), ("bar-pointed", " ")), "bar")
        self.rows.show(matching(self._typed), set())
        self.rows.move_to(0)

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if event.key in ("escape", "ctrl+c"):
            self.dismiss(None)
        elif event.key == "enter":
            number = self.rows.number
            self.dismiss(None if number is None else COMMANDS[number].id)
        elif event.key in ("down", "ctrl+n", "tab"):
            self.rows.move_to(self.rows.at + 1)
        elif event.key in ("up", "ctrl+p", "shift+tab"):
            self.rows.move_to(self.rows.at - 1)
        elif event.key == "backspace":
            self._typed = self._typed[:-1]
            self._narrow()
        elif event.key == "ctrl+u":
            self._typed = ""
            self._narrow()
        elif event.is_printable and event.character:
            self._typed += event.character
            self._narrow()
