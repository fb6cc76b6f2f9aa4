"""Whose turn it is, which moments are worked, and ids of events."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from commtui.model.hours import Hours, Interval, is_worked, minutes_between, week_of
from commtui.model.rules import Trigger, due_at, next_in_turn, run_id

NAMES = st.lists(st.text(min_size=1), min_size=1, unique=True)
ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu")


@given(NAMES, st.text(), st.integers(1, 50))
def test_turns_are_fair(names, last, times):
    taken = []
    for _ in range(times):
        last = next_in_turn(names, last)
        taken.append(last)
    counts = Counter(taken)
    assert max(counts.values()) - min(counts.get(name, 0) for name in names) <= 1


@given(
    st.sampled_from(ZONES),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 600)), max_size=6),
    st.integers(0, 366 * 24 * 60),
)
def test_a_moment_is_worked_if_the_minute_from_it_is(zone, days, minute):
    week = week_of({day: [Interval(start, min(1440, start + length))] for day, start, length in days})
    hours = Hours(zone, week, frozenset((date(2026, 12, 24),)))
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    assert is_worked(hours, at) == (minutes_between(hours, at, at + timedelta(minutes=1)) == 1)


def test_each_part_of_an_event_makes_another_id():
    same = ("a", "c0000000000", Trigger.MENTION, "m0000000000")
    others = [
        ("b", *same[1:]),
        ("a", "c0000000001", *same[2:]),
        (*same[:2], Trigger.UNANSWERED, same[3]),
        (*same[:3], "m0000000001"),
    ]
    assert run_id(*same) == run_id(*same)
    assert len({run_id(*event) for event in (same, *others)}) == 5


def test_without_hours_a_wait_is_over_by_the_clock():
    since = datetime(2026, 11, 23, tzinfo=UTC)
    assert due_at(since, timedelta(hours=4), None) == since + timedelta(hours=4)
    never = Hours("UTC", week_of({}))
    assert due_at(since, timedelta(hours=4), never) is None
