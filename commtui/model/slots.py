"""Slots: the times of a week at which posts are to go out, and the next one that is free.

A line of slots has days, then times: `mon,thu 9:00`, `weekdays 9:00,17:30`, `daily 12:00`, `mon-fri 9am`. Days are
mon to sun (or in full), ranges of them, `weekdays`, `weekend` and `daily`. What happens where clocks change is the rule
of wall_clock.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final, NamedTuple

from commtui.model.times import in_zone, wall_zone
from commtui.model.wall_clock import moment_of

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_IN_FULL: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GROUPS: Final = {"daily": range(7), "weekdays": range(5), "weekend": (5, 6)}
EXAMPLES: Final = 'say "mon,thu 9:00", "weekdays 9:00,17:30" or "daily 12:00"'
LONGEST: Final = timedelta(days=3660)
"""How far ahead a free slot is looked for."""
LAST: Final = datetime(9999, 12, 29, tzinfo=UTC)
"""Until then the clocks of every zone have a date for each moment."""
_DAY: Final = timedelta(days=1)


class SlotError(ValueError):
    """A line is no slots; `str()` names the part that is wrong, and what can be given."""


class Slot(NamedTuple):
    """A time of the week."""

    weekday: int
    """0: Monday."""
    clock: time


Slots = tuple[Slot, ...]
"""In the order of the week, each once."""


def is_next_slot(text: str) -> bool:
    """Whether a text asks for the next slot, in place of a time."""
    return text.lower().split() == ["next", "slot"]


def slots_of(lines: Iterable[str]) -> Slots:
    """The slots of some lines. Raises SlotError."""
    return tuple(sorted({slot for line in lines for slot in _of_line(line)}))


def upcoming(slots: Slots, zone: str, after: datetime) -> Iterator[datetime]:
    """The moments (UTC) of slots after a moment, in their order, each once; none that is further away than LONGEST."""
    rules = wall_zone(zone)
    last, end = after, min(after, LAST - LONGEST) + LONGEST
    day = in_zone(after, rules).date() - _DAY  # a slot that the clocks leave out may come on the day after its own
    while slots and day <= in_zone(end, rules).date():
        for slot in slots:
            if slot.weekday == day.weekday():
                at = moment_of(datetime.combine(day, slot.clock), rules)
                if last < at < end:
                    yield at
                    last = at
        day += _DAY


def next_free(slots: Slots, zone: str, after: datetime, is_taken: Callable[[datetime], bool]) -> datetime | None:
    """The first slot after a moment that is not taken; None: there is none within LONGEST."""
    return next((at for at in upcoming(slots, zone, after) if not is_taken(at)), None)


def _of_line(line: str) -> list[Slot]:
    words = line.lower().replace(",", " ").split()
    days = [day for word in words if not word[0].isdigit() for day in weekdays_of(word)]
    clocks = [clock_of(word) for word in words if word[0].isdigit()]
    if not days or not clocks:
        raise SlotError(f"{line!r} has no {'times' if days else 'days'}: {EXAMPLES}")
    return [Slot(day, clock) for day in days for clock in clocks]


def weekdays_of(word: str) -> list[int]:
    """The weekdays of `mon`, `monday`, `mon-fri` or `weekdays`; `sat-mon` goes over the end of the week.

    Raises SlotError.
    """
    if word in _GROUPS:
        return list(_GROUPS[word])
    first, separator, last = word.partition("-")
    start, end = _weekday(first), _weekday(last) if separator else _weekday(first)
    if start is None or end is None:
        raise SlotError(f"{word!r} is no day: {EXAMPLES}")
    return [(start + number) % 7 for number in range((end - start) % 7 + 1)]


def _weekday(name: str) -> int | None:
    return next((names.index(name) for names in (DAYS, _IN_FULL) if name in names), None)


def clock_of(word: str) -> time:
    """The time that `9:00`, `9`, `17:30` or `9am` is. Raises SlotError."""
    half = word[-2:] if word[-2:] in ("am", "pm") else ""
    hour, separator, minute = word.removesuffix(half).partition(":")
    digits = (hour + minute).isascii() and (hour + minute).isdecimal()
    if not digits or len(hour) not in (1, 2) or len(minute) != (2 if separator else 0):
        raise SlotError(f"{word!r} is no time such as 9:00 or 17:30")
    number, minutes = int(hour), int(minute or 0)
    if number > 23 or minutes > 59 or (half and not 1 <= number <= 12):
        raise SlotError(f"{word!r} is no time of a day")
    if half:
        number = number % 12 + (12 if half == "pm" else 0)
    return time(number, minutes)
