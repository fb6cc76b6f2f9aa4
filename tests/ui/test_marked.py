"""Marks as some rows or all but some: always the same as a plain set of numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from commtui.store.tinydb_sqlite import sorted_ids
from commtui.store.tinydb_sqlite.sorted_ids import SortedIds
from commtui.ui.widgets.marks import Marks
from commtui.ui.widgets.places import gone_and_new, near, place_after

ROWS = st.lists(st.integers(0, 30), unique=True, max_size=31)
STEP = st.one_of(
    st.tuples(st.just("toggle"), st.integers(0, 30)),
    st.tuples(st.just("all")),
    st.tuples(st.just("range"), st.integers(0, 30), st.integers(0, 30)),
    st.tuples(st.just("rows"), ROWS),
)


@given(ROWS, st.lists(STEP, max_size=12))
def test_marks_are_what_a_set_of_marked_numbers_is(rows, steps):
    marks, marked = Marks(rows), set()
    for name, *arguments in steps:
        if name == "toggle" and arguments[0] in rows:
            marks, marked = marks.toggled(arguments[0]), marked ^ {arguments[0]}
        elif name == "all":
            marks, marked = Marks(rows, all_but=True), set(rows)
        elif name == "range":
            first, end = sorted(min(place, len(rows)) for place in arguments)
            marks, marked = marks.with_range(first, end), marked | set(rows[first:end])
        elif name == "rows":
            rows = arguments[0]
            marks, marked = marks.on(rows), marked & set(rows)
        in_order = [number for number in rows if number in marked]
        assert list(marks) == in_order and len(marks) == len(in_order) and bool(marks) == bool(in_order)
        assert [number in marks for number in rows] == [number in marked for number in rows]
        assert marks[:3] == in_order[:3] and marks[2:9] == in_order[2:9]
        assert [marks[place] for place in range(len(marks))] == in_order
        assert sorted(marks.numbers()) == sorted(in_order)
        assert marks.is_all == (bool(rows) and in_order == rows)


@given(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)), st.integers(1, 5))
def test_what_came_and_what_went_is_found_in_the_blocks_that_differ(before, changed, block):
    size = sorted_ids.BLOCK
    sorted_ids.BLOCK = block  # type: ignore[misc]
    try:
        keys = lambda some: {number: (number,) for number in some}  # noqa: E731
        ids = SortedIds.of(sorted(before), keys)
        now = ids.updated(changed, changed - before, keys)
        assert gone_and_new(ids, now) == (before & changed, changed - before)
        assert gone_and_new(list(ids), list(now)) == gone_and_new(ids, now)
        assert gone_and_new(ids, ids) == (set(), set())
    finally:
        sorted_ids.BLOCK = size  # type: ignore[misc]


@given(ROWS, st.integers(0, 30), ROWS)
def test_the_cursor_stays_on_its_row_or_goes_to_the_next_that_is_there(before, at, now):
    at = min(at, max(0, len(before) - 1))
    place = place_after(before, at, now)
    left = [number for number in before[at:] if number in now]
    assert (now[place] == left[0]) if left else (place == max(0, min(at, len(now) - 1)))
    assert near(now, 5, at) == (now.index(5) if 5 in now else None)
