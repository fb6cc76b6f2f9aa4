"""Changes of clocks in any zone of the tz database, for property tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from commtui.model.wall_clock import change_between, offset_of

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ZONES = sorted(available_timezones() - {"localtime"})
years = st.integers(1973, 2037)
"""Since 1973 all offsets are whole minutes."""
OFTEN = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia",
         "America/Havana", "America/St_Johns", "Antarctica/Troll")  # fmt: skip
zones = st.sampled_from(OFTEN) | st.sampled_from(ZONES)


@cache
def changes(zone: str, year: int) -> tuple[datetime, ...]:
    """The moments of a year, in UTC, at which the clocks of a zone are changed."""
    rules, day = ZoneInfo(zone), datetime(year, 1, 1, tzinfo=UTC)
    days = [day + DAY * number for number in range(366)]
    return tuple(
        change_between(rules, one, one + DAY) for one in days if offset_of(rules, one) != offset_of(rules, one + DAY)
    )


@st.composite
def near_changes(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone, and a moment within a day and a half of a change of its clocks, where it has one in some year."""
    zone, year = draw(zones), draw(years)
    anchor = draw(st.sampled_from(changes(zone, year) or (datetime(year, 7, 1, tzinfo=UTC),)))
    return zone, anchor + MINUTE * draw(st.integers(-2160, 2160))


def shown(at: datetime, rules: tzinfo) -> datetime:
    """What the clocks show, without a zone."""
    return at.astimezone(rules).replace(tzinfo=None)


def first_minute(wall: datetime, rules: tzinfo, start: datetime, end: datetime) -> datetime | None:
    """The slow way: the first minute that shows a wall time, else the first one after a gap that has it."""
    at, after_gap = start, None
    while at < end:
        if shown(at, rules) == wall:
            return at
        if after_gap is None and shown(at - MINUTE, rules) < wall < shown(at, rules):
            after_gap = at
        at += MINUTE
    return after_gap
