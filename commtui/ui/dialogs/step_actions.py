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
    """What became of an undo. `question`: it is to be confirmed first, and would schedule the items of `ids`; `then`:
    the screen ends and that is done, as it takes long."""

    text: str = ""
    bad: bool = False
    question: bool = False
    ids: tuple[str, ...] = ()
    then: Callable[[], None] | None = None


class StepActions(Protocol):
    """What the inbox does with a step."""

    def open(self, entry: LogEntry, place: Place) -> str:
        """Opens what the step is about in the reader, whose end leads back to the `place`; why it can't, else empty."""
        ...

    def undo(self, entry: LogEntry, agreed: tuple[str, ...] = ()) -> Answer:
        """Takes the step back."""
        ...
