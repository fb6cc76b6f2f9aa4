"""Whatever dates a text brings, it came at a time between the networks' beginning and now."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.arrival import EARLIEST, arrived, bounded
from commtui.model.clock import from_iso, to_iso
from commtui.model.times import ago, echo

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.none() | st.datetimes(timezones=ZONES)


@given(MOMENTS, MOMENTS)
def test_it_came_between_the_beginning_and_now_and_every_reader_takes_it(noticed, written):
    at = arrived(noticed, written, NOW)
    assert EARLIEST <= at <= NOW and at.tzinfo is UTC
    assert from_iso(to_iso(at)) <= at
    assert ago(at, NOW) and echo(at, "Pacific/Kiritimati", NOW) and echo(at, "Pacific/Pago_Pago", NOW)


def test_the_time_that_our_server_noticed_it_stands_before_the_date_of_its_author():
    minute, year = NOW - timedelta(minutes=1), NOW - timedelta(days=365)
    assert arrived(minute, year, NOW) == minute
    assert arrived(year, minute, NOW) == year
    assert arrived(None, year, NOW) == year


@pytest.mark.parametrize("wrong", ["0001-01-01", "1970-01-01", "1999-12-31", "2026-11-24T09:00:00Z", "9999-12-31"])
def test_a_date_that_cannot_be_right_counts_as_none(wrong):
    assert bounded(from_iso(wrong), NOW) is None
    assert arrived(from_iso(wrong), None, NOW) == NOW


def test_a_server_whose_clock_is_ahead_notices_now():
    assert bounded(NOW + timedelta(hours=23), NOW) == NOW


@given(st.datetimes(timezones=ZONES))
def test_the_ends_of_the_calendar_are_shown_in_any_zone(moment):
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"):
        assert echo(moment, zone, NOW)
    assert ago(moment, NOW)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-02:00"])
def test_a_time_that_utc_has_no_date_for_is_no_time(text):
    with pytest.raises(ValueError, match="out of range"):
        from_iso(text)
