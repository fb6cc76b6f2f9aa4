"""What the screen of a person asks the inbox to do."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct


class Said(Struct, frozen=True):
    """What became of an action, in a line; empty where nothing is to be said."""

    text: str = ""
    bad: bool = False


class PersonActions(Protocol):
    """What the inbox does about a person. `author`: the id of one of those who the person is."""

    def open(self, author: str, conversation: str) -> None:
        """Opens a conversation in the reader, whose end leads back to the person."""
        ...

    def change(self, author: str, verb: str, argument: str) -> Said:
        """Does a verb on people: its id in the table of verbs."""
        ...

    def undo(self) -> Said:
        """Takes back the last step, if it was about a person."""
        ...

    def erase(self, author: str) -> None:
        """Erases the person, in a thread; what became of it is said in the inbox."""
        ...
