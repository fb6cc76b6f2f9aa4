"""The working hours of a week as a person writes them: `mon-fri 9:00-12:00 13:00-17:00`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from commtui.model.hours import DAY_MINUTES, Interval, Week, week_of

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class WeekError(ValueError):
    """A line is not a day's hours; `str()` names the part that is wrong."""


def week_of_lines(lines: Iterable[str]) -> Week:
    """The week of lines that each have days (`mon`, `mon-fri`, `tue thu`), then intervals. Raises WeekError."""
    days: dict[int, list[Interval]] = {}
    for line in lines:
        words = line.lower().split()
        weekdays = [day for word in words if not word[0].isdigit() for day in _days(word)]
        intervals = [_interval(word) for word in words if word[0].isdigit()]
        if not weekdays or not intervals:
            raise WeekError(f"{line!r} has no {'times' if weekdays else 'days'}")
        for day in weekdays:
            days.setdefault(day, []).extend(intervals)
    return week_of(days)


def intervals_of_day(text: str) -> tuple[Interval, ...]:
    """The minutes of a day that `9:00-12:30` is; of `22:00-7:00`, over midnight, its two parts. Raises WeekError."""
    word = text.strip()
    first, _, last = word.partition("-")
    start, end = _minute(first, word), _minute(last, word)
    if start in (end, DAY_MINUTES):
        raise WeekError(f"{word!r} has no minute in it")
    if start < end:
        return (Interval(start, end),)
    return (Interval(start, DAY_MINUTES), *((Interval(0, end),) if end else ()))


def _days(word: str) -> list[int]:
    """The weekdays of `mon` or `mon-fri`; `sat-mon` goes over the end of the week."""
    first, separator, last = word.partition("-")
    if first not in _DAYS or (separator and last not in _DAYS):
        raise WeekError(f"{word!r} is no day")
    start = _DAYS.index(first)
    count = (_DAYS.index(last) - start) % 7 + 1 if separator else 1
    return [(start + number) % 7 for number in range(count)]


def _interval(word: str) -> Interval:
    first, _, last = word.partition("-")
    start, end = _minute(first, word), _minute(last, word)
    if start >= end:
        raise WeekError(
            f"{word!r} ends before it begins: over midnight, write 22:00-24:00 and 0:00-6:00 of the next day"
        )
    return Interval(start, end)


def _minute(text: str, word: str) -> int:
    """The minute of the day that `9:00`, `9` or `24:00` is."""
    hour, _, minute = text.partition(":")
    digits = (hour + minute).isdecimal() and hour.isascii() and minute.isascii()
    if not digits or len(hour) not in (1, 2) or len(minute) not in ((2,) if ":" in text else (0,)):
        raise WeekError(f"{word!r} is no interval such as 9:00-12:30")
    number = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or number > DAY_MINUTES:
        raise WeekError(f"{word!r} is no interval such as 9:00-12:30")
    return number
