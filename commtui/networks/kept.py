"""What is kept of a login from one run of the program to the next: what its server asked for, and what it used up."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Waits(Protocol):
    """Until when servers asked to wait. It is kept: each run of a program begins where the one before ended."""

    def until(self, name: str) -> datetime | None:
        """The moment that was kept under a name; None: there is none."""
        ...

    def keep(self, name: str, until: datetime) -> None:
        """Keeps a moment. `name` has no blank where it concerns every account of a server, else it is the account's."""
        ...


class Spent(Protocol):
    """What an account has used up of what its server allows for writes. It is kept, as `Waits` are."""

    def entries(self) -> list[tuple[datetime, int]]:
        """The points of the last day, and when they were spent, or up to ten minutes later."""
        ...

    def add(self, points: int) -> bool:
        """Keeps points that are spent now; False where that is not possible."""
        ...
