"""Reads a text by the grammar of WHEN (see when.py) as a moment after now, in a zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

from commtui.model.loose_times import parsed, refuse_loose_spans, with_hours, with_named_months
from commtui.model.spans import SPAN, UNIT, UNITS, span_parts
from commtui.model.times import DAYS, MONTHS, WhenError, echo, wall_zone
from commtui.model.wall_clock import Irregular, irregular, moment_of

EXAMPLES: Final = "say 30m, 2h, 3d, tonight, tomorrow 9am, fri 14:30, next week, or 2030-11-27 09:00"
MORNING: Final = time(9)
EVENING: Final = time(20)
DEFAULTS: Final = (datetime(2024, 1, 1, 0), datetime(2028, 3, 2, 1))  # noqa: DTZ001 - dateutil puts the zone's offset in
"""For dateutil. They differ in all parts: a part in which the results agree stands in the text."""
_DAYS_IN_FULL: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS: Final = {
    **{name.lower(): index for names in (DAYS, _DAYS_IN_FULL) for index, name in enumerate(names)},
    "tues": 1,
    "thur": 3,
    "thurs": 3,
}
_PARTS: Final = {
    "morning": MORNING,
    "noon": time(12),
    "midday": time(12),
    "afternoon": time(15),
    "eod": time(17),
    "end of day": time(17),
    "evening": time(18),
    "night": EVENING,
}
_PART: Final = rf"(?:in the |this )?({'|'.join(_PARTS)})"
_TIME: Final = r"(?a)(\d{1,2})(?::(\d{2})(?::(\d{2}))?|\.(\d{2}))? ?(am|pm)?"
_DAY_WORD: Final = (
    "(today|tonight|tomorrow|tmrw|tmr|next week|next month"
    rf"|(?:next |this )?(?:weekend|{'|'.join(WEEKDAYS)}))"
)
_NEAR: Final = frozenset(("today", "tonight", "tomorrow", "tmrw", "tmr", "next week"))
"""After these a number alone is an hour; after a weekday it may be a day of the month."""
_DOTTED: Final = (
    rf"(?a)(?:({'|'.join(WEEKDAYS)})\.? )?(\d{{1,2}})\. ?(\d{{1,2}})\.(?: ?(\d{{4}})|(\d{{2}}))?(?: (?:at |um )?(.+))?"
)
"""A day and a month as they stand in German and many other languages: 31.12., 31.12.2026, 31.12. 14:00."""
_DAY: Final = rf"{_DAY_WORD}(?: (?:at )?(.+))?|(.+?) {_DAY_WORD}"
_A_SPAN: Final = rf"(half )?an? ({UNIT})"
_MONTH_NAMES: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
                       "October", "November", "December")  # fmt: skip


class Reader:
    """Reads one text."""

    def __init__(self, text: str, now: datetime, zone: str, offset: tzinfo | None = None) -> None:
        """`text`: as messages quote it. `now`: aware. `zone`: an IANA name. `offset`: goes before the zone."""
        self.text = text
        self.now = now
        self.zone = zone
        self.rules = offset or wall_zone(zone)
        self.wall = now.astimezone(self.rules)
        self.left_out: dict[datetime, str] = {}
        """The moments that stand for wall times that the clocks leave out, and these."""

    def read(self, words: str) -> datetime:
        """The moment (UTC, after now) that the words mean. Raises WhenError, OverflowError."""
        low = re.sub(r"(?a)(\d) ?([ap])\.m\.?(?=\s|$)", r"\1\2m", words.lower())
        low = re.sub(r"(?a)\b12(?::00)? (?=(?:noon|midday)\b)", "", low).removeprefix("on ")
        if low in ("yesterday", "last night", "last week", "last month"):
            raise WhenError(self._unread("is past"))
        low = with_hours(with_named_months(low, self.text), self._unread())
        self._refuse_two_meanings(low)
        if re.fullmatch(r"[+-]?\d+[.,]?\d*", low) and not _time(low):
            raise WhenError(self._unread("is only a number"))
        span = low.removeprefix("in ")
        if match := re.fullmatch(_A_SPAN, span):
            span = f"1{match[2]}" if not match[1] else {"m": "30s", "h": "30m", "d": "12h"}.get(match[2][0], span)
        if re.fullmatch(SPAN, span):
            return self._ahead(self._after(span_parts(span, self.text)))
        if match := re.fullmatch(_DAY, low):
            word, clock_words = match[1] or match[4], match[2] or match[3] or ""
            clock = _clock(clock_words) or (_hour(clock_words, word == "tonight") if word in _NEAR else None)
            if clock or match[0] == match[1]:
                return self._day(word, clock)
        if match := re.fullmatch(_PART, low.removeprefix("at ")):
            if low.startswith("this "):
                return self._ahead(self._utc(self.wall.date(), _PARTS[match[1]]))
            return self._next(self.wall.date(), _PARTS[match[1]], timedelta(days=1))
        at = low.removeprefix("at ")
        if clock := _time(at) or (_hour(at) if at != low else None):
            return self._next(self.wall.date(), clock, timedelta(days=1))
        if match := re.fullmatch(_DOTTED, low):
            clock_words = match[6] or ""
            clock = (_time(clock_words) or _hour(clock_words)) if clock_words else MORNING
            if clock:
                return self._dotted(match[1], int(match[2]), int(match[3]), match[4] or match[5] or "", clock)
        moment = self._iso(low.upper())
        return self._ahead(moment) if moment else self._dateutil(low)

    def _utc(self, day: date, clock: time) -> datetime:
        wall, rules = datetime.combine(day, clock.replace(tzinfo=None)), clock.tzinfo or self.rules
        at = moment_of(wall, rules)
        if not clock.tzinfo and irregular(wall, rules) is Irregular.LEFT_OUT:
            self.left_out[at] = wall.isoformat()
        return at

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
        start = moment_of(self.wall.replace(tzinfo=None) + days, self.rules) if days else self.now
        return start + timedelta(seconds=sum(UNITS[unit] * count for unit, count in parts.items()))

    def _day(self, word: str, clock: time | None) -> datetime:
        today = self.wall.date()
        monday = today + timedelta(days=7 - today.weekday())
        if word == "next month":
            first = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
            return self._ahead(self._utc(first, clock or MORNING))
        if word.startswith("next "):
            place = WEEKDAYS.get({"weekend": "sat", "week": "mon"}.get(word[5:], word[5:]), 0)
            return self._ahead(self._utc(monday + timedelta(days=place), clock or MORNING))
        word = word.removeprefix("this ").replace("weekend", "sat")
        if word in ("tomorrow", "tmrw", "tmr"):
            return self._ahead(self._utc(today + timedelta(days=1), clock or MORNING))
        if word == "tonight":
            if clock and clock < time(5):
                return self._next(today, clock, timedelta(days=1))
            return self._ahead(self._utc(today, clock or EVENING))
        if word == "today":
            return self._ahead(self._utc(today, clock or MORNING), "say a later time, such as today 23:30, or tomorrow")
        day = today + timedelta(days=(WEEKDAYS[word] - today.weekday()) % 7)
        return self._next(day, clock or MORNING, timedelta(days=7))

    def _refuse_two_meanings(self, low: str) -> None:
        """`10.12` is a time to some and a day to others; and no calendar has the 31st of April. Raises WhenError."""
        last = low.rpartition(" ")[2]
        if (
            not low.startswith(("to", "tm", "at "))
            and re.fullmatch(r"(?a)\d{1,2}\.(0[1-9]|1[0-2])", last)
            and _time(last)
        ):
            hour, minute = last.split(".")
            raise WhenError(f"{self.text} could be a time or a day: say {hour}:{minute}, or {last}. for the day")
        names = "|".join(name[:3].lower() for name in _MONTH_NAMES)
        iso = re.match(r"(?a)(\d{4})-(\d{2})-(\d{2})(?!\d)", low)
        named = re.search(rf"(?a)(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|\.)? ({names})[a-z]*(?: (\d{{4}}))?(?![a-z0-9])", low)
        year, month, day = 2024, 0, 0
        if iso:
            year, month, day = int(iso[1]), int(iso[2]), int(iso[3])
        elif named:
            month, day = names.split("|").index(named[2]) + 1, int(named[1])
            year = int(named[3]) if named[3] else 2024
        if 1 <= month <= 12 and 28 < day < 32 and year:
            try:
                date(year, month, day)
            except ValueError:
                tail = f" in {year}" if (month, day) == (2, 29) else ""
                raise WhenError(self._unread(f"is no day: there is no {day} {_MONTH_NAMES[month - 1]}{tail}")) from None

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

    def _dotted(self, weekday: str | None, day: int, month: int, year: str, clock: time) -> datetime:
        """Day before month, whatever the machine's language; two figures of a year are of this century."""
        try:
            read = datetime(int(year) + 2000 * (len(year) == 2) if year else 2024, month, day, tzinfo=UTC)
        except ValueError:
            raise WhenError(self._unread("is no day of the calendar")) from None
        weekdays = {WEEKDAYS[weekday]} if weekday else set()
        return self._of_weekday(self._dated(read, (bool(year), True, True), clock, weekdays), clock, weekdays)

    def _dateutil(self, low: str) -> datetime:
        """What dateutil reads; parts that the text leaves out follow our rules, not dateutil's."""
        refuse_loose_spans(low, self.text)
        dotted = bool(re.search(r"\d\.\d{1,2}\.", low))
        one, two = parsed(low.upper(), self.text, self._unread(), *DEFAULTS, dayfirst=dotted)
        clock = one.time() if one.hour == two.hour else MORNING
        if (shift := one.utcoffset()) is not None:
            clock = clock.replace(tzinfo=timezone(shift))
        weekdays = {WEEKDAYS[word] for word in re.findall(r"[a-z]+", low) if word in WEEKDAYS}
        at = self._dated(one, (one.year == two.year, one.month == two.month, one.day == two.day), clock, weekdays)
        return self._of_weekday(at, clock, weekdays)

    def _of_weekday(self, at: datetime, clock: time, weekdays: set[int]) -> datetime:
        local = at.astimezone(clock.tzinfo or self.rules)
        for wrong in weekdays - {local.weekday()}:
            day = f"{local.day} {MONTHS[local.month - 1]} {local.year}"
            names = f"{_DAYS_IN_FULL[local.weekday()]}, not a {_DAYS_IN_FULL[wrong]}"
            raise WhenError(f"{self.text}: {day} is a {names}; say one of them")
        return at

    def _dated(self, read: datetime, has: tuple[bool, bool, bool], clock: time, weekdays: set[int]) -> datetime:
        """The first moment ahead with those parts of `read` that the text has: `has` year, month, day."""
        today = self.now.astimezone(clock.tzinfo or self.rules).date()
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


def _clock(text: str) -> time | None:
    """A time, or a part of the day by its name."""
    part = re.fullmatch(_PART, text)
    return _PARTS[part[1]] if part else _time(text)


def _time(text: str) -> time | None:
    match = re.fullmatch(_TIME, text)
    if not match or not (match[2] or match[4] or match[5]):
        return None
    hour, minute, second = int(match[1]), int(match[2] or match[4] or 0), int(match[3] or 0)
    if match[5]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[5] == "pm" else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _hour(text: str, evening: bool = False) -> time | None:
    """An hour alone, `9` or `14`; `evening`: of the two that a clock shows so, the later one."""
    if not re.fullmatch(r"(?a)\d{1,2}", text) or int(text) > 23:
        return None
    hour = int(text)
    return time(hour + 12 if evening and 5 <= hour < 12 else hour)
