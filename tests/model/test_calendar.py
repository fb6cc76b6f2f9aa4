"""Days, weeks and months by the clocks of a zone, and conflicts, against slow and obvious references."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.model.calendar import (
    Conflict,
    ConflictKind,
    ConflictRules,
    Days,
    Planned,
    conflicts,
    day_of,
    is_quiet,
    month_after,
    month_of,
    span_of,
    week_of,
)
from commtui.model.hours import Interval
from commtui.model.week_lines import WeekError, intervals_of_day

MINUTE = timedelta(minutes=1)
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ZONES = st.sampled_from(sorted(available_timezones()))
DAYS = st.dates(date(1950, 1, 1), date(2060, 12, 31))
ODD_DAYS = [
    ("Pacific/Apia", date(2011, 12, 30)),  # left out
    ("America/Sao_Paulo", date(2018, 11, 4)),  # has no midnight
    ("America/Sao_Paulo", date(2019, 2, 16)),  # 23:00 to 24:00 comes twice
    ("America/St_Johns", date(2006, 10, 29)),  # begins, goes back to the day before, and begins again
    ("America/Havana", date(2026, 11, 1)),  # has two midnights
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour twice
]


def moments_of(day, zone):
    """Each quarter of an hour, in UTC, at which the clocks show the day: the obvious way."""
    rules = ZoneInfo(zone)
    first = datetime.combine(day, time(), tzinfo=UTC) - timedelta(days=2)
    each = (first + timedelta(minutes=15 * step) for step in range(5 * 96))
    return [moment for moment in each if moment.astimezone(rules).date() == day]


def check_span(day, zone):
    days = Days(day, day + timedelta(days=1))
    first, end = span_of(days, zone)
    found = moments_of(day, zone)
    assert all(first <= moment < end for moment in found)
    assert all(day_of(moment, zone) == day for moment in found)
    assert timedelta(0) <= end - first <= timedelta(hours=50)


@pytest.mark.parametrize(("zone", "day"), ODD_DAYS)
def test_every_moment_of_an_odd_day_is_within_its_span(zone, day):
    check_span(day, zone)
    assert bool(moments_of(day, zone)) is (zone != "Pacific/Apia")


@given(ZONES, DAYS)
@settings(max_examples=60, deadline=None)
def test_every_moment_of_a_day_is_within_its_span(zone, day):
    check_span(day, zone)


@given(DAYS)
def test_a_week_and_a_month_hold_their_day(day):
    week, month = week_of(day), month_of(day)
    assert day in week and week.first.weekday() == 0 and len(list(week.each())) == 7
    assert day in month and {other.month for other in month.each()} == {day.month}
    assert (month.first - timedelta(days=1)).month != day.month != month.end.month
    weeks = month.weeks()
    assert [day for week in weeks for day in week.each() if day in month] == list(month.each())
    assert all(week == week_of(week.first) for week in weeks)


@given(DAYS, st.integers(-50, 50))
def test_a_month_later_is_the_same_day_or_the_last(day, months):
    later = month_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and later + timedelta(days=1) == month_of(later).end)


def test_the_calendar_has_ends():
    assert month_after(date(9999, 10, 31), 1) == date(9999, 11, 30)
    for day, months in ((date(9999, 11, 30), 1), (date(1, 1, 1), -1)):
        with pytest.raises(OverflowError):
            month_after(day, months)
    first, end = span_of(Days(date(1, 1, 1), date(9999, 12, 31)), "Pacific/Auckland")
    assert first.year == 1 and end.year == 9999


POSTS = st.lists(
    st.builds(
        lambda minutes, accounts, *rest: (START + minutes * MINUTE, tuple(sorted(accounts)), *rest),
        st.integers(0, 300),
        st.sets(st.sampled_from("abc"), min_size=1),
        st.sampled_from(["", "  ", "One", "one", " ONE\n", "two words", "Two  words", "straße", "STRASSE"]),
        st.booleans(),
        st.sampled_from(["", "s1", "s2"]),
    ),
    max_size=12,
).map(lambda rows: [Planned(f"p{at}", *row) for at, row in enumerate(rows)])
RULES = st.builds(
    lambda gap, same, quiet: ConflictRules("Europe/Berlin", gap * MINUTE, quiet, same * MINUTE),
    st.sampled_from([0, 1, 15, 60]),
    st.sampled_from([0, 30, 240]),
    st.sampled_from([(), (Interval(600, 660),), (Interval(0, 615), Interval(700, 1440))]),
)


def obvious(posts, rules):
    """What conflicts with what, pair by pair: kind and post -> the others."""
    found = {}
    for post in posts:
        if post.is_out:
            continue
        wall = post.at.astimezone(ZoneInfo(rules.zone))
        if any(interval.start <= wall.hour * 60 + wall.minute < interval.end for interval in rules.quiet):
            found[ConflictKind.QUIET, post.id] = {"": timedelta(0)}
        for other in posts:
            if other.id == post.id or not set(post.accounts) & set(other.accounts):
                continue
            apart, words = abs(post.at - other.at), post.text.casefold().split()
            if apart < rules.min_gap:
                found.setdefault((ConflictKind.NEAR, post.id), {})[other.id] = apart
            if post.series and post.series == other.series:
                continue
            if rules.same_text and words and words == other.text.casefold().split() and apart <= rules.same_text:
                found.setdefault((ConflictKind.TWICE, post.id), {})[other.id] = apart
    return found


@given(POSTS, RULES)
@settings(max_examples=300, deadline=None)
def test_conflicts_are_those_of_all_pairs_and_name_a_nearest_post(posts, rules):
    expected = obvious(posts, rules)
    found = conflicts(posts, rules)
    assert {(wrong.kind, post) for post, all_wrong in found.items() for wrong in all_wrong} == set(expected)
    for post, all_wrong in found.items():
        assert [wrong.kind for wrong in all_wrong] == [kind for kind in ConflictKind if (kind, post) in expected]
        for wrong in all_wrong:
            others = expected[wrong.kind, post]
            assert wrong.other in others
            if wrong.other:
                assert others[wrong.other] == min(others.values())


def test_one_text_on_two_accounts_is_no_conflict():
    posts = [Planned("p1", START, ("a",), "news", False), Planned("p2", START, ("b",), "news", False)]
    assert conflicts(posts, ConflictRules()) == {}
    both = [*posts, Planned("p3", START + timedelta(days=7), ("a", "b"), "News", False)]
    assert conflicts(both, ConflictRules()) == {
        "p1": (Conflict(ConflictKind.TWICE, "p3"),),
        "p2": (Conflict(ConflictKind.TWICE, "p3"),),
        "p3": (Conflict(ConflictKind.TWICE, "p1"),),
    }


def test_a_series_repeats_its_text_but_no_other_post_does():
    week = [Planned(f"p{n}", START + timedelta(days=n), ("a",), "news", False, "s1") for n in range(3)]
    assert conflicts(week, ConflictRules()) == {}
    by_hand = Planned("p9", START + timedelta(days=4), ("a",), "news", False)
    found = conflicts([*week, by_hand], ConflictRules())
    assert found == {
        **{post.id: (Conflict(ConflictKind.TWICE, "p9"),) for post in week},
        "p9": (Conflict(ConflictKind.TWICE, "p2"),),
    }


def test_what_is_out_has_no_conflict_but_others_have_it_with_that():
    posts = [Planned("p1", START, ("a",), "one", True), Planned("p2", START + 5 * MINUTE, ("a",), "two", False)]
    assert conflicts(posts, ConflictRules()) == {"p2": (Conflict(ConflictKind.NEAR, "p1"),)}


@given(st.integers(0, 1439), st.integers(1, 1440), st.integers(0, 365 * 1440))
def test_quiet_hours_go_over_midnight(start, end, passed):
    if start == end:
        return
    text = f"{start // 60}:{start % 60:02}-{end // 60}:{end % 60:02}"
    rules = ConflictRules("UTC", quiet=intervals_of_day(text))
    moment = START + passed * MINUTE
    minute = moment.hour * 60 + moment.minute
    inside = start <= minute < end if start < end else minute >= start or minute < end
    assert is_quiet(moment, rules) is inside


@pytest.mark.parametrize("text", ["22:00-22:00", "24:00-7:00", "22:00", "x-y", "22:60-7:00", ""])
def test_what_is_no_part_of_a_day_is_refused(text):
    with pytest.raises(WeekError):
        intervals_of_day(text)
