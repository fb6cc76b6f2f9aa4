"""Keys, pastes and clicks come one by one: what is typed ahead goes to the screen that the key before has opened.

Textual hands a key to the widget that has the focus at that moment, and a focus or a screen asked for by a key comes
some messages later: over a slow line `r` and a text arrive in one piece, and the text's letters would run as commands.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from textual import events

if TYPE_CHECKING:
    from textual.app import App
    from textual.message_pump import MessagePump

Input = events.Event
"""A key, a paste, or a click."""
LONGEST_WAIT: Final = 0.5
"""Seconds after which the next key is handled whatever became of the one before: its widget may be gone."""


class Typeahead:
    """One key at a time: the next goes on when this one, and all that it asked for, has been done."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._keys: deque[Input] = deque()
        self._first: Input | None = None
        """The one whose turn it is, on its way through the app's queue: those that came meanwhile stay behind it."""
        self._turn = 0
        self._busy = False
        self._guard: asyncio.TimerHandle | None = None

    def waits(self, key: Input) -> bool:
        """Whether the key, paste or click has to wait; else it is its turn, and `sent` must follow."""
        if self._busy or (self._first is not None and key is not self._first):
            self._keys.append(key)
            return True
        self._first = None
        self._busy = True
        self._turn += 1
        self._guard = asyncio.get_running_loop().call_later(LONGEST_WAIT, self._next, self._turn)
        return False

    def sent(self, to: MessagePump) -> None:
        """The key is in the queue of `to`: what follows it there, and in the queues above, comes after its work."""
        self._climb(to, self._turn)

    def _climb(self, pump: MessagePump, turn: int) -> None:
        above = pump._parent
        if pump is self._app or above is None:
            # a focus that was asked for stands in the app's queue now; a new screen mounts before it reads its own
            steps: list[MessagePump] = [self._app, self._app.screen, self._app, self._app]
            self._follow(steps, turn)
        elif not pump.call_later(self._climb, above, turn):
            self._climb(above, turn)

    def _follow(self, steps: list[MessagePump], turn: int) -> None:
        if not steps:
            self._next(turn)
            return
        step, *rest = steps
        if step is not self._app:
            step = self._app.screen
        if not step.call_later(self._follow, rest, turn):
            self._follow(rest, turn)

    def _next(self, turn: int) -> None:
        if turn != self._turn or not self._busy:
            return
        self._busy = False
        if self._guard is not None:
            self._guard.cancel()
        if self._keys:
            self._first = self._keys.popleft()
            self._app.post_message(self._first)
