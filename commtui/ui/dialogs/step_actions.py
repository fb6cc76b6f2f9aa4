"""What the activity's list of steps asks the inbox to do with one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from commtui.model.log_records import LogEntry


class Place(Struct, frozen=True):
    """Where the list of steps was left."""

    words: str
    """Only what has all of these is listed."""
    number: int
    """The step that the cursor points to, by its number in the log."""


class Answer(Struct, frozen=True):
    """What became of an undo, or of opening. `question`: it is to be confirmed first, and would schedule
    the items of `ids`; `then`: the screen ends, and that is done."""

    text: str = ""
    bad: bool = False
    question: bool = False
    ids: tuple[str, ...] = ()
    then: Callable[[], None] | None = None


class StepActions(Protocol):
    """What the inbox does with a step."""

    def open(self, entry: LogEntry, place: Place) -> Answer:
        """Opens what the step is about in the reader, whose end leads back to the `place`, or the screen of a person.
        The answer says why it can't."""
        ...

    def undo(self, entry: LogEntry, agreed: tuple[str, ...] = ()) -> Answer:
        """Takes the step back."""
        ...
