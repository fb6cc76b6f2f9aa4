"""Likes, boosts and follows, folded by post: a list beside the queue, followed while it grows."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from commtui.triage.engagement import Engaged, engaged
from commtui.ui.dialogs.list_screen import Keys, ListScreen
from commtui.ui.keys.keymap import Keymap
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.engagement_row import engagement_row
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.status_bar import Tell

Of = tuple[str, str | None]
"""Whose likes and boosts a row has: the account, and the remote id of the post; None: the follows of the account."""


class EngagementActions(Protocol):
    """What the inbox does with a row."""

    def open_link(self, row: Engaged, say: Tell) -> None:
        """Opens the address of the post, and says what became of it, also later: the list stays."""
        ...

    def open_post(self, row: Engaged) -> str:
        """Opens our post in the reader, whose end leads back to the list. Returns why it can't; empty: it is open."""
        ...


class EngagementScreen(ListScreen[None]):
    """Ends when a post is opened, or by the keys that lead back."""

    def __init__(
        self,
        snapshot: Snapshot,
        keymap: Keymap,
        actions: EngagementActions,
        seen_at: datetime | None,
        at: Of | None = None,
        demo: bool = False,
    ) -> None:
        """`seen_at`: when the list was last looked at; None: never. `at`: the row that the cursor points to."""
        super().__init__("engagement", snapshot, keymap, lambda: "nobody has liked, boosted or followed yet", demo)
        self._actions = actions
        self._seen_at, self._at = seen_at, at
        self._by_number: dict[int, Engaged] = {}
        self._numbers: dict[Of, int] = {}
        """The number of the row of each post: it stays with the post while the list grows."""

    def on_mount(self) -> None:
        self.call_after_refresh(self._show_rows)

    def _show_rows(self) -> None:
        self.follow()
        if self._at in self._numbers:
            self.rows.move_to_number(self._numbers[self._at])

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
        return {"open": self._open_link, "open-link": self._open_link, "campaign": self._open_post}

    @property
    def _row(self) -> Engaged | None:
        return self._by_number.get(self.rows.number) if self.rows.number is not None else None

    def _open_link(self) -> None:
        if self._row is not None:
            self._actions.open_link(self._row, self.say)

    def _open_post(self) -> None:
        if self._row is None:
            return
        why_not = self._actions.open_post(self._row)
        if why_not:
            self.say(why_not)
        else:
            self.dismiss(None)
