"""WHEN, the one grammar for the time of a snooze or a post; and spans, and how times are said on the screen.

Read in this order, whatever the case and the spaces:

- a span: `30m`, `2h`, `3d`, `1w`, `1h30m`, `in 2 hours`, `in an hour`, `a week`;
- `today`, `tonight`, `tomorrow` (`tmrw`), `mon`..`sun` (or in full), `weekend` (its Saturday), alone or with a time or
  a part of the day; after `today`, `tonight`, `tomorrow` and `next week` also with an hour alone, `tomorrow 9`;
- `next week` (its Monday), `next mon`..`next sun` and `next weekend` (the day of the calendar week that begins with the
  next Monday), `next month` (its first day), alone or with a time;
- a part of the day: `morning` 9:00, `noon` 12:00, `afternoon` 15:00, `eod` 17:00, `evening` 18:00, `night` 20:00: the
  next one, with `this` today's;
- a time alone, `14:30`, `14.30` or `9am`: the next one (`10.12` could be a day as well, and is refused);
- day and month with dots, `31.12.`, `31.12. 14:00`, `31.12.2026`: always the day first;
- an ISO date or date-time, with or without a zone, or what dateutil's parser reads. Without a year: the next such date.

A day without a time is 09:00, tonight 20:00; tonight before 05:00 is the night that follows. A weekday is today's, too,
while its time is ahead. An IANA zone at the end (`fri 9:00 Europe/Berlin`) goes before the caller's. A wall time that
the change of clocks leaves out moves forward by the gap; one that occurs twice is the first. Seconds, minutes and hours
of a span are elapsed time; its days and weeks keep the wall time.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from msgspec import Struct

EXAMPLES: Final = "say 30m, 2h, 3d, tonight, tomorrow 9am, fri 14:30, next week, or 2030-11-27 09:00"
LONGEST: Final = 120
"""Characters of a text that can be a time."""

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
# Patterns stay text until they are used: compiling them all costs 8 ms, and most commands read no time.
UNIT: Final = r"(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)"
SPAN: Final = rf"(?a)(?:\d{{1,9}} ?{UNIT}(?![a-z]) ?)+"
_SPAN_PART: Final = rf"(?a)(\d+) ?({UNIT})"
_ZONE: Final = r"(?ai)(?:(.*)\s)?([a-z][a-z0-9_+-]*(?:/[a-z][a-z0-9_+-]*)+|utc|gmt)"


class When(Struct, frozen=True):
    """A moment to come, and the IANA zone in which it was meant."""

    at: datetime
    """Aware, in UTC."""
    zone: str


class WhenError(ValueError):
    """What was said is no time to come. One line: the text, what was understood, what can be said."""


def parse(text: str, now: datetime, zone: str) -> When:
    """The moment, always after `now` (aware), that `text` means in the IANA zone `zone`. Raises WhenError."""
    said = " ".join(re.sub(r",(?=\s|$)", " ", text[: LONGEST + 1]).split())
    if len(text.strip()) > LONGEST:
        raise WhenError(f"{_quoted(text)} is too long for a time: {EXAMPLES}")
    if match := re.fullmatch(_ZONE, said):
        said, zone = match[1] or "", find_zone(match[2])
    if not said:
        raise WhenError(f"no time given: {EXAMPLES}")
    from commtui.model.times import Reader  # most commands read no time

    reader = Reader(_quoted(text), now.astimezone(UTC), find_zone(zone))
    try:
        return When(reader.read(said), reader.zone)
    except OverflowError:
        raise WhenError(f"{reader.text} is too far away: {EXAMPLES}") from None


def find_zone(name: str) -> str:
    """The IANA name, in its own case, that `name` means. Raises WhenError for what is none."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):  # KeyError: not found; OSError: a folder such as `Europe`
        from zoneinfo import available_timezones  # reads the whole folder

        for known in available_timezones():
            if known.lower() == name.lower():
                return known
    raise WhenError(f"{_quoted(name)} is no time zone: say Europe/Berlin, America/New_York or UTC") from None


def wall_zone(name: str) -> tzinfo:
    """The rules of the zone of that name."""
    if name in ("UTC", "Etc/UTC"):
        return UTC
    from zoneinfo import ZoneInfo  # 3 ms, and where nothing is scheduled no time is said

    return ZoneInfo(name)


def _quoted(text: str) -> str:
    return repr(text.strip() if len(text) <= 60 else text[:59] + "…")


def span_parts(text: str, quoted: str) -> dict[str, int]:
    """Unit (s m h d w) to count. Raises WhenError for a unit said twice."""
    parts: dict[str, int] = {}
    for count, unit in re.findall(_SPAN_PART, text):
        if unit[0] in parts:
            raise WhenError(f"{quoted} has the same unit twice: say 30m, 2h or 1h30m")
        parts[unit[0]] = int(count)
    return parts


def parse_span(text: str) -> timedelta:
    """The length that `10s`, `30m`, `1h30m`, `2 days` means; a day is 24 hours here. Raises WhenError."""
    low = " ".join(text[:LONGEST].lower().split())
    if not re.fullmatch(SPAN, low) or len(text.strip()) > LONGEST:
        raise WhenError(f"{_quoted(text)} is no length of time: say 10s, 30m, 2h, 1h30m, 3d or 1w")
    try:
        return timedelta(seconds=sum(UNITS[unit] * count for unit, count in span_parts(low, _quoted(text)).items()))
    except OverflowError:
        raise WhenError(f"{_quoted(text)} is too long: say 10s, 30m, 2h, 1h30m, 3d or 1w") from None


def span_text(span: timedelta) -> str:
    """The shortest text that parse_span reads as `span`, down to whole seconds. Raises ValueError below zero."""
    if span < timedelta(0):
        raise ValueError(f"a length below zero: {span!r}")
    seconds = span // timedelta(seconds=1)
    parts = []
    for unit in "wdhms":
        count, seconds = divmod(seconds, UNITS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def echo(at: datetime, zone: str, now: datetime | None = None) -> str:
    """`at` in full, in English and to the minute: `Fri 27 Nov 09:00 Europe/Berlin`.

    The year stands after the month unless it is that of `now`. A wall time's second occurrence, when clocks go back,
    carries its offset (`02:30+01:00`), so that `parse` reads every echo as the moment it was made of.
    """
    local = at.astimezone(wall_zone(zone))
    year = "" if now and now.astimezone(local.tzinfo).year == local.year else f" {local.year}"
    offset = local.isoformat()[-6:] if local.fold else ""
    day = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}{year}"
    return f"{day} {local.hour:02}:{local.minute:02}{offset} {zone}"


def ago(then: datetime, now: datetime) -> str:
    """How long since `then`, rounded down: `now`, `5m`, `3h`, `2d` (to 13), `6w` (to 52), `2y`."""
    seconds = (now - then) // timedelta(seconds=1)
    if seconds < 60:
        return "now"
    for unit, below, size in (("m", 3600, 60), ("h", 86400, 3600), ("d", 1209600, 86400), ("w", 31536000, 604800)):
        if seconds < below:
            return f"{seconds // size}{unit}"
    return f"{seconds // 31536000}y"


def countdown(until: datetime, now: datetime) -> str:
    """How long until: `9s`, `4m59s`, `2h05m`, `3d4h`; `now` once it is reached. Seconds are rounded up."""
    seconds = -((now - until) // timedelta(seconds=1))
    if seconds <= 0:
        return "now"
    if seconds < 60:
        return f"{seconds}s"
    if seconds < 3600:
        return f"{seconds // 60}m{seconds % 60:02}s"
    if seconds < 86400:
        return f"{seconds // 3600}h{seconds // 60 % 60:02}m"
    return f"{seconds // 86400}d{seconds // 3600 % 24}h"
