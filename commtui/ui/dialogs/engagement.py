"""Likes, boosts and follows, folded by post: a list beside the queue, followed while it grows."""

from __future__ import annotations

from datetime import datetime

from commtui.triage.engagement import Engaged, engaged
from commtui.ui.dialogs.list_screen import Keys, ListScreen
from commtui.ui.keys.keymap import Keymap
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.engagement_row import engagement_row
from commtui.ui.text.rows import Pieces

Opened = tuple[str, Engaged]
"""The command with which the list ended (`open-link` or `campaign`), and the row that it is about."""


class EngagementScreen(ListScreen[Opened | None]):
    """Ends with what is to be done with a row, or with None by the keys that lead back."""

    def __init__(self, snapshot: Snapshot, keymap: Keymap, seen_at: datetime | None, demo: bool = False) -> None:
        """`seen_at`: when the list was last looked at; None: never."""
        super().__init__("engagement", snapshot, keymap, lambda: "nobody has liked, boosted or followed yet", demo)
        self._seen_at = seen_at
        self._by_number: dict[int, Engaged] = {}
        self._numbers: dict[tuple[str, str | None], int] = {}
        """The number of the row of each post: it stays with the post while the list grows."""

    def on_mount(self) -> None:
        self.call_after_refresh(self.follow)

    def follow(self) -> None:
        before, self._by_number = self._by_number, {}
        for row in engaged(self.snapshot.desk):
            number = self._numbers.setdefault((row.account, row.target), len(self._numbers))
            self._by_number[number] = row
        changed = {number for number, row in self._by_number.items() if before.get(number) != row}
        self.rows.show(list(self._by_number), changed)
        new = sum(map(self._is_new, self._by_number.values()))
        self.show_title("Engagement", *((("bar-late", f" {new} new "),) if new else ()))

    def _is_new(self, row: Engaged) -> bool:
        return self._seen_at is None or row.last_at > self._seen_at

    def row_pieces(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        row = self._by_number.get(number)
        if row is None:
            return ()
        return engagement_row(row, self.snapshot.row_context(width), pointed, self._is_new(row))

    def own_keys(self) -> Keys:
        def link() -> None:
            self._end("open-link")

        return {"open": link, "open-link": link, "campaign": lambda: self._end("campaign")}

    def _end(self, command: str) -> None:
        row = self._by_number.get(self.rows.number) if self.rows.number is not None else None
        if row is not None:
            self.dismiss((command, row))
