"""WHEN, the one grammar for the time of a snooze or a post; and spans, and how times are said on the screen.

Read in this order, whatever the case and the spaces:

- a span: `30m`, `2h`, `3d`, `1w`, `1h30m`, `in 2 hours`;
- `today`, `tonight`, `tomorrow`, `mon`..`sun` (or in full), `next week` (its Monday), alone or with a time;
- a time alone, `14:30` or `9am`: the next one;
- an ISO date or date-time, with or without a zone, or what dateutil's parser reads. Without a year: the next such date.

A day without a time is 09:00, tonight 20:00; tonight before 05:00 is the night that follows. A weekday is today's, too,
while its time is ahead. An IANA zone at the end (`fri 9:00 Europe/Berlin`) goes before the caller's. A wall time that
the change of clocks leaves out moves forward by the gap; one that occurs twice is the first. Seconds, minutes and hours
of a span are elapsed time; its days and weeks keep the wall time.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

from commtui.model.record import record

EXAMPLES: Final = "say 30m, 2h, 3d, tonight, tomorrow 9am, fri 14:30, next week, or 2030-11-27 09:00"
MORNING: Final = time(9)
EVENING: Final = time(20)
LONGEST: Final = 120
"""Characters of a text that can be a time."""

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAYS_IN_FULL: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS: Final = {
    **{name.lower(): index for names in (_DAYS, _DAYS_IN_FULL) for index, name in enumerate(names)},
    "tues": 1,
    "thur": 3,
    "thurs": 3,
}

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
# Patterns stay text until they are used: compiling them all costs 8 ms, and most commands read no time.
_UNIT: Final = r"(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)"
_SPAN: Final = rf"(?a)(?:\d{{1,9}} ?{_UNIT}(?![a-z]) ?)+"
_SPAN_PART: Final = rf"(?a)(\d+) ?({_UNIT})"
_LOOSE_SPAN: Final = rf"(?a)\d ?{_UNIT}(?![a-z0-9])"
_TIME: Final = r"(?a)(\d{1,2})(?::(\d{2})(?::(\d{2}))?)? ?(am|pm)?"
_DAY_WORD: Final = rf"(today|tonight|tomorrow|next week|{'|'.join(_WEEKDAYS)})"
_DAY: Final = rf"{_DAY_WORD}(?: (?:at )?(.+))?|(.+) {_DAY_WORD}"
_ZONE: Final = r"(?ai)(?:(.*)\s)?([a-z][a-z0-9_+-]*(?:/[a-z][a-z0-9_+-]*)+|utc|gmt)"


@record
class When:
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
    reader = _Reader(_quoted(text), now.astimezone(UTC), find_zone(zone))
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


def _zone(name: str) -> tzinfo:
    if name in ("UTC", "Etc/UTC"):
        return UTC
    from zoneinfo import ZoneInfo  # 3 ms, and where nothing is scheduled no time is said

    return ZoneInfo(name)


def _quoted(text: str) -> str:
    return repr(text.strip() if len(text) <= 60 else text[:59] + "…")


class _Reader:
    """One text, one now, one zone."""

    def __init__(self, text: str, now: datetime, zone: str) -> None:
        self.text = text
        self.now = now
        self.zone = zone
        self.wall = now.astimezone(_zone(zone))

    def read(self, said: str) -> datetime:
        low = said.lower()
        if re.fullmatch(r"[+-]?\d+[.,]?\d*", low):
            raise WhenError(self._unread("is only a number"))
        spanned = low.removeprefix("in ")
        if re.fullmatch(_SPAN, spanned):
            return self._ahead(self._after(_span_parts(spanned, self.text)))
        if match := re.fullmatch(_DAY, low):
            clock = _time(match[2] or match[3] or "")
            if clock or match[0] == match[1]:
                return self._day(match[1] or match[4], clock)
        if clock := _time(low.removeprefix("at ")):
            return self._next(self.wall.date(), clock, timedelta(days=1))
        moment = self._iso(low.upper())
        return self._ahead(moment) if moment else self._dateutil(low)

    def _utc(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=clock.tzinfo or _zone(self.zone)).astimezone(UTC)

    def _ahead(self, at: datetime, hint: str = "") -> datetime:
        if at.year > 9998:  # no room left for any zone's offset
            raise OverflowError
        if at > self.now:
            return at
        when = "past" if at < self.now else "now"
        raise WhenError(f"{self.text} is {when}: understood as {echo(at, self.zone)}; {hint or EXAMPLES}")

    def _unread(self, why: str = "cannot be read as a time") -> str:
        return f"{self.text} {why}: {EXAMPLES}"

    def _next(self, day: date, clock: time, step: timedelta) -> datetime:
        at = self._utc(day, clock)
        return self._ahead(at if at > self.now else self._utc(day + step, clock))

    def _after(self, parts: dict[str, int]) -> datetime:
        days = timedelta(days=parts.pop("d", 0), weeks=parts.pop("w", 0))
        start = (self.wall + days).astimezone(UTC) if days else self.now
        return start + timedelta(seconds=sum(_UNITS[unit] * count for unit, count in parts.items()))

    def _day(self, word: str, clock: time | None) -> datetime:
        today = self.wall.date()
        if word == "next week":
            return self._ahead(self._utc(today + timedelta(days=7 - today.weekday()), clock or MORNING))
        if word == "tomorrow":
            return self._ahead(self._utc(today + timedelta(days=1), clock or MORNING))
        if word == "tonight":
            if clock and clock < time(5):
                return self._next(today, clock, timedelta(days=1))
            return self._ahead(self._utc(today, clock or EVENING))
        if word == "today":
            return self._ahead(self._utc(today, clock or MORNING), "say a later time, such as today 23:30, or tomorrow")
        day = today + timedelta(days=(_WEEKDAYS[word] - today.weekday()) % 7)
        return self._next(day, clock or MORNING, timedelta(days=7))

    def _iso(self, text: str) -> datetime | None:
        try:
            return self._utc(date.fromisoformat(text), MORNING)
        except ValueError:
            pass
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        return self._utc(moment.date(), moment.timetz())

    def _dateutil(self, low: str) -> datetime:
        """What dateutil reads, with what it would guess from today's date found by rule instead."""
        if re.search(_LOOSE_SPAN, low):  # dateutil reads `2 hours 3` as two o'clock
            raise WhenError(self._unread("is neither a span nor a date"))
        from dateutil.parser import parser  # 31 ms

        def offset(name: str | None, seconds: int | None) -> int | None:
            if name and seconds is None:
                raise WhenError(f"{self.text} has an unknown zone, {name}: say it as Europe/Berlin or +01:00")
            return seconds

        try:
            # Two defaults that differ in all parts: a part in which the results agree was said.
            one = parser().parse(low.upper(), default=datetime(2024, 1, 1, 0), tzinfos=offset)  # noqa: DTZ001
            two = parser().parse(low.upper(), default=datetime(2028, 3, 2, 1), tzinfos=offset)  # noqa: DTZ001
            shift = one.utcoffset()
        except WhenError:
            raise
        except Exception:  # noqa: BLE001 - dateutil lets IndexError, TypeError, decimal's and others out
            raise WhenError(self._unread()) from None
        clock = one.time() if one.hour == two.hour else MORNING
        if shift is not None:
            clock = clock.replace(tzinfo=timezone(shift))
        weekdays = {_WEEKDAYS[word] for word in re.findall(r"[a-z]+", low) if word in _WEEKDAYS}
        at = self._dated(one, (one.year == two.year, one.month == two.month, one.day == two.day), clock, weekdays)
        local = at.astimezone(clock.tzinfo or _zone(self.zone))
        for wrong in weekdays - {local.weekday()}:
            day = f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
            names = f"{_DAYS_IN_FULL[local.weekday()]}, not a {_DAYS_IN_FULL[wrong]}"
            raise WhenError(f"{self.text}: {day} is a {names}; say one of them")
        return at

    def _dated(self, read: datetime, has: tuple[bool, bool, bool], clock: time, weekdays: set[int]) -> datetime:
        """The first moment ahead with the parts of `read` that were said: `has` year, month, day."""
        today = self.now.astimezone(clock.tzinfo or _zone(self.zone)).date()
        if has == (False, False, False) and not weekdays:
            return self._next(today, clock, timedelta(days=1))
        if not has[2]:
            raise WhenError(self._unread("has no day of the month"))
        if all(has):
            return self._ahead(self._utc(read.date(), clock))
        at = None
        for year in (read.year,) if has[0] else range(today.year, today.year + 9):  # 8 years can lie between 29 Febs
            for month in (read.month,) if has[1] else range(1, 13):
                try:
                    at = self._utc(date(year, month, read.day), clock)
                except ValueError:  # 31 Sep
                    continue
                if at > self.now:
                    return self._ahead(at)
        if at is None:
            raise WhenError(self._unread("is no day of the calendar"))
        return self._ahead(at)


def _time(text: str) -> time | None:
    match = re.fullmatch(_TIME, text)
    if not match or not (match[2] or match[4]):
        return None
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4] == "pm" else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _span_parts(text: str, quoted: str) -> dict[str, int]:
    parts: dict[str, int] = {}
    for count, unit in re.findall(_SPAN_PART, text):
        if unit[0] in parts:
            raise WhenError(f"{quoted} has the same unit twice: say 30m, 2h or 1h30m")
        parts[unit[0]] = int(count)
    return parts


def parse_span(text: str) -> timedelta:
    """The length that `10s`, `30m`, `1h30m`, `2 days` means; a day is 24 hours here. Raises WhenError."""
    low = " ".join(text[:LONGEST].lower().split())
    if not re.fullmatch(_SPAN, low) or len(text.strip()) > LONGEST:
        raise WhenError(f"{_quoted(text)} is no length of time: say 10s, 30m, 2h, 1h30m, 3d or 1w")
    try:
        return timedelta(seconds=sum(_UNITS[unit] * count for unit, count in _span_parts(low, _quoted(text)).items()))
    except OverflowError:
        raise WhenError(f"{_quoted(text)} is too long: say 10s, 30m, 2h, 1h30m, 3d or 1w") from None


def span_text(span: timedelta) -> str:
    """The shortest text that parse_span reads as `span`, down to whole seconds. Raises ValueError below zero."""
    if span < timedelta(0):
        raise ValueError(f"a length below zero: {span!r}")
    seconds = span // timedelta(seconds=1)
    parts = []
    for unit in "wdhms":
        count, seconds = divmod(seconds, _UNITS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def echo(at: datetime, zone: str, now: datetime | None = None) -> str:
    """`at` in full, in English and to the minute: `Fri 27 Nov 09:00 Europe/Berlin`.

    The year stands after the month unless it is that of `now`. A wall time's second occurrence, when clocks go back,
    carries its offset (`02:30+01:00`), so that `parse` reads every echo as the moment it was made of.
    """
    local = at.astimezone(_zone(zone))
    year = "" if now and now.astimezone(local.tzinfo).year == local.year else f" {local.year}"
    offset = local.isoformat()[-6:] if local.fold else ""
    day = f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}{year}"
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
