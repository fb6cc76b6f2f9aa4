"""How a front end names items and actions: the shell by ids and commands, the screen by authors, texts and keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Naming(Protocol):
    """The names of the front end that shows a sentence."""

    @property
    def now(self) -> datetime:
        """The current time, in UTC."""
        ...

    @property
    def quoted(self) -> int:
        """The most characters of a text of ours that a sentence quotes."""
        ...

    def items(self, ids: Sequence[str]) -> str:
        """Returns names for these ids; many are counted. Never raises: an unknown id is returned as it is."""
        ...

    def person(self, handle: str) -> str:
        """Returns the name of an author. `handle`: `@user@host`."""
        ...

    def time(self, moment: datetime) -> str:
        """Returns a time in the person's zone."""
        ...

    def way(self, verb: str, item: str = "") -> str:
        """Returns how this front end does a verb: a key, or a command with the id `item`."""
        ...


def people(naming: Naming, first: str, more: int) -> str:
    """Returns the name of the first of several people, and the number of the others."""
    return naming.person(first) + (f" and {more} more" if more else "")
