"""Likes, boosts and follows, folded by post: a list beside the queue, followed while it grows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from commtui.store.changes import Changes
from commtui.triage.engagement import Engaged, engaged
from commtui.ui.dialogs.help import HelpScreen
from commtui.ui.keys.keymap import Keymap
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.engagement_row import engagement_row
from commtui.ui.text.key_hints import key_line
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.lines import OneLine
from commtui.ui.widgets.rows import Rows

Opened = tuple[str, Engaged]
"""The command with which the list ended (`open-link` or `campaign`), and the row that it is about."""


class EngagementScreen(Screen[Opened | None], inherit_bindings=False):
    """Ends with what is to be done with a row, or with None by the keys that lead back."""

    class Changed(Message):
        """Something was written, by whichever thread or process."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, EngagementScreen.Changed)

    AUTO_FOCUS = ""

    def __init__(self, snapshot: Snapshot, keymap: Keymap, seen_at: datetime | None, demo: bool = False) -> None:
        """`seen_at`: when the list was last looked at; None: never."""
        super().__init__()
        self._snapshot = snapshot
        self._keymap = keymap
        self._seen_at = seen_at
        self._begin: Pieces = (("bar-late", " DEMO "),) if demo else ()
        self._by_number: dict[int, Engaged] = {}
        self._numbers: dict[tuple[str, str | None], int] = {}
        """The number of the row of each post: it stays with the post while the list grows."""
        self._end_watch: Callable[[], None] = lambda: None
        self.title_line, self.foot = OneLine(), OneLine()
        self.rows = Rows(self._row, lambda width: [(("read", "  nobody has liked, boosted or followed yet"),)])

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.rows
        yield self.foot

    def on_mount(self) -> None:
        self._end_watch = self._snapshot.desk.store.observe(self._see)
        self._show_keys()
        self.call_after_refresh(self._read)

    def on_unmount(self) -> None:
        self._end_watch()

    def _see(self, changes: Changes) -> None:
        """Called after each change, in any thread."""
        self.post_message(self.Changed())

    def on_engagement_screen_changed(self) -> None:
        self._read()

    def _read(self) -> None:
        before, self._by_number = self._by_number, {}
        for row in engaged(self._snapshot.desk):
            number = self._numbers.setdefault((row.account, row.target), len(self._numbers))
            self._by_number[number] = row
        changed = {number for number, row in self._by_number.items() if before.get(number) != row}
        self.rows.show(list(self._by_number), changed)
        new = sum(map(self._is_new, self._by_number.values()))
        words: Pieces = (("bar-late", f" {new} new "),) if new else ()
        self.title_line.say((*self._begin, ("title-here", " Engagement "), *words), "bar")

    def _is_new(self, row: Engaged) -> bool:
        return self._seen_at is None or row.last_at > self._seen_at

    def _row(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        row = self._by_number.get(number)
        if row is None:
            return ()
        return engagement_row(row, self._snapshot.row_context(width), pointed, self._is_new(row))

    def _show_keys(self) -> None:
        entries = key_line("engagement", self._keymap.shown, self.app.size.width)
        self.foot.say((("bar", "".join(entry for _, entry in entries)),), "bar")

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_keys)

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        action = self._keys.get(self._keymap.command_of.get(event.key, ""))
        if action is not None:
            action()

    @property
    def _keys(self) -> Mapping[str, Callable[[], object]]:
        rows = self.rows
        page = rows.page
        back = {command: lambda: self.dismiss(None) for command in ("back", "escape", "quit", "engagement")}
        return {
            **back,
            "down": lambda: rows.move_to(rows.at + 1),
            "up": lambda: rows.move_to(rows.at - 1),
            "half-page-down": lambda: rows.scroll_page(page // 2),
            "half-page-up": lambda: rows.scroll_page(-(page // 2)),
            "page-down": lambda: rows.scroll_page(page),
            "page-up": lambda: rows.scroll_page(-page),
            "first": lambda: rows.move_to(0),
            "last": lambda: rows.move_to(len(rows.numbers) - 1),
            "open": lambda: self._end("open-link"),
            "open-link": lambda: self._end("open-link"),
            "campaign": lambda: self._end("campaign"),
            "help": lambda: self.app.push_screen(HelpScreen(self._keymap, demo=bool(self._begin))),
        }

    def click(self, y: int, opens: bool) -> None:
        """Points to the row in line `y` of the list; opens it, if wanted."""
        place = self.rows.place_at(y)
        if place is not None:
            self.rows.move_to(place)
            if opens:
                self._end("open-link")

    def _end(self, command: str) -> None:
        row = self._by_number.get(self.rows.number) if self.rows.number is not None else None
        if row is not None:
            self.dismiss((command, row))
