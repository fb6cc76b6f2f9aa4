"""REPEAT: what can be said, and its times against a calendar that is gone through day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.model.recurrence import EXAMPLES, MOST_TIMES, Recurrence, followed_by, occurrences, parse
from commtui.model.times import WhenError
from commtui.model.wall_clock import moment_of
from tests.model.clock_changes import DAY, near_changes, shown

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Berlin
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def walls(text: str, now: datetime = NOW, zone: str = BERLIN, most: int = 4, days: int = 800) -> list[str]:
    found = occurrences(parse(text, now, zone), now, now + timedelta(days=days))
    return [one.wall.replace("T", " ") for one in islice(found, most)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("every mon,thu 9:00", ["2026-11-26 09:00", "2026-11-30 09:00", "2026-12-03 09:00", "2026-12-07 09:00"]),
        ("every mon,thu 9:00 until 1.12.", ["2026-11-26 09:00", "2026-11-30 09:00"]),
        ("every thu until 2026-12-10 08:59", ["2026-11-26 09:00", "2026-12-03 09:00"]),
        ("every thu until 2026-12-10 09:00", ["2026-11-26 09:00", "2026-12-03 09:00", "2026-12-10 09:00"]),
        ("every 2 weeks fri 10:00", ["2026-11-27 10:00", "2026-12-11 10:00", "2026-12-25 10:00", "2027-01-08 10:00"]),
        ("every other week on friday at 10:00 for 2 times", ["2026-11-27 10:00", "2026-12-11 10:00"]),
        (
            "Every 2 weeks mon, fri 10am",
            ["2026-11-27 10:00", "2026-12-07 10:00", "2026-12-11 10:00", "2026-12-21 10:00"],
        ),
        ("every week wed 10:00", ["2026-12-02 10:00", "2026-12-09 10:00", "2026-12-16 10:00", "2026-12-23 10:00"]),
        (
            "weekdays 9:00,17:30 for 4 times",
            ["2026-11-25 17:30", "2026-11-26 09:00", "2026-11-26 17:30", "2026-11-27 09:00"],
        ),
        ("every weekday 11:00 for 1 time", ["2026-11-25 11:00"]),
        ("every day 11:00,12:00 for 3 times", ["2026-11-25 11:00", "2026-11-25 12:00", "2026-11-26 11:00"]),
        ("every 3 days until 30d", ["2026-11-26 09:00", "2026-11-29 09:00", "2026-12-02 09:00", "2026-12-05 09:00"]),
        (
            "every month on the 1st 9:00",
            ["2026-12-01 09:00", "2027-01-01 09:00", "2027-02-01 09:00", "2027-03-01 09:00"],
        ),
        (
            "every month on the 1st, 15th",
            ["2026-12-01 09:00", "2026-12-15 09:00", "2027-01-01 09:00", "2027-01-15 09:00"],
        ),
        (
            "every 3 months on the last day",
            ["2026-11-30 09:00", "2027-02-28 09:00", "2027-05-31 09:00", "2027-08-31 09:00"],
        ),
        (
            "every month on the 31. 9:00",
            ["2026-12-31 09:00", "2027-01-31 09:00", "2027-03-31 09:00", "2027-05-31 09:00"],
        ),
        (
            "every month on the first and third thu 8:00",
            ["2026-12-03 08:00", "2026-12-17 08:00", "2027-01-07 08:00", "2027-01-21 08:00"],
        ),
        (
            "every month on the last friday",
            ["2026-11-27 09:00", "2026-12-25 09:00", "2027-01-29 09:00", "2027-02-26 09:00"],
        ),
    ],
)
def test_what_can_be_said(text: str, expected: list[str]) -> None:
    assert walls(text) == expected


def test_the_times_are_meant_in_the_zone_that_is_named() -> None:
    for text in ("daily 9:00 Asia/Tokyo for 2 times", "daily 9:00 for 2 times Asia/Tokyo"):
        meant = parse(text, NOW, BERLIN)
        assert meant.zone == "Asia/Tokyo"
        assert [one.at for one in occurrences(meant, NOW, NOW + 9 * DAY)] == [
            NOW.replace(day=26, hour=0),
            NOW.replace(day=27, hour=0),
        ]
    until = parse("daily 9:00 Asia/Tokyo until 26.11.", NOW, BERLIN)
    assert [one.wall for one in occurrences(until, NOW, NOW + 9 * DAY)] == ["2026-11-26T09:00"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names no day"),
        ("every", "names no day"),
        ("every 9:00", "names no day"),
        ("every week", "names no day"),
        ("every month 9:00", "names no day of the month"),
        ("every month on the 0th", "names no day of the month"),
        ("every month on the 32nd", "names no day of the month"),
        ("every month on the first", "names no day of the month"),
        ("every month on the 1st and last fri", "'fri' is no time"),
        ("every foo 9:00", "'foo' is no day"),
        ("every year", "'year' is no day"),
        ("every mon 25:00", "'25:00' is no time of a day"),
        ("every 0 weeks mon", "from 1 to 120"),
        ("every 121 days", "from 1 to 120"),
        ("every mon for 0 times", "from 1 to 1,000 times"),
        ("every mon for 1001 times", "from 1 to 1,000 times"),
        ("every mon for 3 months", "'for' is no day"),
        ("every mon until yesterday", "is past"),
        ("every month on the 1st until fri", "ends before it begins"),
        ("every mon until never", "cannot be read"),
        ("every mon 9:00 Mars/Base", "is no time zone"),
        ("mon " * 40, "is too long"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, why: str) -> None:
    with pytest.raises(WhenError, match=why):
        parse(text, NOW, BERLIN)


def test_the_rule_is_an_rrule_without_a_count() -> None:
    rule = parse("every 2 weeks fri 10:00,14:00 for 3 times", NOW, BERLIN).rule
    assert rule == (
        "DTSTART:20261127T100000\n"
        "RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=FR;BYHOUR=10,14;BYMINUTE=0;BYSECOND=0;UNTIL=20261211T100000"
    )


def test_other_times_from_a_day_on_follow_the_earlier_ones() -> None:
    since = datetime(2026, 12, 10, tzinfo=UTC)
    first = parse("every mon,thu 9:00 until 31.12.", NOW, BERLIN)
    both = followed_by(first, parse("every fri 10:00", since, BERLIN), since, NOW)
    found = [one.wall[5:] for one in islice(occurrences(both, NOW, NOW + 99 * DAY), 6)]
    assert found == ["11-26T09:00", "11-30T09:00", "12-03T09:00", "12-07T09:00", "12-11T10:00", "12-18T10:00"]
    third = followed_by(both, parse("daily 8:00", NOW + 10 * DAY, BERLIN), NOW + 10 * DAY, NOW)
    found = [one.wall[5:] for one in islice(occurrences(third, NOW, NOW + 99 * DAY), 5)]
    assert found == ["11-26T09:00", "11-30T09:00", "12-03T09:00", "12-06T08:00", "12-07T08:00"]
    later = parse("daily 8:00", NOW, BERLIN)
    assert followed_by(both, later, NOW, NOW) == later, "nothing of the earlier ones is to come"
    with pytest.raises(WhenError, match="meant in Europe/Berlin"):
        followed_by(first, parse("daily 8:00 Asia/Tokyo", since, BERLIN), since, NOW)


clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30]))
some_clocks = st.lists(clocks, min_size=1, max_size=3, unique=True).map(sorted)
some_days = st.lists(st.integers(0, 6), min_size=1, max_size=4, unique=True).map(sorted)
intervals = st.integers(1, 5)


def slow(now: datetime, zone: str, days: int, on: list[date], clocks: list[time]) -> list[datetime]:
    """The moments after now of some days at some times, each once, up to so many days ahead."""
    rules = ZoneInfo(zone)
    moments = [moment_of(datetime.combine(day, clock), rules) for day in on for clock in clocks]
    return sorted({at for at in moments if now < at <= now + days * DAY})


def counted(
    now: datetime, zone: str, days: int, clocks: list[time], unit: str, interval: int, fits: object
) -> list[datetime]:
    """The slow way: days that fit, counted by `unit` from that of the first time after now."""
    assert callable(fits)
    start = shown(now, ZoneInfo(zone)).date() - 2 * DAY
    fitting = [day for number in range(days + 5) if fits(day := start + number * DAY)]
    first = next(
        datetime.combine(day, clock).date()
        for day in fitting
        for clock in clocks
        if moment_of(datetime.combine(day, clock), ZoneInfo(zone)) > now
    )
    place = {
        "day": date.toordinal,
        "week": lambda day: (day.toordinal() - 1) // 7,
        "month": lambda day: day.year * 12 + day.month,
    }[unit]
    on = [day for day in fitting if (place(day) - place(first)) % interval == 0 and place(day) >= place(first)]
    return slow(now, zone, days, on, clocks)


def check(text: str, near: tuple[str, datetime], days: int, expected: list[datetime]) -> None:
    zone, now = near
    found = list(occurrences(parse(text, now, zone), now, now + days * DAY))
    assert [one.at for one in found] == expected
    for one in found:
        wall = shown(one.at, ZoneInfo(zone))
        assert wall >= datetime.fromisoformat(one.wall)  # later only where the clocks leave it out
        assert one.at == moment_of(datetime.fromisoformat(one.wall), ZoneInfo(zone))


def said(clocks: list[time]) -> str:
    return ",".join(f"{clock:%H:%M}" for clock in clocks)


@given(near_changes(), intervals, some_days, some_clocks)
@settings(max_examples=40, deadline=None)
def test_weeks_near_changes_of_clocks(
    near: tuple[str, datetime], interval: int, days: list[int], at: list[time]
) -> None:
    text = f"every {interval} weeks {','.join(NAMES[day] for day in days)} {said(at)}"
    fits = lambda day: day.weekday() in days  # noqa: E731
    check(text, near, 60, counted(near[1], near[0], 60, at, "week", interval, fits))


@given(near_changes(), intervals, some_clocks)
@settings(max_examples=40, deadline=None)
def test_days_near_changes_of_clocks(near: tuple[str, datetime], interval: int, at: list[time]) -> None:
    check(
        f"every {interval} days {said(at)}",
        near,
        30,
        counted(near[1], near[0], 30, at, "day", interval, lambda day: True),
    )


@given(near_changes(), intervals, st.sets(st.integers(1, 31), min_size=1, max_size=3), some_clocks)
@settings(max_examples=30, deadline=None)
def test_days_of_months(near: tuple[str, datetime], interval: int, days: set[int], at: list[time]) -> None:
    text = f"every {interval} months on the {','.join(f'{day}th' for day in days)} {said(at)}"
    check(text, near, 400, counted(near[1], near[0], 400, at, "month", interval, lambda day: day.day in days))


@given(
    near_changes(),
    intervals,
    st.sampled_from(["first", "second", "third", "fourth", "last"]),
    st.integers(0, 6),
    clocks,
)
@settings(max_examples=30, deadline=None)
def test_weekdays_of_months(near: tuple[str, datetime], interval: int, place: str, weekday: int, at: time) -> None:
    def fits(day: date) -> bool:
        if day.weekday() != weekday:
            return False
        if place == "last":
            return (day + 7 * DAY).month != day.month
        return (day.day - 1) // 7 == ["first", "second", "third", "fourth"].index(place)

    text = f"every {interval} months on the {place} {NAMES[weekday]} {said([at])}"
    check(text, near, 400, counted(near[1], near[0], 400, [at], "month", interval, fits))


@given(near_changes(), some_days, some_clocks, st.integers(1, 40))
@settings(max_examples=30, deadline=None)
def test_so_many_times_are_as_many(near: tuple[str, datetime], days: list[int], at: list[time], count: int) -> None:
    zone, now = near
    head = f"every {','.join(NAMES[day] for day in days)} {said(at)}"
    ends = list(occurrences(parse(f"{head} for {count} times", now, zone), now, now + timedelta(days=800)))
    goes_on = islice(occurrences(parse(head, now, zone), now, now + timedelta(days=800)), count)
    assert ends == list(goes_on) and len(ends) == count <= MOST_TIMES


@given(near_changes(), some_days, some_clocks, st.integers(0, 86400 * 40), st.integers(0, 86400 * 40))
@settings(max_examples=30, deadline=None)
def test_a_part_of_the_times_is_the_same_wherever_it_begins(
    near: tuple[str, datetime], days: list[int], at: list[time], one: int, other: int
) -> None:
    zone, now = near
    meant = parse(f"every {','.join(NAMES[day] for day in days)} {said(at)}", now, zone)
    middle, end = now + timedelta(seconds=min(one, other)), now + timedelta(seconds=max(one, other))
    parts = [*occurrences(meant, now, middle), *occurrences(meant, middle, end)]
    assert parts == list(occurrences(meant, now, end))


@given(
    st.text(max_size=20)
    | st.lists(
        st.sampled_from(
            [
                "every",
                "mon",
                "9:00",
                "2",
                "weeks",
                "month",
                "on",
                "the",
                "1st",
                "last",
                "day",
                "until",
                "for",
                "3",
                "times",
                "fri",
                "31.12.",
                "at",
                "other",
                ",",
                "UTC",
            ]
        ),
        max_size=8,
    ).map(" ".join)
)
@settings(deadline=None)
def test_any_text_is_a_series_or_one_clear_error(text: str) -> None:
    error = ""
    try:
        assert isinstance(parse(text, NOW, BERLIN), Recurrence)
    except WhenError as caught:
        error = str(caught)
    assert error.isprintable()


@pytest.mark.parametrize("zone", [BERLIN, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_a_year_with_changes_of_clocks_keeps_every_wall_time(zone: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = list(occurrences(parse("daily 2:15,9:00,23:59", start, zone), start, start + 366 * DAY))
    assert len(found) in range(366 * 3 - 3, 366 * 3 + 1)
    moved = [one for one in found if shown(one.at, ZoneInfo(zone)).isoformat(timespec="minutes") != one.wall]
    assert len(moved) == (0 if zone == "Africa/Casablanca" and not moved else 1)
    assert all(one.wall.endswith("02:15") and shown(one.at, ZoneInfo(zone)).minute in (0, 30) for one in moved)
    assert EXAMPLES
