"""The status line: the message of the last key, else how both lanes stand."""

from __future__ import annotations

from collections.abc import Callable

from commtui.ui.text.rows import Piece
from commtui.ui.widgets.lines import OneLine


class StatusBar(OneLine):
    """It owns the message. `resting(room)` gives what stands there while there is none. A demo is marked always."""

    def __init__(self, resting: Callable[[int], list[Piece]], demo: bool = False) -> None:
        super().__init__()
        self._resting = resting
        self._begin: list[Piece] = [("bar-late", " DEMO ")] if demo else [("bar", " ")]
        self._message = ""
        self._way_back = ""
        self._bad = False
        self._waiting = ""
        self.countdown: tuple[str, ...] = ()
        """The ids of what the message speaks of, where that is on its way."""
        self._names_a_time = False

    @property
    def message(self) -> str:
        """What stands there, `! ` before what went wrong; empty for none."""
        return self._message + self._way_back

    def show(self) -> None:
        """Writes the line."""
        if not self._message:
            self.say((*self._begin, *self._resting(self.app.size.width - len(self._begin[0][1]))), "bar")
            return
        role, most = ("bar-late", 4) if self._bad else ("bar", 2)  # a way out that is cut off is none
        self.say((*self._begin, (role, self._message)), "bar", most=most, end=self._way_back)

    def tell(
        self,
        text: str,
        bad: bool = False,
        countdown: tuple[str, ...] = (),
        names_a_time: bool = False,
        way_back: str = "",
    ) -> None:
        """Says something until the next key.

        `bad`: it went wrong; `countdown`: see there; `names_a_time`: it says when they are due; `way_back`: the key
        that takes it back, shown whole behind the text, which is shortened for it.
        """
        self._message, self._bad = ("! " if bad else "") + text, bad
        self._way_back = way_back and f"; {way_back}"
        self.countdown = countdown
        self._names_a_time = names_a_time and bool(countdown)
        self.show()

    def clear(self) -> None:
        """Takes the message away; the line is written by the next `show`."""
        self._message, self._way_back, self.countdown = "", "", ()

    def forget_time(self) -> None:
        """Takes away a message that says when something is due: that moment is over."""
        if self._message and self._names_a_time:
            self.clear()
            self.show()

    def tell_surely(self, text: str) -> None:
        """Says what went wrong; while a question or another screen hides the line, `tell_waiting` says it later."""
        self._waiting = text
        self.tell_waiting()

    def tell_waiting(self) -> None:
        """Says what could not be said while the line was hidden."""
        if self._waiting and self.display and self.app.screen is self.screen:
            text, self._waiting = self._waiting, ""
            self.tell(text, bad=True)
