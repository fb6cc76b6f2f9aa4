"""Offsets, slashed dates and half-written spans: read with one meaning, or refused."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model import past_time, when
from commtui.model.loose_times import with_offset
from commtui.model.times import WhenError

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize("offset", ["UTC+2", "utc +2", "GMT+2", "GMT+0200", "UTC+02:00", "UTC+2:00", "+0200", "+02:00"])
def test_an_offset_is_ahead_of_utc_however_it_is_written(offset):
    assert when.parse(f"2030-12-24 09:00 {offset}", NOW, BERLIN).at == datetime(2030, 12, 24, 7, 0, tzinfo=UTC)
    assert past_time.parse(f"2025-12-24 09:00 {offset}", NOW, BERLIN) == datetime(2025, 12, 24, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2030-12-24 09:00 GMT-5", "2030-12-24 14:00"),
        ("2030-12-24 09:00 UTC+5:30", "2030-12-24 03:30"),
        ("2030-12-24 09:00 UTC-0330", "2030-12-24 12:30"),
        ("2030-12-24 09:00 Etc/GMT+5", "2030-12-24 14:00"),  # an IANA name, whose sign is reversed
        ("24 dec 2030 9:00 utc+2", "2030-12-24 07:00"),
        ("12:00 UTC+2", "2026-11-25 10:00"),
        ("2030-12-24 09:00 UTC", "2030-12-24 09:00"),
        ("2030-12-24 09:00Z", "2030-12-24 09:00"),
    ],
)
def test_offsets_keep_their_sign(text, utc):
    assert when.parse(text, NOW, BERLIN).at == datetime.fromisoformat(f"{utc}Z")


@pytest.mark.parametrize(
    "text", ["2030-12-24 09:00 UTC+25", "2030-12-24 09:00 EST+5", "24 dec 2030 9:00 BRST-3", "2030-12-24 09:00 CET"]
)
def test_a_zone_by_its_letters_is_refused(text):
    with pytest.raises(WhenError):
        when.parse(text, NOW, BERLIN)
    with pytest.raises(WhenError):
        past_time.parse(text.replace("2030", "2025"), NOW, BERLIN)


@given(st.text("utcgmz+-0123456789: ", max_size=16))
def test_an_offset_is_rewritten_once(text):
    assert with_offset(with_offset(text)) == with_offset(text)


@pytest.mark.parametrize("text", ["1/12/2030", "1-12-2030", "01/12/30", "1/12", "1-12", "9:00 1/12", "1/12/2030 14:00"])
def test_a_date_that_could_be_two_days_is_refused(text):
    with pytest.raises(WhenError, match="could be 1 Dec or 12 Jan: say which"):
        when.parse(text, NOW, BERLIN)
    with pytest.raises(WhenError, match="could be"):
        past_time.parse(text.replace("2030", "2020").replace("/30", "/20"), NOW, BERLIN)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("13/12/2030", "2030-12-13"),
        ("12/13/2030", "2030-12-13"),
        ("5/5/2030", "2030-05-05"),
        ("2030/12/01", "2030-12-01"),
        ("2030-12-01", "2030-12-01"),
        ("1.12.2030", "2030-12-01"),
        ("1 dec 2030", "2030-12-01"),
    ],
)
def test_a_date_with_one_meaning_is_read(text, day):
    assert when.parse(text, NOW, "UTC").at == datetime.fromisoformat(f"{day} 09:00Z")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1h30", "say 1h30m, or 1:30"),
        ("2h30", "say 2h30m, or 2:30"),
        ("14h30", "say 14h30m, or 14:30"),
        ("27 nov 14h30", "or 14:30"),
        ("1m30", "neither a span nor a date"),
        ("2d12", "neither a span nor a date"),
        ("1h 30", "or 1:30"),
    ],
)
def test_a_span_with_a_bare_end_is_refused(text, hint):
    with pytest.raises(WhenError, match=hint):
        when.parse(text, NOW, BERLIN)


@pytest.mark.parametrize(
    ("text", "hour"), [("9 a.m.", 9), ("9a.m", 9), ("3 p.m.", 15), ("12:00 noon", 12), ("12 noon", 12)]
)
def test_hours_of_the_half_day_are_read_with_their_dots(text, hour):
    assert when.parse(text, NOW.replace(hour=1), "UTC").at == NOW.replace(hour=hour)
