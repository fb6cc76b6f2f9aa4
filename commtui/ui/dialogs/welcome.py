"""What is shown where there is no account yet: what commtui is, and three ways to begin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from commtui.ui.keys.keymap import Keymap
from commtui.ui.text.cells import wrap
from commtui.ui.text.parts import Part
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.detail import Detail
from commtui.ui.widgets.lines import OneLine

INTRO: Final = (
    "commtui shows who wrote to you on Mastodon and Bluesky in one list, and sends your answers and posts.",
    "No account is here yet. How do you want to begin?",
)
CHOICES: Final = (
    ("d", "demo", "Demo: a simulated network", ", to look around; nothing leaves this machine"),
    ("m", "mastodon", "Mastodon: log in", ", also to Pleroma, GoToSocial and others"),
    ("b", "bluesky", "Bluesky: log in", " with your handle and an app password"),
)
"""Keys, what they choose, words, and more words where there is room."""
KEYS: Final = " d demo  m Mastodon  b Bluesky  "
LOOK: Final = 0.5
"""Seconds between two looks whether another program has added an account."""


def welcome_lines(width: int) -> list[Pieces]:
    """The page's lines in that width."""
    room = max(10, min(width, 76) - 2)
    lines: list[Pieces] = [(("plain", f" {line}"),) for text in INTRO for line in wrap(text, room)]
    lines.append(())
    for key, _, words, more in CHOICES:
        lines.append((("unread", f"  {key}  "), ("plain", words + more if width >= 78 else words)))
    return lines


class WelcomeScreen(Screen[str | None]):
    """Ends with `demo`, the network to log in to, empty where an account was added elsewhere, or None: to leave."""

    def __init__(self, has_account: Callable[[], bool], keymap: Keymap) -> None:
        super().__init__()
        self._has_account, self._keymap = has_account, keymap
        self._title, self._keys_line = OneLine(), OneLine()
        self._page = Detail(lambda width: [Part("welcome", lambda: welcome_lines(width))])

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._page
        yield self._keys_line

    def on_mount(self) -> None:
        self._title.say((("title-here", " commtui "),), "bar")
        self._show_keys()
        self.set_interval(LOOK, self._look)
        self.call_after_refresh(self._begin)

    def _show_keys(self, escaped: bool = False) -> None:
        """Escape leads back from a login to this page: pressed once more it must not end the program."""
        key = self._keymap.named("back")
        words = ("bar-late", f" {key} leaves") if escaped else ("bar-dim", f"{KEYS}{key} leave")
        self._keys_line.say((words,), "bar")

    def _begin(self) -> None:
        self._page.show("welcome")
        self._page.to_start()

    def _look(self) -> None:
        if self._has_account():
            self.dismiss("")

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self._show_keys(escaped=event.key == "escape")
        command = self._keymap.command_of.get(event.key, event.key)
        chosen = next((name for key, name, *_ in CHOICES if key == event.key), None)
        if chosen is not None:
            self.dismiss(chosen)
        elif command in ("back", "quit"):
            self.dismiss(None)
        elif command in ("down", "up"):
            self._page.scroll_lines(1 if command == "down" else -1)
