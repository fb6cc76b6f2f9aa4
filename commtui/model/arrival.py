"""When something came. Whoever writes a text chooses its date, so that date alone decides nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No network that people write on is older: an earlier date is wrong."""


def bounded(moment: datetime | None, now: datetime) -> datetime | None:
    """A time of something that happened, in UTC, at most `now`; None for one that is missing or wrong.

    A date in the future is wrong too, but for a server whose clock is at most a day ahead of ours.
    """
    if moment is None or moment < EARLIEST or (moment - now).days >= 1:
        return None
    return min(moment.astimezone(UTC), now)


def arrived(noticed: datetime | None, written: datetime | None, now: datetime) -> datetime:
    """When a text came: when our server noticed it, else the date that its author gave, else `now`."""
    return bounded(noticed, now) or bounded(written, now) or now
