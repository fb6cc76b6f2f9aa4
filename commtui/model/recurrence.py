"""REPEAT: the times of a series of posts, as a person writes them, and as an RRULE (RFC 5545).

`every day 9:00`, `every 3 days`, `every mon,thu 9:00`, `weekdays 9:00,17:30`, `every 2 weeks fri 10:00`, `every month
on the 1st,15th 9:00`, `every 3 months on the last day`, `every month on the first mon 9am`; then a zone, if it is not
the person's; then `until` a day or a time (WHEN), or `for 10 times`. Days and times are those of slots (slots.py);
without a time it is 9:00. A month without the day has none. What happens where clocks change is the rule of
wall_clock.py; times that come to the same minute by it are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from commtui.model import dateutil_errors, when
from commtui.model.loose_times import plain, split_zone
from commtui.model.slots import EXAMPLES as SLOTS
from commtui.model.slots import SlotError, clock_of, weekdays_of
from commtui.model.times import LONGEST, WhenError, find_zone, in_zone, quoted, wall_zone
from commtui.model.wall_clock import moment_of

if TYPE_CHECKING:
    from dateutil.rrule import rrule, rruleset

EXAMPLES: Final = "say every mon,thu 9:00, every 2 weeks fri 10:00 until 31.12., or every month on the 1st for 10 times"
MOST_TIMES: Final = 1000
MOST_APART: Final = 120
"""Days, weeks or months between two times, at most."""
_DAY_CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNITS: Final = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY"}
_ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_FILLERS: Final = frozenset(("on", "the", "at", "and"))
_MORNING: Final = time(9)
_LONG_AGO: Final = datetime.fromisoformat("0001-01-03")
_END: Final = r"(.*?) (?:(until|till) (.+)|for (\d+) times?)"
_HAS_TIME: Final = r"(?a)\d:\d\d|\d ?[ap]\.?m|noon|midday|eod|evening|night|afternoon|morning|\d ?[smhdw]\b"
_PAST: Final = timedelta(days=2)
"""By how much the clocks of a zone can differ from UTC, and a gap can move a time."""


class Recurrence(Struct, frozen=True):
    """The times of a series."""

    rule: str
    """DTSTART, which is the first time, and RRULEs, of wall times without a zone, apart by new lines. Where the times
    were changed from a time on, the earlier rules stand first, and end before it."""
    zone: str


class Occurrence(NamedTuple):
    """One time of a series."""

    wall: str
    """As the rule has it, in ISO 8601: `2026-11-30T09:00`."""
    at: datetime
    """The moment, in UTC."""


def parse(text: str, now: datetime, zone: str) -> Recurrence:
    """The times after `now` (aware) that a text means, in the IANA zone `zone`. Raises WhenError."""
    if len(text.strip()) > LONGEST:
        raise WhenError(f"{quoted(text)} is too long: {EXAMPLES}")
    words, zone = split_zone(plain(text.lower()), find_zone(zone))
    end = re.fullmatch(_END, words)
    head, own_zone = split_zone(end[1] if end else words, zone)
    reader = _Reader(text, head.replace(",", " ").split())
    rules = wall_zone(own_zone)
    wall_now = in_zone(now, rules).replace(tzinfo=None)
    today = datetime.combine(wall_now.date(), time())
    soonest = reader.lines(today, interval=1)
    first = next((one for one in _all(soonest, own_zone, wall_now - _PAST) if one.at > now), None)
    if first is None:
        raise WhenError(f"{quoted(text)} never comes: {EXAMPLES}")
    start = datetime.fromisoformat(first.wall)
    last = None
    if end and end[4]:
        last = _nth(reader.lines(start), own_zone, now, int(end[4]), text)
    elif end:
        last = in_zone(_until(end[3], now, own_zone, text), rules).replace(tzinfo=None)
        if last < start:
            raise WhenError(f"{quoted(text)} ends before it begins: {EXAMPLES}")
    return Recurrence(reader.lines(start, last), own_zone)


def is_readable(recurrence: Recurrence) -> bool:
    """Whether its rule is one: a record that comes with a backup may say anything."""
    try:
        next(_all(recurrence.rule, recurrence.zone, _LONG_AGO), None)
    except (WhenError, TypeError):  # TypeError: its times have a zone
        return False
    return True


def occurrences(recurrence: Recurrence, after: datetime, until: datetime) -> Iterator[Occurrence]:
    """The times after a moment and up to another one, in their order. Raises WhenError for what is no rule."""
    wall = in_zone(after, wall_zone(recurrence.zone)).replace(tzinfo=None)
    for one in _all(recurrence.rule, recurrence.zone, wall - _PAST):
        if one.at > until:
            return
        if one.at > after:
            yield one


def followed_by(before: Recurrence, later: Recurrence, since: datetime, now: datetime) -> Recurrence:
    """The times of `before` until a moment, then those of `later`, which has none before it.

    Raises WhenError where both count and have different zones.
    """
    last = in_zone(since, wall_zone(before.zone)).replace(tzinfo=None) - timedelta(seconds=1)
    rule = re.sub(r"(?m)^(RRULE:.*?)(?:;UNTIL=(\w+))?$", lambda line: _until_at_most(line, last), before.rule)
    first = Recurrence(rule, before.zone)
    if next(occurrences(first, now, since), None) is None:
        return later
    if before.zone != later.zone:
        raise WhenError(f"the times before are meant in {before.zone}: say the same zone, or change all of them")
    return Recurrence(f"{rule}\n{later.rule}", before.zone)


def _until_at_most(line: re.Match[str], last: datetime) -> str:
    ends = f"{last:%Y%m%dT%H%M%S}"
    return f"{line[1]};UNTIL={min(line[2], ends) if line[2] else ends}"


def _all(rule: str, zone: str, start: datetime) -> Iterator[Occurrence]:
    """The times from a wall time on; of several at one minute the first."""
    rules, last = wall_zone(zone), None
    parts = re.split(r"\n(?=DTSTART)", rule)
    try:
        for wall in chain.from_iterable(_read(part).xafter(start, inc=True) for part in parts):
            at = moment_of(wall, rules)
            if last is None or at > last:
                yield Occurrence(wall.isoformat(timespec="minutes"), at)
                last = at
    except OverflowError:  # the calendar ends
        return


def _read(rule: str) -> rrule | rruleset:
    """Raises WhenError for what is no rule: it may come with a backup."""
    from dateutil.rrule import rrulestr  # 15 ms

    return dateutil_errors.read(lambda: rrulestr(rule), f"{quoted(rule)} is no RRULE")


def _nth(rule: str, zone: str, now: datetime, count: int, text: str) -> datetime:
    """The wall time of the last of so many times after now."""
    if not 1 <= count <= MOST_TIMES:
        raise WhenError(f"{quoted(text)}: from 1 to {MOST_TIMES:,} times")
    wall = in_zone(now, wall_zone(zone)).replace(tzinfo=None)
    ahead = (one for one in _all(rule, zone, wall - _PAST) if one.at > now)
    *_, last = islice(ahead, count)
    return datetime.fromisoformat(last.wall)


def _until(words: str, now: datetime, zone: str, text: str) -> datetime:
    """The moment that `until` names; of a day without a time its end. Raises WhenError."""
    for given in (words,) if re.search(_HAS_TIME, words) else (f"{words} 23:59", words):
        try:
            return when.parse(given, now, zone).at
        except WhenError as error:
            problem = error
    raise WhenError(f"{quoted(text)}: {problem}")


class _Reader:
    """Reads the words before the end of a REPEAT."""

    def __init__(self, text: str, words: Sequence[str]) -> None:
        """Raises WhenError."""
        self._text = text
        left = [word for word in words if word not in _FILLERS]
        if left[:1] == ["every"]:
            left.pop(0)
        self._interval, self._frequency = 1, "WEEKLY"
        self._by = ""
        try:
            self._days(left)
            clocks = sorted({clock_of(word) for word in left}) or [_MORNING]
        except SlotError as error:
            raise WhenError(f"{quoted(text)}: {str(error).removesuffix(f': {SLOTS}')}: {EXAMPLES}") from None
        hours: dict[int, list[str]] = {}
        for clock in clocks:
            hours.setdefault(clock.minute, []).append(str(clock.hour))
        self._times = [f"BYHOUR={','.join(found)};BYMINUTE={minute};BYSECOND=0" for minute, found in hours.items()]

    def lines(self, start: datetime, until: datetime | None = None, interval: int | None = None) -> str:
        """The rule, counted from `start` on."""
        head = f"FREQ={self._frequency};INTERVAL={interval or self._interval};WKST=MO{self._by}"
        end = f";UNTIL={until:%Y%m%dT%H%M%S}" if until else ""
        lines = [f"RRULE:{head};{times}{end}" for times in self._times]
        return "\n".join([f"DTSTART:{start:%Y%m%dT%H%M%S}", *lines])

    def _days(self, left: list[str]) -> None:
        """Takes the words before the times. Raises WhenError, SlotError."""
        number = 1
        if len(left) > 1 and left[0].isdecimal() and left[1].removesuffix("s") in _UNITS:
            number = int(left.pop(0))
        elif left[:1] == ["other"]:
            number = 2
            left.pop(0)
        if not 1 <= number <= MOST_APART:
            raise WhenError(f"{quoted(self._text)}: from 1 to {MOST_APART} days, weeks or months")
        self._interval = number
        unit = _UNITS.get(left[0].removesuffix("s")) if left else None
        if unit:
            left.pop(0)
            self._frequency = unit
        if unit == "DAILY":
            return
        self._by = self._of_month(left) if unit == "MONTHLY" else self._of_week(left)

    def _of_week(self, left: list[str]) -> str:
        days: set[int] = set()
        while left and not left[0][0].isdigit():
            word = left.pop(0)
            days.update(weekdays_of({"weekday": "weekdays", "day": "daily"}.get(word, word)))
        if not days:
            raise WhenError(f"{quoted(self._text)} names no day: {EXAMPLES}")
        return f";BYDAY={','.join(_DAY_CODES[day] for day in sorted(days))}"

    def _of_month(self, left: list[str]) -> str:
        days: list[str] = []
        weekdays: list[str] = []
        while left and (left[0] in _ORDINALS or re.fullmatch(r"(?a)\d{1,2}(?:st|nd|rd|th|\.)", left[0])):
            places = [left.pop(0)]
            while left and left[0] in _ORDINALS:
                places.append(left.pop(0))
            numbers = [_ORDINALS.get(place) or int(re.sub(r"\D", "", place)) for place in places]
            if places[0] not in _ORDINALS:
                days += map(str, numbers)
            elif left[:1] == ["day"]:
                days += map(str, numbers)
                left.pop(0)
            else:
                named = weekdays_of(left.pop(0)) if left else []
                weekdays += [f"{number}{_DAY_CODES[day]}" for number in numbers for day in named]
        if not {*map(int, days)} <= {-1, *range(1, 32)} or bool(days) == bool(weekdays):
            raise WhenError(f"{quoted(self._text)} names no day of the month: {EXAMPLES}")
        return f";BYMONTHDAY={','.join(days)}" if days else f";BYDAY={','.join(weekdays)}"
