"""The one source of time: handed down from main, so that tests and benchmarks can bring their own."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Annotated, Protocol

from msgspec import Meta

AwareDatetime = Annotated[datetime, Meta(tz=True)]
"""The type of a time in a record: reading one without a zone fails."""


class Clock(Protocol):
    """Tells the time and waits. Nothing else in commtui asks the operating system for either."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for measuring spans."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Waits; ends early only by cancellation."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        import asyncio  # 25 ms that a status command need not pay

        await asyncio.sleep(seconds)


class Moment(SystemClock):
    """A clock that stands still: what was true then is asked of it."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


def to_iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`: the one form in the store and in JSON; it sorts as text.

    Raises ValueError for a naive datetime: every time in commtui is aware.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {moment!r}")
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"  # instead of +00:00


def from_iso(text: str) -> datetime:
    """The aware moment, in UTC, of an ISO 8601 text; one without a zone is taken as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"out of range in UTC: {text!r}") from None
