"""What the screen of the report asks the inbox to do, and what is kept of it while a row of it is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from msgspec import Struct

from commtui.triage.report_figures import By
from commtui.ui.text.report_lines import Line

PERIODS: Final = ("last 7 days", "last 30 days", "last 90 days", "month before")
"""The periods that a key goes through."""


class Read(Struct, frozen=True):
    """A report as it was read: its period in words and its lines, or why there is none."""

    period: str = ""
    lines: Sequence[Line] = ()
    problem: str = ""


class Place(Struct):
    """Where the person is in the report."""

    period: int = 1
    """The place in PERIODS."""
    by: By | None = None
    read: Read | None = None
    row: int = 0
    """The line that the cursor points to."""
    top: int = 0
    """The first visible line."""
    number: int = 0
    """Which of the numbers of that line stands in brackets."""


class RowsPlace(Struct):
    """Where the person is in the rows behind a number; the newest are the first."""

    ids: Sequence[str]
    about: str
    row: int = 0


class ReportActions(Protocol):
    """What the inbox does about a report."""

    async def read(self, place: Place, show: Callable[[int], None]) -> Read:
        """Reads the report of a place in a thread. `show`: called now and then with how many records were read."""
        ...

    def open(self, identity: str, place: Place, rows: RowsPlace) -> None:
        """Opens a message, a conversation or a person in the inbox, whose end leads back to these rows."""
        ...
