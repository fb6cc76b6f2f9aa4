"""Wall times as moments, where clocks change too.

One rule for every time that is given by the clock: one that the clocks leave out is the first minute after the gap, one
that they show twice is the first of the two.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

_SECOND: Final = timedelta(seconds=1)


class Irregular(StrEnum):
    """What a change of clocks makes of a wall time."""

    LEFT_OUT = "left out"
    TWICE = "twice"


def irregular(wall: datetime, rules: tzinfo) -> Irregular | None:
    """Whether the clocks of `rules` leave out a wall time, or show it twice."""
    first, second = (wall.replace(tzinfo=rules, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return None
    shown = first.astimezone(UTC).astimezone(rules).replace(tzinfo=None)
    return Irregular.TWICE if shown == wall else Irregular.LEFT_OUT


def moment_of(wall: datetime, rules: tzinfo) -> datetime:
    """The moment, in UTC, at which the clocks of `rules` show `wall` (without a zone). Raises OverflowError."""
    at = wall.replace(tzinfo=rules, fold=0).astimezone(UTC)
    if at.astimezone(rules).replace(tzinfo=None) == wall:
        return at
    before = wall.replace(tzinfo=rules, fold=1).astimezone(UTC)  # with the offset that is in force after the gap
    change = change_between(rules, before, at)
    seconds = change.astimezone(rules).second  # clocks were set by seconds, long ago
    return change + timedelta(seconds=-seconds % 60)


def change_between(zone: tzinfo, low: datetime, high: datetime) -> datetime:
    """The second, after `low`, from which on the zone's offset is not that of `low` any more; at `high` it is not."""
    offset = offset_of(zone, low)
    low, high = low.replace(microsecond=0), high.replace(microsecond=0)  # clocks change at whole seconds
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if offset_of(zone, middle) == offset:
            low = middle
        else:
            high = middle
    return high


def offset_of(zone: tzinfo, at: datetime) -> timedelta:
    """How far the clocks of `zone` are ahead of UTC at a moment."""
    return at.astimezone(zone).utcoffset() or timedelta(0)
