"""How a front end names things: the shell by ids and commands, the screen by authors, texts and keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Naming(Protocol):
    """What a sentence needs to know of the front end that shows it."""

    @property
    def now(self) -> datetime:
        """The present moment."""
        ...

    def items(self, ids: Sequence[str]) -> str:
        """What these ids stand for, in a few words; many are counted. Never raises: an id that is gone is shown."""
        ...

    def person(self, handle: str) -> str:
        """An author, of whom `@user@host` is given."""
        ...

    def time(self, moment: datetime) -> str:
        """A moment, in the person's zone."""
        ...

    def way(self, verb: str, item: str = "") -> str:
        """How this front end does a verb: a key, or a command on `item`."""
        ...


def people(naming: Naming, first: str, more: int) -> str:
    """The first of several people, and how many there are beside."""
    return naming.person(first) + (f" and {more} more" if more else "")
