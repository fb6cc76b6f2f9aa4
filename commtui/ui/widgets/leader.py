"""The menu of the keys that may follow the leader key."""

from __future__ import annotations

from collections.abc import Callable

from textual import events

from commtui.ui.commands.table import BY_LEADER, GROUPS
from commtui.ui.rowtext import Piece, Pieces, filled
from commtui.ui.widgets.lines import Lines

COLUMN = 38


class Leader(Lines, can_focus=True):
    """Hidden until `open`; a key that stands in the menu calls `chosen(command id)`, any other one ends it."""

    DEFAULT_CSS = "Leader { height: auto; display: none; }"

    def __init__(self, chosen: Callable[[str | None], None]) -> None:
        super().__init__()
        self._chosen = chosen
        self._rows: list[list[Piece]] = []

    def open(self, width: int) -> None:
        """Shows the menu, in as many columns as there is room for."""
        order = {group: place for place, group in enumerate(GROUPS)}
        entries = sorted(BY_LEADER.values(), key=lambda each: order[each.group])
        columns = max(1, width // COLUMN)
        rows = -(-len(entries) // columns)
        self._rows = [[] for _ in range(rows)]
        for place, command in enumerate(entries):
            public = " (asks first)" if command.public else ""
            key: Piece = ("soon", f"  {command.leader}  ")
            self._rows[place % rows] += [key, ("bar", f"{command.title}{public}"[: COLUMN - 6].ljust(COLUMN - 5))]
        self.styles.height = rows
        self.display = True
        self.focus()
        self.refresh()

    def line(self, y: int) -> Pieces:
        return filled(self._rows[y] if y < len(self._rows) else [], self.size.width)

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.display = False
        command = BY_LEADER.get(event.character or "")
        self._chosen(command.id if command else None)
