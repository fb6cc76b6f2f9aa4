"""What the screen of the calendar asks the inbox to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, Protocol

from msgspec import Struct

from commtui.ui.dialogs.step_actions import Answer

View = Literal["week", "month"]


class CalendarPlace(Struct, frozen=True):
    """Where the calendar was left."""

    day: date
    view: View = "week"
    number: int = 0
    """The row that the cursor points to; 0: the first one of the day."""
    account: str = ""
    """The account (its id) whose posts are shown; empty: all."""


class CalendarActions(Protocol):
    """What the inbox does with posts. `ids`: those of a post's variants."""

    def open(self, identity: str, place: CalendarPlace) -> None:
        """Opens a post in the reader, whose end leads back to the `place`."""
        ...

    def edit(self, identity: str) -> None:
        """Opens the composer for a post of ours."""
        ...

    def compose(self, at: datetime | None, accounts: Sequence[str]) -> None:
        """Opens the composer for a new post at a time, from accounts (their ids); None and nothing: as ever."""
        ...

    def go_to_pane(self, command: str) -> None:
        """Does a command of the inbox that leads to a pane."""
        ...

    def do(self, verb: str, ids: Sequence[str], agreed: bool = False) -> Answer:
        """Does a verb on replies and posts: its id in the table of verbs. What has to be confirmed is asked about
        first."""
        ...

    def reschedule(self, ids: Sequence[str], at: str, agreed: bool = False) -> Answer:
        """Gives a post another time; what would not be sent by itself is asked about first."""
        ...

    def duplicate(self, identity: str) -> Answer:
        """Makes a new draft of a post; it has no time, so that the calendar does not show it."""
        ...

    def undo(self, agreed: tuple[str, ...] = ()) -> Answer:
        """Takes back the last step, if it was about posts; after a question where it would schedule some."""
        ...
