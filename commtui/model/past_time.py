"""Reads a time in the past, for `show --at`. Times to come are read by when.py."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Final

from commtui.model.loose_times import offsets, refuse_two_days, with_offset
from commtui.model.spans import parse_span
from commtui.model.times import LONGEST, WhenError, echo, find_zone

EXAMPLES: Final = "say 2h, 3d, 2026-11-27, 2026-11-27 14:30 or 2026-11-27T13:30:00Z"


def parse(text: str, now: datetime, zone: str) -> datetime:
    """The moment (aware, UTC), not after `now`, that `text` means in the IANA zone `zone`; a date is its first moment.

    A span (`2h`, `3d ago`), an ISO date or date-time with or without a zone, or what dateutil reads, where what is
    left out is that of today's beginning. Raises WhenError for a text that is no time, and for a time to come.
    """
    from zoneinfo import ZoneInfo  # 3 ms that most commands need not pay

    words = " ".join(text[: LONGEST + 1].split())
    if not words or len(text.strip()) > LONGEST:
        raise WhenError(f"no time in the past: {EXAMPLES}")
    wall = ZoneInfo(find_zone(zone))
    try:
        refuse_two_days(words, repr(words))
        moment = _span_ago(words, now) or _iso(words) or _dateutil(with_offset(words), now.astimezone(wall))
        at = (moment if moment.tzinfo else moment.replace(tzinfo=wall)).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        if isinstance(error, WhenError):
            raise
        raise WhenError(f"{words!r} is too far away: {EXAMPLES}") from None
    if at > now:
        raise WhenError(f"{words!r} is in the future: understood as {echo(at, zone)}; {EXAMPLES}")
    return at


def _span_ago(words: str, now: datetime) -> datetime | None:
    if not re.match(r"\d+ ?[a-z]", words.lower()):
        return None
    try:
        return now - parse_span(words.lower().removesuffix("ago"))
    except WhenError:
        return None


def _iso(words: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(words), time())
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(words.upper())
    except ValueError:
        return None


def _dateutil(words: str, wall: datetime) -> datetime:
    from dateutil.parser import parser  # 31 ms

    start = wall.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    try:
        moment: datetime = parser().parse(words, default=start, tzinfos=offsets(repr(words)))
    except WhenError:
        raise
    except Exception:  # noqa: BLE001 - dateutil lets IndexError, TypeError, decimal's and others out
        raise WhenError(f"{words!r} cannot be read as a time in the past: {EXAMPLES}") from None
    return moment
