"""The times of since: and until:, in the zone of the person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.query_times import FAR, due, period
from commtui.model.times import WhenError

NOW = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)  # in Berlin it is Friday the 27th, 00:30
TEXTS = (
    *("today", "yesterday", "monday", "fri", "sunday", "last friday", "this week", "last week", "this month"),
    *("last month", "this year", "last year", "2h", "3d ago", "2026-11-27", "2026-11", "27.11.2026", "27 nov 2026"),
    *("14:30", "2026-11-27 14:30", "2026-11-27t13:30z", "9999999w", "0001-01-01", "9999-12-30"),
    "2026-11-27 europe/london",
)
zones = st.sampled_from(
    ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "America/Havana")
)
moments = st.integers(1, 10**9).map(lambda seconds: datetime(1971, 1, 2, tzinfo=UTC) + timedelta(seconds=7 * seconds))


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("today", "2026-11-27", "2026-11-28"),
        ("yesterday", "2026-11-26", "2026-11-27"),
        ("friday", "2026-11-27", "2026-11-28"),
        ("fri", "2026-11-27", "2026-11-28"),
        ("last friday", "2026-11-20", "2026-11-21"),
        ("last thursday", "2026-11-26", "2026-11-27"),
        ("saturday", "2026-11-21", "2026-11-22"),
        ("this week", "2026-11-23", "2026-11-30"),
        ("last week", "2026-11-16", "2026-11-23"),
        ("this month", "2026-11-01", "2026-12-01"),
        ("last month", "2026-10-01", "2026-11-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("november 2026", "2026-11-01", "2026-12-01"),
        ("2026-11-27", "2026-11-27", "2026-11-28"),
        ("27.11.2026", "2026-11-27", "2026-11-28"),
        ("27 Nov 2026", "2026-11-27", "2026-11-28"),
        ("2030-01-01", "2030-01-01", "2030-01-02"),
        ("2026-11-27 14:30", "2026-11-27T14:30", "2026-11-27T14:30"),
        ("2026-11-27T13:30Z", "2026-11-27T14:30", "2026-11-27T14:30"),
        ("00:15", "2026-11-27T00:15", "2026-11-27T00:15"),
        ("14:30", "2026-11-26T14:30", "2026-11-26T14:30"),
        ("2h", "2026-11-26T22:30", "2026-11-26T22:30"),
        ("1h30m ago", "2026-11-26T23:00", "2026-11-26T23:00"),
    ],
)
def test_times_of_berlin(text, begin, end):
    berlin = ZoneInfo("Europe/Berlin")
    expected = tuple(datetime.fromisoformat(part).replace(tzinfo=berlin).astimezone(UTC) for part in (begin, end))
    assert period(text, NOW, "Europe/Berlin") == expected


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("<2h", None, "2026-11-27T02:30"),
        (">1d", "2026-11-28T00:30", None),
        ("<0s", None, "2026-11-27T00:30"),
        ("<999999w", None, None),
        ("today", "2026-11-27", "2026-11-28"),
        ("tomorrow", "2026-11-28", "2026-11-29"),
    ],
)
def test_when_an_answer_is_due_in_berlin(text, begin, end):
    berlin = ZoneInfo("Europe/Berlin")
    found = due(text, NOW, "Europe/Berlin")
    for moment, expected, none in ((found.begin, begin, 1), (found.end, end, 9999)):
        if expected is None:
            assert moment.year == none
        else:
            assert moment == datetime.fromisoformat(expected).replace(tzinfo=berlin)


def test_a_day_on_which_clocks_change_has_23_or_25_hours():
    for day, hours in (("2026-03-29", 23), ("2026-10-25", 25), ("2026-10-26", 24)):
        begin, end = period(day, NOW, "Europe/Berlin")
        assert end - begin == timedelta(hours=hours)


@given(st.integers(0, 6), moments, zones)
def test_a_weekday_is_the_last_one_up_to_today(weekday, now, zone):
    name = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[weekday]
    day = now.astimezone(ZoneInfo(zone)).date()
    while day.weekday() != weekday:
        day -= timedelta(days=1)
    assert period(name, now, zone) == period(day.isoformat(), now, zone)


@given(st.sampled_from(TEXTS), moments, zones)
def test_a_text_that_is_a_time_is_one_at_every_moment_and_in_every_zone(text, now, zone):
    period(text, FAR, "UTC")
    begin, end = period(text, now, zone)
    assert begin <= end and begin.utcoffset() == end.utcoffset() == timedelta(0)


@given(st.text(max_size=12), moments, zones)
def test_a_text_is_a_time_always_or_never(text, now, zone):
    def is_time(*where):
        try:
            period(text, *where)
        except WhenError:
            return False
        return True

    assert is_time(FAR, "UTC") == is_time(now, zone)


@pytest.mark.parametrize("text", ["", "soon", "tomorrow", "5", "31", "2026-02-30", "25:00", "1/12", "x" * 200])
def test_what_is_no_time_is_refused_with_what_can_be_said(text):
    with pytest.raises(WhenError, match=r"say \w"):
        period(text, NOW, "UTC")
