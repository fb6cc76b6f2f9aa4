"""Working hours: how much of a time is worked, and when so many working minutes have passed. Pure functions.

A moment is worked if the clocks of the zone show a time inside an interval of its weekday, on a date that is open. So
an hour that is left out when clocks go forward is not worked, and one that comes twice is worked twice.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

from msgspec import Struct

from commtui.model.times import wall_zone
from commtui.model.wall_clock import change_between, offset_of

DAY: Final = timedelta(days=1)
DAY_MINUTES: Final = 24 * 60
LONGEST: Final = 3660 * DAY
"""How far is looked, forwards or back: ten years."""
FIRST: Final = datetime(1, 1, 3, tzinfo=UTC)
LAST: Final = datetime(9999, 12, 29, tzinfo=UTC)
"""Between these the clocks of every zone have a date for each moment; nothing outside of them counts as worked."""


class Interval(NamedTuple):
    """Minutes of a day, from `start` to before `end`: 0 <= start < end <= 1440."""

    start: int
    end: int


Week = tuple[tuple[Interval, ...], ...]
"""The intervals of Monday to Sunday; those of a day are in order and apart."""
ALL_WEEK: Final[Week] = ((Interval(0, DAY_MINUTES),),) * 7


class Hours(Struct, frozen=True):
    """When somebody works."""

    zone: str = "UTC"
    """The IANA name of the zone whose clocks count."""
    week: Week = ALL_WEEK
    closed: Container[date] = frozenset()
    """Dates on which nobody works."""


def week_of(days: Mapping[int, Iterable[Interval]]) -> Week:
    """The week with the intervals of each weekday (0: Monday), in any order; those that touch or overlap are joined.

    Raises ValueError for an interval that is empty or leaves its day.
    """
    return tuple(_joined(days.get(weekday, ())) for weekday in range(7))


def _joined(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if not 0 <= interval.start < interval.end <= DAY_MINUTES:
            raise ValueError(f"an interval that is empty or leaves its day: {interval!r}")
        if joined and interval.start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, interval.end))
        else:
            joined.append(interval)
    return tuple(joined)


def add_minutes(hours: Hours, moment: datetime, minutes: int) -> datetime | None:
    """The earliest moment, in UTC, by which `minutes` of working time have passed since `moment`.

    None: they do not pass within ten years, or before the calendar ends. Raises ValueError below zero.
    """
    if minutes < 0:
        raise ValueError(f"working minutes below zero: {minutes}")
    if minutes == 0:
        return moment.astimezone(UTC)
    left = timedelta(minutes=minutes)
    end = LAST if LAST - moment < LONGEST else moment + LONGEST
    for first, last in _worked(hours, moment, end):
        if left <= last - first:
            return first + left
        left -= last - first
    return None


def minutes_between(hours: Hours, start: datetime, end: datetime) -> int | None:
    """The whole working minutes from `start` to `end`; 0 if `end` is not later. None: they are over ten years apart."""
    if end - start > LONGEST:
        return None
    spans = (last - first for first, last in _worked(hours, start, end))
    return sum(spans, timedelta(0)) // timedelta(minutes=1)


def is_worked(hours: Hours, moment: datetime) -> bool:
    """Whether a moment is worked."""
    if not FIRST <= moment < LAST:
        return False
    wall = moment.astimezone(wall_zone(hours.zone))
    minute = wall.hour * 60 + wall.minute
    day = () if wall.date() in hours.closed else hours.week[wall.weekday()]
    return any(interval.start <= minute < interval.end for interval in day)


def _worked(hours: Hours, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The spans from `start` to `end` that are worked, in UTC and in their order."""
    start, end = max(start.astimezone(UTC), FIRST), min(end.astimezone(UTC), LAST)
    if not any(hours.week) or start >= end:
        return
    if hours.week == ALL_WEEK and hours.closed == frozenset():
        yield start, end
        return
    for first, last, offset in _with_offsets(wall_zone(hours.zone), start, end):
        for begin, over in _by_the_clock(hours, first + offset, last + offset):
            yield begin - offset, over - offset


def _by_the_clock(hours: Hours, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The worked spans of a time in which the zone's clocks run evenly, from and to what they show."""
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    while midnight < last:
        day = midnight.date()
        for interval in hours.week[day.weekday()] if day not in hours.closed else ():
            begin = max(first, midnight + timedelta(minutes=interval.start))
            over = min(last, midnight + timedelta(minutes=interval.end))
            if begin < over:
                yield begin, over
        midnight += DAY


def _with_offsets(zone: tzinfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The time from `start` to `end`, cut at midnight and where the clocks of `zone` change, each part with its
    offset."""
    first = start
    while first < end:
        midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
        last, offset = min(midnight + DAY, end), _offset_of_day(zone, midnight)
        if offset is None:
            offset = offset_of(zone, first)
            if offset_of(zone, last) != offset:
                last = change_between(zone, first, last)
        yield first, last, offset
        first = last


@lru_cache(maxsize=4096)  # deadlines and reports ask for the same days again and again
def _offset_of_day(zone: tzinfo, midnight: datetime) -> timedelta | None:
    """The offset of a zone's clocks throughout a day of UTC; None: they change in it."""
    offset = offset_of(zone, midnight)  # no zone changes its clocks twice within a day
    return offset if offset_of(zone, midnight + DAY) == offset else None
