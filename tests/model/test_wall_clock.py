"""The one rule for times by the clock, in every zone, against clocks that are looked at minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.model.wall_clock import Irregular, irregular, moment_of
from tests.model.clock_changes import MINUTE, ZONES, changes, first_minute, near_changes, shown

REACH = timedelta(days=3)


@given(near_changes(), st.integers(-180, 180))
@settings(deadline=None)
def test_a_wall_time_near_a_change_is_the_moment_that_the_rule_names(near: tuple[str, datetime], off: int) -> None:
    zone, at = near
    rules = ZoneInfo(zone)
    wall = shown(at, rules) + MINUTE * off
    assert moment_of(wall, rules) == first_minute(wall, rules, at - REACH, at + REACH)


@pytest.mark.parametrize("year", [2011, 2026])
def test_every_change_of_every_zone_in_a_year(year: int) -> None:
    seen = 0
    for zone in ZONES:
        rules = ZoneInfo(zone)
        for change in changes(zone, year):
            before, after = shown(change - MINUTE, rules) + MINUTE, shown(change, rules)
            seen += 1
            if before < after:
                inside = [before, before + (after - before) / 2, after - MINUTE, after]
                assert [moment_of(wall, rules) for wall in inside] == [change] * 4, zone
                assert [irregular(wall, rules) for wall in inside] == [Irregular.LEFT_OUT] * 3 + [None], zone
            else:
                assert irregular(after, rules) is irregular(before - MINUTE, rules) is Irregular.TWICE, zone
                assert irregular(after - MINUTE, rules) is irregular(before, rules) is None, zone
                assert moment_of(after, rules) == change - (before - after), zone
                assert moment_of(before, rules) == change + (before - after), zone
    assert seen > 300


def test_a_gap_that_ends_within_a_minute_is_left_at_the_next_whole_one() -> None:
    monrovia = ZoneInfo("Africa/Monrovia")  # on 7 January 1972 clocks went from 0:00:00 to 0:44:30
    at = moment_of(datetime.fromisoformat("1972-01-07 00:10"), monrovia)
    assert shown(at, monrovia) == datetime.fromisoformat("1972-01-07 00:45")
    assert at.tzinfo is UTC
