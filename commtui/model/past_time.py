"""Reads a time in the past, for `show --at`. Times to come are read by when.py."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final

from commtui.model.loose_times import (
    parsed,
    plain,
    refuse_loose_spans,
    split_offset,
    split_zone,
    with_hours,
    with_named_months,
)
from commtui.model.spans import parse_span
from commtui.model.times import LONGEST, WhenError, echo, find_zone, quoted, wall_zone

EXAMPLES: Final = "say 2h, 3d, 2026-11-27, 2026-11-27 14:30 or 2026-11-27T13:30:00Z"
UNREAD: Final = f"cannot be read as a time in the past: {EXAMPLES}"
_DAY_FIRST: Final = r"(?a)(?<![\w.])(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})(?![\w.])"


def parse(text: str, now: datetime, zone: str) -> datetime:
    """The moment (aware, UTC), not after `now`, that `text` means in the IANA zone `zone`; a date is its first moment.

    A span (`2h`, `3d ago`), an ISO date or date-time, a date with dots (the day first), each with or without a zone, or
    what dateutil reads, where what is left out is that of today's beginning. Raises WhenError for a text that is no
    time, and for a time to come.
    """
    shown = quoted(text)
    if len(text.strip()) > LONGEST:
        raise WhenError(f"no time in the past: {EXAMPLES}")
    words, zone = split_zone(plain(text), find_zone(zone))
    words, offset = split_offset(words, shown)
    if not words:
        raise WhenError(f"no time in the past: {EXAMPLES}")
    wall = offset or wall_zone(zone)
    try:
        at = _read(words, shown, now, wall).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        if isinstance(error, WhenError):
            raise
        raise WhenError(f"{shown} is too far away: {EXAMPLES}") from None
    if at > now:
        raise WhenError(f"{shown} is in the future: understood as {echo(at, zone)}; {EXAMPLES}")
    return at


def _read(words: str, shown: str, now: datetime, wall: tzinfo) -> datetime:
    """The moment, aware. Raises WhenError, ValueError, OverflowError."""
    if span := _span_ago(words, now):
        return span
    words = words.removeprefix("at ")
    if re.fullmatch(r"(?a)\d+(?:[.,]\d*)?", words):
        raise WhenError(f"{shown} is only a number: {EXAMPLES}")
    words = with_hours(with_named_months(words, shown), f"{shown} {UNREAD}")
    refuse_loose_spans(words.lower(), shown)
    words = re.sub(_DAY_FIRST, lambda day: f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}", words)
    moment = _iso(words) or _dateutil(words, shown, now.astimezone(wall))
    return moment if moment.tzinfo else moment.replace(tzinfo=wall)


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


def _dateutil(words: str, shown: str, wall: datetime) -> datetime:
    start = wall.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    return parsed(words, shown, f"{shown} {UNREAD}", start)[0]
