"""Lines of slots, and the next one that is free, against clocks that are looked at minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commtui.model.slots import LONGEST, Slot, SlotError, Slots, is_next_slot, next_free, slots_of, upcoming
from tests.model.clock_changes import DAY, MINUTE, near_changes, shown


@pytest.mark.parametrize(
    ("line", "slots"),
    [
        ("mon,thu 9:00", [(0, "09:00"), (3, "09:00")]),
        ("Mon, Thursday  9:00", [(0, "09:00"), (3, "09:00")]),
        ("weekend 9:00, 17:30", [(5, "09:00"), (5, "17:30"), (6, "09:00"), (6, "17:30")]),
        ("daily 12:00", [(day, "12:00") for day in range(7)]),
        ("weekdays 0:00", [(day, "00:00") for day in range(5)]),
        ("sat-mon 23:59", [(0, "23:59"), (5, "23:59"), (6, "23:59")]),
        ("tue 9am,12pm,12am,9", [(1, "00:00"), (1, "09:00"), (1, "12:00")]),
    ],
)
def test_lines_of_slots(line: str, slots: list[tuple[int, str]]) -> None:
    assert slots_of([line]) == tuple(Slot(day, time.fromisoformat(clock)) for day, clock in slots)
    assert slots_of([line, line.upper()]) == slots_of([line])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "has no days"),
        ("9:00", "has no days"),
        ("mon", "has no times"),
        ("mon 24:00", "no time of a day"),
        ("mon 9:60", "no time of a day"),
        ("mon 13pm", "no time of a day"),
        ("mon 0am", "no time of a day"),
        ("mon 9:0", "no time such as"),
        ("mon 9:", "no time such as"),
        ("mon 900", "no time such as"),
        ("mon 9.30", "no time such as"),
        ("mon 1½", "no time such as"),
        ("mont 9:00", "'mont' is no day"),
        ("mon- 9:00", "'mon-' is no day"),
        ("mon-fri-sun 9:00", "is no day"),
        ("every mon 9:00", "'every' is no day"),
    ],
)
def test_what_is_no_slot_says_why(line: str, why: str) -> None:
    with pytest.raises(SlotError, match=why):
        slots_of([line])


@given(st.text(max_size=15) | st.text("montue ,-:0129apm", max_size=20))
def test_any_text_is_slots_or_one_clear_error(line: str) -> None:
    error = ""
    try:
        assert slots_of([line])
    except SlotError as caught:
        error = str(caught)
    assert error.isprintable()


def test_what_asks_for_the_next_slot() -> None:
    assert is_next_slot(" Next  SLOT ") and not is_next_slot("next slots") and not is_next_slot("slot")


clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 59]))
some_slots = st.lists(st.builds(Slot, st.integers(0, 6), clocks), min_size=1, max_size=5).map(
    lambda slots: tuple(sorted(set(slots)))
)


def minutes_of_slots(slots: Slots, zone: str, after: datetime, end: datetime) -> list[datetime]:
    """The slow way: each minute after a moment that first shows a slot, or that ends a gap with one in it."""
    rules, found, seen = ZoneInfo(zone), [], set()
    at = after.replace(second=0, microsecond=0) - 3 * DAY
    while at < end:
        wall, before = shown(at, rules), shown(at - MINUTE, rules)
        first = wall if wall - before <= MINUTE else before + MINUTE
        covered = [first + MINUTE * number for number in range((wall - first) // MINUTE + 1)]
        due = [one for one in covered if one not in seen and Slot(one.weekday(), one.time()) in slots]
        seen.update(due)
        if due and at > after:
            found.append(at)
        at += MINUTE
    return found


@given(near_changes(), some_slots, st.integers(0, 59))
@example(("Europe/Berlin", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)), (Slot(6, time(2, 30)), Slot(6, time(3))), 0)
@example(("Europe/Berlin", datetime(2026, 10, 25, 0, 0, tzinfo=UTC)), (Slot(6, time(2, 30)),), 0)
@example(("Pacific/Apia", datetime(2011, 12, 29, 20, tzinfo=UTC)), (Slot(4, time(12)), Slot(5, time(0))), 0)
@settings(max_examples=40, deadline=None)
def test_slots_come_at_the_minutes_that_clocks_show(near: tuple[str, datetime], slots: Slots, seconds: int) -> None:
    zone, at = near
    after = at + timedelta(seconds=seconds)
    expected = minutes_of_slots(slots, zone, after, after + 8 * DAY)
    assert list(islice(upcoming(slots, zone, after), len(expected))) == expected
    assert len(expected) >= 1


@given(near_changes(), some_slots, st.sets(st.integers(0, 30), max_size=20))
@settings(deadline=None)
def test_the_next_free_one_is_the_first_that_is_not_taken(
    near: tuple[str, datetime], slots: Slots, taken: set[int]
) -> None:
    zone, after = near
    first = list(islice(upcoming(slots, zone, after), 31 + 1))
    wanted = min(set(range(32)) - taken)
    assert next_free(slots, zone, after, {first[number] for number in taken}.__contains__) == first[wanted]


def test_where_nothing_is_free_within_ten_years_there_is_none() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    asked: list[datetime] = []
    assert next_free(slots_of(["fri 9:00"]), "UTC", now, lambda at: not asked.append(at)) is None
    assert len(asked) == LONGEST // timedelta(weeks=1) + 1 and asked[-1] < now + LONGEST
    assert next_free((), "UTC", now, lambda at: False) is None
    assert next_free(slots_of(["daily 9:00"]), "UTC", datetime(9999, 12, 28, 12, tzinfo=UTC), lambda at: False) is None
