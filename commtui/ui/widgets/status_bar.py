"""The message above the keys: what the last key did, else what is wrong; nothing where all is well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol

from commtui.ui.text.rows import Piece
from commtui.ui.widgets.lines import OneLine

WELL_LINES = 2
BAD_LINES = 4
PROBLEM_LINES = 1
"""Lines of a message at most: a way out that is cut off is none."""


class Tell(Protocol):
    """Says in a line what became of something; `bad`: it went wrong."""

    def __call__(self, text: str, bad: bool = False) -> None: ...


class Pending(NamedTuple):
    """What a message speaks of that is on its way."""

    ids: tuple[str, ...]
    due: datetime | None = None
    """When the message says that it is sent; None: it says no time."""
    words: Callable[[], str] | None = None
    """The message as it is now: its seconds count down."""


class StatusBar(OneLine):
    """It owns the message. `resting()` gives what stands there while there is none, `width()` the columns it has,
    `aside()` what is said behind each message, shown whole."""

    def __init__(
        self, resting: Callable[[], list[Piece]], width: Callable[[], int], aside: Callable[[], str] = str
    ) -> None:
        super().__init__(id="message")
        self._aside = aside
        self._resting = resting
        self._width = width
        self._message = ""
        self._way_back = ""
        self._bad = self._whole = False
        self._waiting = ""
        self._has_text = False
        self._problem_rows = 0
        self.problem_line = OneLine(id="problem")
        """What is wrong, again: the layout shows it where the message stands further up."""
        self.pending: Pending | None = None
        """What the message speaks of, where that is on its way."""
        self.pending_changed: Callable[[], None] = lambda: None
        """Called when a message says a time."""
        self.link = ""
        """The id of what the message says is out: the keys for links mean that."""

    @property
    def message(self) -> str:
        """What stands there, `! ` before what went wrong; empty for none."""
        return self._message + self._way_back

    @property
    def in_sight(self) -> bool:
        """Whether the person sees the line: no question, text or other screen is over it."""
        return bool(self.display) and self.app.screen is self.screen

    @property
    def rows(self) -> int:
        """The lines that it takes; 0 for none."""
        return self.line_count if self.display and self._has_text else 0

    @property
    def problem_rows(self) -> int:
        """The lines that what is wrong would take; 0 where nothing is."""
        return self._problem_rows if self.display else 0

    def show(self) -> None:
        """Writes the message, or what is wrong."""
        before = self.rows, self.problem_rows
        pieces, most = [(role, f" {text}") for role, text in self._resting()], PROBLEM_LINES
        self._problem_rows = PROBLEM_LINES if pieces else 0
        self.problem_line.say(tuple(pieces), "bar")
        if self._message:
            role = "bar-late" if self._bad else "bar"
            most = BAD_LINES if self._bad or self._whole else WELL_LINES
            pieces = [(role, f" {self._message}")]
        self._has_text = bool(pieces)
        if pieces:
            self.say(tuple(pieces), "bar", most=most, end=self._way_back, width=self._width())
        if before != (self.rows, self.problem_rows):
            self.refresh(layout=True)

    def tell(
        self,
        text: str,
        bad: bool = False,
        pending: Pending | None = None,
        way_back: str = "",
        whole: bool = False,
        link: str = "",
    ) -> None:
        """Says something until the next key. With an empty text it says what is said aside, if anything.

        `bad`: it went wrong; `pending`, `link`: see there; `way_back`: the key that takes it back, shown whole behind
        the text, which is shortened for it; `whole`: it names a path or an address, and may have as many lines as what
        went wrong.
        """
        aside = self._aside()
        if not text:
            text, aside = aside, ""
        self._message, self._bad, self._whole = ("! " if bad else "") + text, bad, whole
        self._way_back = "".join(f"; {words}" for words in (aside, way_back) if words)
        self.pending, self.link = pending, link
        self.show()
        if pending is not None and pending.due is not None:
            self.pending_changed()

    def hint(self, text: str) -> None:
        """Says something that may stand until the next key, unless a message stands there."""
        if not self._message:
            self.tell(text)

    def clear(self) -> None:
        """Takes the message away; the line is written by the next `show`."""
        self._message, self._way_back, self.pending, self.link = "", "", None, ""

    def forget(self) -> None:
        """Takes the message away at once: what it says is not true any more."""
        self.clear()
        self.show()

    def renew(self) -> None:
        """Says the message as it is now."""
        if self._message and self.pending is not None and self.pending.words is not None:
            self._message = self.pending.words()
            self.show()

    def tell_surely(self, text: str) -> None:
        """Says what went wrong; while a question or another screen hides the line, `tell_waiting` says it later."""
        self._waiting = text
        self.tell_waiting()

    def tell_waiting(self) -> None:
        """Says what could not be said while the line was hidden."""
        if self._waiting and self.in_sight:
            text, self._waiting = self._waiting, ""
            self.tell(text, bad=True)
