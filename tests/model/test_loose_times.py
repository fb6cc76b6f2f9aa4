"""Offsets, slashed dates and half-written spans: read with one meaning, or refused."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model import past_time, when
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


MINUTES = st.integers(-48, 56).map(lambda quarters: quarters * 15)
SPELLINGS = st.sampled_from(
    ["UTC{}{}:{:02}", "utc {}{}:{:02}", "GMT{}{:02}:{:02}", "gmt{}{:02}{:02}", "{}{:02}:{:02}", "{}{:02}{:02}",
     "{}{}:{:02}", "(UTC{}{:02}:{:02})", "Z{}{}:{:02}", "UTC{}{}:{:02}"]
)  # fmt: skip


@given(MINUTES, SPELLINGS, st.booleans())
def test_every_offset_of_the_earth_is_ahead_of_utc_in_every_spelling(minutes, spelling, minus):
    sign = "+" if minutes >= 0 else "\u2212" if minus else "-"
    offset = spelling.format(sign, *divmod(abs(minutes), 60))
    at = datetime(2030, 12, 24, 9, 0, tzinfo=timezone(timedelta(minutes=minutes)))
    for text in ("2030-12-24 09:00", "24 dec 2030 9:00", "24.12.2030 9am", "24/12/2030 9:00"):
        found = when.parse(f"{text} {offset}", NOW, BERLIN)
        assert (found.at, found.zone) == (at.astimezone(UTC), BERLIN)
        past = past_time.parse(f"{text} {offset}".replace("2030", "2020"), NOW, BERLIN)
        assert past == at.replace(year=2020)


@given(MINUTES, st.sampled_from(["tomorrow 9am", "tomorrow at 9:00", "9:00 tomorrow", "sat 9:00", "next day"]))
def test_the_day_of_a_time_with_an_offset_is_the_day_there(minutes, text):
    zone = timezone(timedelta(minutes=minutes))
    offset = datetime(2030, 1, 1, tzinfo=zone).isoformat()[-6:]
    there = NOW.astimezone(zone)
    try:
        at = when.parse(f"{text} {offset}", NOW, BERLIN).at.astimezone(zone)
    except WhenError:
        assert text == "next day"
        return
    assert (at.hour, at.minute) == (9, 0) and timedelta(0) < at - there
    if "tomorrow" in text:
        assert at.date() == there.date() + timedelta(days=1)


@pytest.mark.parametrize(
    "offset", ["UTC+15", "UTC+14:01", "GMT-12:30", "UTC-13", "UTC+2:60", "UTC+123", "+15:00", "-1230", "UTC+2.5"]
)
def test_an_offset_that_no_place_has_is_refused(offset):
    for parse, year in ((when.parse, 2030), (past_time.parse, 2020)):
        with pytest.raises(WhenError, match="has an unknown offset, "):
            parse(f"{year}-12-24 09:00 {offset}", NOW, BERLIN)


DATES = st.dates(date(2027, 1, 1), date(2090, 12, 31))
FORMS = st.sampled_from(
    ["{d}/{m}/{y}", "{m}/{d}/{y}", "{d}-{m}-{y}", "{d:02}/{m:02}/{y}", "{d} / {m} / {y}", "{y}.{m}.{d}",
     "{y}.{m:02}.{d:02}", "{y}. {m}. {d}.", "{y}/{m}/{d}", "{y}-{m}-{d}", "{d}.{m}.{y}", "{d:02}.{m:02}.{y}",
     "{d}. {m}. {y}", "{d}. {m}.{y}"]
)  # fmt: skip


@given(DATES, FORMS)
def test_a_date_in_numbers_is_its_day_or_refused_where_it_could_be_another(day, form):
    text = form.format(d=day.day, m=day.month, y=day.year)
    two_meanings = form[1] in "dm" and "." not in form and max(day.day, day.month) <= 12 and day.day != day.month
    for parse, years in ((when_at, 0), (past_time.parse, 100)):
        said = text.replace(str(day.year), str(day.year - years))
        try:
            wanted = day.replace(year=day.year - years)
        except ValueError:  # 29 February
            return
        if two_meanings:
            with pytest.raises(WhenError, match="could be"):
                parse(said, NOW, "UTC")
        else:
            assert parse(said, NOW, "UTC").date() == wanted


def when_at(text, now, zone):
    return when.parse(text, now, zone).at


@pytest.mark.parametrize("text", ["30-1-2", "27-12-30", "13-1-27", "30-12-31 9:00"])
def test_a_date_that_may_begin_with_its_year_is_refused(text):
    for parse in (when.parse, past_time.parse):
        with pytest.raises(WhenError, match="begin or end with the year"):
            parse(text, NOW, BERLIN)


@pytest.mark.parametrize(
    ("text", "day"),
    [("13/12", "2026-12-13"), ("12/13", "2026-12-13"), ("13-12", "2026-12-13"), ("31/3/30", "2030-03-31")],
)
def test_a_day_and_a_month_in_numbers_that_can_be_read_only_one_way_are_read(text, day):
    assert when.parse(text, NOW, "UTC").at == datetime.fromisoformat(f"{day} 09:00Z")


SCRIPTS = st.sampled_from([0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10])


@given(SCRIPTS, st.sampled_from(["2h", "1h30m", "90m", "2h30", "14:30", "tomorrow 9", "24.12.2030", "1/12/2030", "9"]))
def test_digits_of_every_script_mean_the_same(zero, text):
    written = text.translate({ord("0") + value: zero + value for value in range(10)})
    for parse in (when.parse, past_time.parse):
        results: list[object] = []
        for given_text in (text, written):
            try:
                results.append(parse(given_text, NOW, BERLIN))
            except WhenError as error:
                results.append(str(error).replace(written, text))
        assert results[0] == results[1]


@given(
    st.integers(0, 99),
    st.integers(0, 99),
    st.sampled_from(["{}h{:02}", "{} h {:02}", "{}h {:02}", "{}m{}", "{}d{}", "{}.5h"]),
)
def test_a_span_is_never_read_as_a_clock_time(one, other, form):
    text = form.format(one, other)
    for parse in (when.parse, past_time.parse):
        with pytest.raises(WhenError):
            parse(text, NOW, BERLIN)


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
    ("text", "hour"),
    [("9 a.m.", 9), ("9a.m", 9), ("3 p.m.", 15), ("12:00 noon", 12), ("12 noon", 12), ("at 9", 9), ("at 9 P.M.", 21)],
)
def test_hours_of_the_half_day_are_read_with_their_dots(text, hour):
    assert when.parse(text, NOW.replace(hour=1), "UTC").at == NOW.replace(hour=hour)
