"""The menu of the keys that may follow the leader key."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rich.cells import cell_len
from textual import events

from commtui.ui.keys.command import Command
from commtui.ui.keys.table import BY_LEADER, GROUPS
from commtui.ui.text.cells import cut_words
from commtui.ui.text.rows import Piece, Pieces, filled
from commtui.ui.widgets.lines import Lines

COLUMN = 38
LEFT_IN_SIGHT = 4
"""Lines of the screen that the menu never covers; what has no room is on its next page."""


class Leader(Lines, can_focus=True):
    """Hidden until `open`; a key that stands in the menu calls `chosen(command id)`, any other one `chosen(None)`, and
    a letter that stands in no menu then `unbound(letter)`."""

    DEFAULT_CSS = "Leader { height: auto; display: none; }"

    def __init__(self, chosen: Callable[[str | None], None], unbound: Callable[[str], None]) -> None:
        super().__init__(classes="bottom")
        self._chosen, self._unbound = chosen, unbound
        self._pages: list[list[list[Piece]]] = []
        self._page = 0

    def open(self, width: int, height: int, counts: Mapping[str, str], offered: Callable[[Command], bool]) -> None:
        """Shows the menu in as many columns as there is room for. `counts`: rows of the views, by their names;
        `offered`: whether a command works on what has the focus."""
        groups = dict.fromkeys(("Views", *GROUPS))
        order = {group: place for place, group in enumerate(groups)}
        entries = sorted(
            filter(offered, BY_LEADER.values()), key=lambda command: (order[command.group], not command.counted)
        )
        columns = max(1, width // COLUMN)
        rows = min(-(-len(entries) // columns), max(3, height - LEFT_IN_SIGHT))
        paged = rows * columns < len(entries)
        fits = (rows - 1 if paged else rows) * columns
        self._pages, self._page = [], 0
        for begin in range(0, len(entries), fits):
            page: list[list[Piece]] = [[] for _ in range(rows)]
            for place, command in enumerate(entries[begin : begin + fits]):
                room = min(COLUMN, width) - 6
                asks = " (asks)" if command.public and "(asks" not in command.title else ""
                words = cut_words(command.title, room - len(asks)) + asks
                if command.counted:
                    words += f": {counts.get(command.counted, 0)}"
                page[place % (fits // columns)] += [
                    ("bar-late", f"  {command.leader}  "),
                    ("bar", words.ljust(room + 1)),
                ]
            if paged:
                page[-1] = [("bar-late", "  space "), ("bar-dim", "more keys")]
            self._pages.append(page)
        self.styles.height = rows
        self.display = True
        self.focus()
        self.refresh()

    def line(self, y: int) -> Pieces:
        rows = self._pages[self._page] if self._pages else []
        *pieces, (_, rest) = filled([*(rows[y] if y < len(rows) else []), ("bar", "")], self.size.width)
        return (*pieces, ("bar", rest))

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self._press("space" if event.key == "space" else event.character or "")

    def press_at(self, x: int, y: int) -> None:
        """Presses the key whose entry stands at that place; one of an empty place ends the menu."""
        at, key = 0, ""
        for role, text in self.line(y):
            if role == "bar-late":
                key = text.strip()
            at += cell_len(text)
            if x < at:
                break
        self._press(key)

    def _press(self, key: str) -> None:
        if key == "space" and len(self._pages) > 1:
            self._page = (self._page + 1) % len(self._pages)
            self.refresh()
            return
        self.display = False
        command = BY_LEADER.get(key)
        self._chosen(command.id if command else None)
        if command is None and key.isprintable() and key:
            self._unbound(key)
