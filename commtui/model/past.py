"""Times that have been: what `show --at` is told. The times to come are read by when.py."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Final

from commtui.model.when import LONGEST, WhenError, echo, find_zone, parse_span

EXAMPLES: Final = "say 2h, 3d, 2026-11-27, 2026-11-27 14:30 or 2026-11-27T13:30:00Z"


def parse(text: str, now: datetime, zone: str) -> datetime:
    """The moment (aware, UTC), not after `now`, that `text` means in the IANA zone `zone`; a date is its first moment.

    A span (`2h`, `3d ago`), an ISO date or date-time with or without a zone, or what dateutil reads, with what is
    left out from today's beginning. Raises WhenError: for what cannot be read, and for what is still to come.
    """
    from zoneinfo import ZoneInfo  # 3 ms that most commands need not pay

    said = " ".join(text[: LONGEST + 1].split())
    if not said or len(text.strip()) > LONGEST:
        raise WhenError(f"no time that has been: {EXAMPLES}")
    place = ZoneInfo(find_zone(zone))
    try:
        moment = _span_ago(said, now) or _iso(said) or _dateutil(said, now.astimezone(place))
        at = (moment if moment.tzinfo else moment.replace(tzinfo=place)).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        if isinstance(error, WhenError):
            raise
        raise WhenError(f"{said!r} is too far away: {EXAMPLES}") from None
    if at > now:
        raise WhenError(f"{said!r} is in the future: understood as {echo(at, zone)}; {EXAMPLES}")
    return at


def _span_ago(said: str, now: datetime) -> datetime | None:
    if not re.match(r"\d+ ?[a-z]", said.lower()):
        return None
    try:
        return now - parse_span(said.lower().removesuffix("ago"))
    except WhenError:
        return None


def _iso(said: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(said), time())
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(said.upper())
    except ValueError:
        return None


def _dateutil(said: str, wall: datetime) -> datetime:
    from dateutil.parser import parser  # 31 ms

    start = wall.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    try:
        found: datetime = parser().parse(said, default=start)
    except Exception:  # noqa: BLE001 - dateutil lets IndexError, TypeError, decimal's and others out
        raise WhenError(f"{said!r} cannot be read as a time that has been: {EXAMPLES}") from None
    return found
