"""WHEN: what can be said, what it means where clocks change, and that nothing said is ever read as a time gone by."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from commtui.model.spans import parse_span, span_text
from commtui.model.times import WhenError, ago, countdown, echo, find_zone
from commtui.model.when import parse

BERLIN = "Europe/Berlin"
CHANGING = (BERLIN, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca")
ZONES = (*CHANGING, "UTC", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Apia", "America/St_Johns")


def at(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


NOW = at("2026-11-25 10:00")  # a Wednesday


def wall(text: str, now: datetime = NOW, zone: str = BERLIN) -> str:
    when = parse(text, now, zone)
    return when.at.astimezone(ZoneInfo(when.zone)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30m", "2026-11-25 10:30"),
        ("in an hour", "2026-11-25 11:00"),
        ("half an hour", "2026-11-25 10:30"),
        ("a week", "2026-12-02 10:00"),
        ("next monday 9:00", "2026-11-30 09:00"),
        ("next monday", "2026-11-30 09:00"),
        ("next friday", "2026-12-04 09:00"),
        ("next wed noon", "2026-12-02 12:00"),
        ("14:30 next friday", "2026-12-04 14:30"),
        ("this friday", "2026-11-27 09:00"),
        ("next month", "2026-12-01 09:00"),
        ("next month 14:00", "2026-12-01 14:00"),
        ("noon", "2026-11-25 12:00"),
        ("at noon", "2026-11-25 12:00"),
        ("morning", "2026-11-26 09:00"),
        ("in the morning", "2026-11-26 09:00"),
        ("eod", "2026-11-25 17:00"),
        ("eod tomorrow", "2026-11-26 17:00"),
        ("tomorrow noon", "2026-11-26 12:00"),
        ("tomorrow morning", "2026-11-26 09:00"),
        ("tomorrow in the afternoon", "2026-11-26 15:00"),
        ("this afternoon", "2026-11-25 15:00"),
        ("friday evening", "2026-11-27 18:00"),
        ("weekend", "2026-11-28 09:00"),
        ("this weekend", "2026-11-28 09:00"),
        ("next weekend", "2026-12-05 09:00"),
        ("tmrw 9", "2026-11-26 09:00"),
        ("14.30", "2026-11-25 14:30"),
        ("9.30", "2026-11-26 09:30"),
        ("fri 14.30", "2026-11-27 14:30"),
        ("tomorrow 10.12", "2026-11-26 10:12"),
        ("2h", "2026-11-25 12:00"),
        ("3d", "2026-11-28 10:00"),
        ("1w", "2026-12-02 10:00"),
        ("in 2h", "2026-11-25 12:00"),
        ("IN  2 Hours", "2026-11-25 12:00"),
        ("1h30m", "2026-11-25 11:30"),
        ("1d 2h", "2026-11-26 12:00"),
        ("today 14:30", "2026-11-25 14:30"),
        ("tonight", "2026-11-25 20:00"),
        ("tonight 10pm", "2026-11-25 22:00"),
        ("tonight 1:30", "2026-11-26 01:30"),
        ("tomorrow", "2026-11-26 09:00"),
        ("tomorrow at 9:30pm", "2026-11-26 21:30"),
        ("tomorrow 9", "2026-11-26 09:00"),
        ("tomorrow at 14", "2026-11-26 14:00"),
        ("17 today", "2026-11-25 17:00"),
        ("tonight 9", "2026-11-25 21:00"),
        ("tonight 1", "2026-11-26 01:00"),
        ("31.12.", "2026-12-31 09:00"),
        ("31. 12.", "2026-12-31 09:00"),
        ("3.1.", "2027-01-03 09:00"),
        ("29.2.", "2028-02-29 09:00"),
        ("31.12.2026", "2026-12-31 09:00"),
        ("31.12.26", "2026-12-31 09:00"),
        ("05.04.2027", "2027-04-05 09:00"),
        ("31.12. 14:00", "2026-12-31 14:00"),
        ("31.12., um 14:00", "2026-12-31 14:00"),
        ("31.12. 9", "2026-12-31 09:00"),
        ("thu 31.12. 9am", "2026-12-31 09:00"),
        ("5.4.2027 14:00+02:00", "2027-04-05 14:00"),
        ("mon", "2026-11-30 09:00"),
        ("FRI  14:30", "2026-11-27 14:30"),
        ("friday, 2 pm", "2026-11-27 14:00"),
        ("wed", "2026-12-02 09:00"),
        ("wed 11:00", "2026-11-25 11:00"),
        ("Wednesday 9:59", "2026-12-02 09:59"),
        ("9am fri", "2026-11-27 09:00"),
        ("14:30 tomorrow", "2026-11-26 14:30"),
        ("next week", "2026-11-30 09:00"),
        ("Next Week 8am", "2026-11-30 08:00"),
        ("14:30", "2026-11-25 14:30"),
        ("9am", "2026-11-26 09:00"),
        ("nov 27 9.30pm", "2026-11-27 21:30"),
        ("12am", "2026-11-26 00:00"),
        ("12 pm", "2026-11-25 12:00"),
        ("10:00", "2026-11-26 10:00"),
        ("2026-11-27", "2026-11-27 09:00"),
        ("2026-11-27 14:30", "2026-11-27 14:30"),
        ("2026-11-27t14:30", "2026-11-27 14:30"),
        ("2026-11-27T14:30Z", "2026-11-27 15:30"),
        ("2026-11-27 14:30-05:00", "2026-11-27 20:30"),
        ("27 Nov", "2026-11-27 09:00"),
        ("27.11.2026 7:15", "2026-11-27 07:15"),
        ("Nov 27th 2:15 PM", "2026-11-27 14:15"),
        ("3 jan", "2027-01-03 09:00"),
        ("29 feb", "2028-02-29 09:00"),
        ("Fri 27 Nov 09:00 Europe/Berlin", "2026-11-27 09:00"),
        ("27 nov 12:00 utc", "2026-11-27 12:00"),
        ("14:30+09:00", "2026-11-26 06:30"),
    ],
)
def test_times_that_can_be_given_in_the_middle_of_a_morning(text: str, expected: str) -> None:
    assert wall(text) == expected
    assert wall(f"  {text.upper()} ") == expected


def test_today_without_a_time_is_nine_while_that_is_ahead() -> None:
    assert wall("today", at("2026-11-25 08:59")) == "2026-11-25 09:00"
    with pytest.raises(WhenError, match=r"'today' is past: understood as Wed 25 Nov 2026 09:00 Europe/Berlin; say a"):
        parse("today", at("2026-11-25 09:01"), BERLIN)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no time given"),
        (" \t\n", "no time given"),
        ("UTC", "no time given"),
        ("9", "'9' is only a number"),
        ("2030", "only a number"),
        ("20301127", "only a number"),
        ("0m", "'0m' is now: understood as Wed 25 Nov 2026 10:00"),
        ("1h1h", "same unit twice"),
        ("tonight 9am", "past: understood as Wed 25 Nov 2026 09:00"),
        ("2026-11-24", "past: understood as Tue 24 Nov 2026 09:00 Europe/Berlin"),
        ("2026-11-25 10:00", "is now"),
        ("27 nov 2020", "past"),
        ("november", "has no day of the month"),
        ("nov 2027", "has no day of the month"),
        ("mon 27 nov", "27 Nov 2026 is a Friday, not a Monday"),
        ("30 feb", "there is no 30 February"),
        ("2026-02-30", "there is no 30 February"),
        ("2027-02-29 10:00", "there is no 29 February in 2027"),
        ("31st november", "there is no 31 November"),
        ("yesterday", "'yesterday' is past"),
        ("last week", "is past"),
        ("this morning", "'this morning' is past: understood as Wed 25 Nov 2026 09:00"),
        ("10.12", "could be a time or a day: say 10:12, or 10.12. for the day"),
        ("fri 10.12", "could be a time or a day"),
        ("this week", "cannot be read"),
        ("25:00", "cannot be read"),
        ("9:75", "cannot be read"),
        ("13pm", "'13pm' cannot be read as a time: say 30m"),
        ("0am", "cannot be read"),
        ("24am", "cannot be read"),
        ("13 a.m.", "cannot be read"),
        ("27 nov 13pm", "cannot be read"),
        ("9.75pm", "cannot be read"),
        ("9am pm", "cannot be read"),
        ("-1pm", "cannot be read"),
        ("fri 13:00Z", "has no day of the month"),
        ("tomorrow 24", "cannot be read"),
        ("fri 9", "9 Dec 2026 is a Wednesday, not a Friday"),
        ("31.2.", "'31.2.' is no day of the calendar"),
        ("24.11.2026", "past: understood as Tue 24 Nov 2026 09:00"),
        ("mon 31.12.2026", "31 Dec 2026 is a Thursday, not a Monday"),
        ("2 hours from now", "neither a span nor a date"),
        ("27 nov 9:00 cet", "unknown zone, CET"),
        ("fri 9:00 Europe/Berln", "'Europe/Berln' is no time zone"),
        ("soon", "cannot be read"),
        ("999999999w", "too far away"),
        ("9999-12-31 23:00", "too far away"),
        ("x" * 500, "too long for a time"),
    ],
)
def test_what_is_no_time_to_come_says_what_was_understood_in_one_line(text: str, words: str) -> None:
    with pytest.raises(WhenError) as caught:
        parse(text, NOW, BERLIN)
    assert words in str(caught.value)
    assert "say " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_zone_of_the_caller_is_an_error_that_names_it() -> None:
    for zone in ("Europe", "Mars/Olympus", "../../etc/passwd", "", "\0", "\ud800"):
        with pytest.raises(WhenError, match="no time zone"):
            parse("2h", NOW, zone)
    assert find_zone("europe/berlin") == BERLIN


@pytest.mark.parametrize(
    ("zone", "now", "text", "utc"),
    [
        (BERLIN, "2026-11-28 10:00", "weekend", "2026-12-05 08:00"),
        (BERLIN, "2026-11-29 10:00", "next weekend", "2026-12-05 08:00"),
        (BERLIN, "2026-11-30 08:00", "next monday", "2026-12-07 08:00"),
        (BERLIN, "2026-12-31 10:00", "next month", "2027-01-01 08:00"),
        (BERLIN, "2027-01-31 10:00", "next month", "2027-02-01 08:00"),
        # Clocks go forward: a wall time in the gap is the first minute after it.
        (BERLIN, "2026-03-28 12:00", "sun 2:30", "2026-03-29 01:00"),
        ("America/New_York", "2026-03-07 12:00", "sun 2:30", "2026-03-08 07:00"),
        ("Australia/Lord_Howe", "2026-10-03 12:00", "tomorrow 2:15", "2026-10-03 15:30"),
        ("Africa/Casablanca", "2026-03-21 12:00", "sun 2:30", "2026-03-22 02:00"),
        # Clocks go back: the first of two.
        (BERLIN, "2026-10-24 12:00", "sun 2:30", "2026-10-25 00:30"),
        ("America/New_York", "2026-10-31 12:00", "sun 1:30", "2026-11-01 05:30"),
        ("Australia/Lord_Howe", "2026-04-04 12:00", "sun 1:45", "2026-04-04 14:45"),
        ("Africa/Casablanca", "2026-02-14 12:00", "sun 2:30", "2026-02-15 01:30"),
        # Hours are elapsed time; days and weeks keep the wall time.
        (BERLIN, "2026-03-28 12:00", "24h", "2026-03-29 11:00"),
        (BERLIN, "2026-03-28 12:00", "1d", "2026-03-29 10:00"),
        (BERLIN, "2026-03-22 02:30", "1w", "2026-03-29 01:00"),
        (BERLIN, "2026-10-25 01:30", "2h", "2026-10-25 01:30"),
        ("Australia/Lord_Howe", "2026-10-03 12:00", "1d", "2026-10-04 01:00"),
        ("America/New_York", "2026-10-31 12:00", "1d1h", "2026-11-01 18:00"),
    ],
)
def test_where_clocks_change(zone: str, now: str, text: str, utc: str) -> None:
    assert parse(text, at(now, zone), zone).at == at(utc, "UTC")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("29.3. 2:30", "2026-03-29T02:30:00"),
        ("29.3. 3:00", "2026-03-29T03:00:00"),
        ("25.10. 2:30", "2026-10-25T02:30:00"),
        ("2026-03-29 01:30+00:00", "2026-03-29T03:30:00"),
        ("29.3. 9:00 Asia/Tokyo", "2026-03-29T09:00:00"),
        ("2h", "2026-01-01T14:00:00"),
    ],
)
def test_the_wall_time_that_was_meant_is_kept(text: str, meant: str) -> None:
    assert parse(text, at("2026-01-01 12:00"), BERLIN).wall == meant


def test_the_echo_is_english_in_full_and_leaves_out_only_this_year() -> None:
    moment = at("2026-11-27 09:00")
    assert echo(moment, BERLIN, NOW) == "Fri 27 Nov 09:00 Europe/Berlin"
    assert echo(moment, BERLIN) == "Fri 27 Nov 2026 09:00 Europe/Berlin"
    assert echo(moment, "UTC", at("2027-01-02 00:00")) == "Fri 27 Nov 2026 08:00 UTC"
    assert echo(at("2026-10-25 01:30", "UTC"), BERLIN, NOW) == "Sun 25 Oct 02:30+01:00 Europe/Berlin"


moments = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
minutes = moments.map(lambda moment: moment.replace(second=0, microsecond=0))
zones = st.sampled_from(ZONES)


@given(now=moments, ahead=st.timedeltas(timedelta(minutes=1), timedelta(days=4000)), zone=zones, year=st.booleans())
@example(now=at("2026-10-24 12:00"), ahead=timedelta(hours=14, minutes=30), zone=BERLIN, year=True)
def test_an_echo_is_read_back_as_its_moment(now: datetime, ahead: timedelta, zone: str, year: bool) -> None:
    moment = (now + ahead).replace(second=0, microsecond=0)
    if moment > now:
        when = parse(echo(moment, zone, now if year else None), now, "Asia/Tokyo")
        assert (when.at, when.zone) == (moment, zone)


SAID = (
    "in at today tonight tomorrow next week mon fri sunday 9 9am 12pm 14:30 2:30 0:00 30m 2h 3d 1w 27 nov feb 29"
    " 2026 2027-03-29 2026-10-25T02:30 +01:00 +99:99 Z utc CET Europe/Berlin Europe/ a/b 1.5h 31/2 27.11. 10-10-10"
    " yesterday noon morning afternoon this weekend month an hour a eod tmrw 14.30 10.12 2026-02-30 30 feb"
    " W48 . , / T : 1e9 nan 99999999999999 am pm ٣ ²"
)
phrases = st.lists(st.sampled_from(SAID.split()), max_size=6).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda gap: gap.join(words))
)


@given(
    text=phrases | st.text(max_size=30) | st.text("0123456789:-/.+TZWwdhms apm,", max_size=20), now=moments, zone=zones
)
@example(text="0001-01-01T00:00+23:59", now=NOW, zone=BERLIN)
@example(text="\ud800", now=NOW, zone=BERLIN)
def test_any_text_is_a_moment_ahead_or_one_clear_error(text: str, now: datetime, zone: str) -> None:
    try:
        when = parse(text, now, zone)
    except WhenError as caught:
        error = str(caught)
    else:
        error = ""
        assert when.at > now
        assert when.at.tzinfo is UTC
        assert echo(when.at, when.zone)
    assert error.isprintable()


WITH_A_CLOCK = (
    "{}", "at {}", "fri {}", "{} fri", "tomorrow {}", "tomorrow at {}", "next week {}", "27 nov {}", "nov 27th {}",
    "27.11. {}", "2026-11-27 {}", "{} Europe/Berlin",
)  # fmt: skip


@given(
    context=st.sampled_from(WITH_A_CLOCK),
    hour=st.integers(0, 30) | st.integers(0, 99),
    minute=st.integers(0, 75) | st.none(),
    half=st.sampled_from(("", "am", "pm", " AM", "a.m.", " p.m.", "p")),
    dot=st.booleans(),
)
@example(context="{}", hour=13, minute=None, half="pm", dot=False)
@example(context="27 nov {}", hour=0, minute=None, half="am", dot=False)
@example(context="nov 27th {}", hour=9, minute=30, half="pm", dot=True)
@example(context="{}", hour=9, minute=75, half="pm", dot=True)
def test_a_clock_is_read_as_it_stands_or_refused(
    context: str, hour: int, minute: int | None, half: str, dot: bool
) -> None:
    assume(half or minute is not None)  # a bare number is an hour here and a day there
    mark = half.strip()[:1].lower()
    clock = f"{hour}" if minute is None else f"{hour}{'.' if dot and half else ':'}{minute:02}"
    valid = (1 <= hour <= 12 if half else hour < 24) and (minute or 0) < 60
    meant = hour % 12 + 12 * (mark == "p") if half else hour
    text = context.format(clock + half)
    if valid:
        assert wall(text).endswith(f" {meant:02}:{minute or 0:02}")
    else:
        with pytest.raises(WhenError, match="cannot be read as a time"):
            wall(text)


@given(now=moments, zone=zones, day=st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
def test_next_day_is_that_day_of_the_week_after_this_one(now: datetime, zone: str, day: str) -> None:
    local = now.astimezone(ZoneInfo(zone)).date()
    found = parse(f"next {day} noon", now, zone).at.astimezone(ZoneInfo(zone))
    monday = parse("next week noon", now, zone).at.astimezone(ZoneInfo(zone)).date()
    assert found.strftime("%a").lower() == day and found.hour == 12
    assert monday <= found.date() < monday + timedelta(days=7)
    assert local < monday <= local + timedelta(days=7)


@given(text=st.text(max_size=12) | phrases)
def test_any_text_is_a_span_or_a_clear_error(text: str) -> None:
    error = ""
    try:
        assert parse_span(text) >= timedelta(0)
    except WhenError as caught:
        error = str(caught)
    assert error.isprintable()


@given(st.integers(0, 10**10))
def test_a_span_as_text_is_read_back(seconds: int) -> None:
    assert parse_span(span_text(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


def test_spans_in_the_shortest_words() -> None:
    assert parse_span("10s") == timedelta(seconds=10)
    assert parse_span(" 1 H 30 min") == timedelta(minutes=90)
    assert span_text(timedelta(minutes=90)) == "1h30m"
    assert span_text(timedelta(days=8, seconds=0.9)) == "1w1d"
    assert span_text(timedelta(0)) == "0s"
    with pytest.raises(ValueError, match="below zero"):
        span_text(timedelta(seconds=-1))
    for wrong in ("10", "", "ten seconds", "1h 1h", "-1h", "1mo"):
        with pytest.raises(WhenError, match="say "):
            parse_span(wrong)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        *[(-5, "now"), (59, "now"), (60, "1m"), (3599, "59m"), (3600, "1h"), (86399, "23h"), (2 * 86400, "2d")],
        *[(13 * 86400, "13d"), (14 * 86400, "2w"), (42 * 86400, "6w"), (364 * 86400, "52w"), (800 * 86400, "2y")],
    ],
)
def test_how_long_ago(seconds: int, expected: str) -> None:
    assert ago(NOW, NOW + timedelta(seconds=seconds)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "now"),
        (-9, "now"),
        (0.2, "1s"),
        (8.1, "9s"),
        (60, "1m00s"),
        (299, "4m59s"),
        (7500, "2h05m"),
        (273600, "3d4h"),
    ],
)
def test_a_countdown_rounds_up_so_that_it_never_says_less_than_is_left(seconds: float, expected: str) -> None:
    assert countdown(NOW + timedelta(seconds=seconds), NOW) == expected


def test_dateutil_is_loaded_only_by_the_texts_that_need_it() -> None:
    program = (
        "import sys; from datetime import *; from commtui.model.when import *; n = datetime(2026, 11, 25, tzinfo=UTC)\n"
        "for text in ['2h', 'fri 14:30', 'tonight', '9am', 'next week', '2026-11-27', '2026-11-27 10:00+01:00']:\n"
        "    parse(text, n, 'Europe/Berlin')\n"
        "assert not [name for name in sys.modules if name.startswith('dateutil')]\n"
        "parse('27 nov', n, 'UTC'); assert 'dateutil' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    "zone", ["Nowhere/Else", "", "Europe", "../etc/passwd", "/etc/passwd", "a\x00b", "Mars\x1b[31m"]
)
def test_a_zone_that_this_machine_does_not_know_is_shown_in_utc(zone):
    """A post that a backup brings may have been meant in a zone that is newer than this machine's list."""
    assert echo(datetime(2026, 11, 27, 8, tzinfo=UTC), zone) == "Fri 27 Nov 2026 08:00 UTC"
