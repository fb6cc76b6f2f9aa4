"""The list: the cursor is a number, never a place; marks and ranges; pages. No screen is needed for most of it."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App
from textual.screen import Screen

from commtui.ui.painter.compositor import SteadyCompositor
from commtui.ui.text.colours import styles_of
from commtui.ui.text.rows import filled
from commtui.ui.widgets.arrivals import ENDS, Arrivals
from commtui.ui.widgets.marked_rows import MarkedRows
from commtui.ui.widgets.pace import PAUSE
from commtui.ui.widgets.places import place_of
from commtui.ui.widgets.rows import Rows
from commtui.ui.widgets.tops import CONTEXT, after_resize


class ListApp(App[None]):
    """One list of numbers; counts the rows that are written."""

    def __init__(self, numbers):
        super().__init__()
        from commtui.ui.app import FALLBACK

        self.styles_by_role = styles_of(FALLBACK)
        self.written = []
        self.rows = MarkedRows(self.write, lambda width: [(("plain", "empty"),)])
        self.rows.numbers = numbers

    def write(self, number, pointed, marked, width):
        self.written.append(number)
        return filled([("plain", f"{'>' if pointed else ' '}{'x' if marked else ' '}{number}")], width)

    def compose(self):
        yield self.rows

    def _register_child(self, parent, child, before, after):
        if isinstance(child, Screen):
            child._compositor = SteadyCompositor()
        super()._register_child(parent, child, before, after)


def on_screen(numbers, scenario, size=(20, 10)):
    app = ListApp(numbers)

    async def run():
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await scenario(app, app.rows, pilot)

    asyncio.run(run())


@given(st.lists(st.integers(0, 50), unique=True), st.integers(0, 50), st.integers(0, 60))
def test_a_row_is_found_wherever_it_went(numbers, wanted, guess):
    place = place_of(numbers, wanted, guess)
    assert (place is None) == (wanted not in numbers)
    assert place is None or numbers[place] == wanted


def test_a_hundred_thousand_rows_cost_what_is_in_sight():
    async def scenario(app, rows, pilot):
        assert sorted(set(app.written)) == list(range(10))
        app.written.clear()
        rows.move_to(99_999)
        await pilot.pause()
        assert set(app.written) == set(range(99_990, 100_000))

    on_screen(range(100_000), scenario)


def test_a_step_writes_two_rows_and_a_page_turns_with_context():
    async def scenario(app, rows, pilot):
        app.written.clear()
        rows.move_to(1)
        await pilot.pause()
        assert sorted(app.written) == [0, 1]
        rows.move_to(9)
        rows.move_to(10)
        await pilot.pause()
        assert rows.top == 10 - CONTEXT
        rows.move_to(7)
        assert rows.top == 0 and rows.at == 7

    on_screen(list(range(100)), scenario)


def test_the_cursor_stays_on_its_row_while_others_come_and_go():
    async def scenario(app, rows, pilot):
        rows.move_to(30)
        height = rows.at - rows.top
        rows.show([200, 201, *range(100)], set())
        assert rows.number == 30 and rows.at - rows.top == height
        rows.show(list(range(25, 100)), set())
        assert rows.number == 30
        rows.show([n for n in range(100) if n not in (30, 31)], set())
        assert rows.number == 32
        rows.show([1, 2], set())
        assert rows.number == 2
        rows.show([], set())
        assert rows.number is None
        rows.show([7], set())
        assert rows.number == 7

    on_screen(list(range(100)), scenario)


def test_an_arrival_out_of_sight_writes_no_row():
    async def scenario(app, rows, pilot):
        app.written.clear()
        rows.show(list(range(140)), {130, 139})
        await pilot.pause()
        assert app.written == []
        rows.show(list(range(140)), {3})
        await pilot.pause()
        assert app.written == [3]

    on_screen(list(range(100)), scenario)


def test_marks_and_ranges_are_what_a_verb_is_meant_for():
    async def scenario(app, rows, pilot):
        assert list(rows.chosen()) == [0]
        rows.toggle_mark()
        rows.move_to(5)
        assert rows.toggle_range()
        rows.move_to(7)
        assert list(rows.chosen()) == [0, 5, 6, 7]
        assert not rows.ranging
        rows.show([n for n in range(100) if n != 6], set())
        assert list(rows.chosen()) == [0, 5, 7]
        rows.mark(())
        assert list(rows.chosen()) == [7]

    on_screen(list(range(100)), scenario)


def colours(rows, y):
    return {
        segment.text.strip()
        for segment in rows.render_line(y)
        if segment.style == rows.app.styles_by_role["plain-pointed"]
    }


def test_the_whole_row_of_the_cursor_has_its_colour_but_while_keys_come_quickly():
    async def scenario(app, rows, pilot):
        rows.move_to(1)
        assert colours(rows, 0) == set() and colours(rows, 1) == {"> 1"}  # a step after a pause
        rows.move_to(2)
        assert colours(rows, 2) == set()  # the head, which this list has none of
        await pilot.pause(PAUSE + 0.3)
        assert colours(rows, 2) == {"> 2"}

    on_screen(list(range(100)), scenario)


@given(
    st.lists(
        st.tuples(st.sampled_from(["come", "go", "change", "see"]), st.integers(0, 5), st.integers(0, 40)), max_size=20
    )
)
def test_what_is_new_is_what_came_and_was_not_seen(steps):
    numbers, arrivals, new, fresh = list(range(30)), Arrivals(), set(), 100
    arrivals.follow(numbers, None)
    for kind, count, place in steps:
        if kind == "come":
            came = set(range(fresh, fresh + count))
            fresh += count
            numbers = [*numbers, *sorted(came)]
            new |= came
            arrivals.follow(numbers, came)
        elif kind == "go":
            gone = set(numbers[place : place + count])
            numbers = [number for number in numbers if number not in gone]
            new -= gone
            arrivals.follow(numbers, gone)
        elif kind == "change":
            arrivals.follow(numbers, set(numbers[place : place + count]))
        else:
            arrivals.see(numbers[place : place + count])
            new -= set(numbers[place : place + count])
        assert arrivals.unseen == sum(number in new for number in numbers)


def test_new_rows_are_looked_for_at_the_ends_of_a_long_list_only():
    numbers, arrivals = list(range(100_000)), Arrivals()
    arrivals.follow(numbers, None)
    numbers = [100_001, *numbers[:50_000], 100_002, *numbers[50_000:], 100_000]
    arrivals.follow(numbers, {5, 100_000, 100_001, 100_002})
    assert arrivals.unseen == 2 and ENDS < 50_000


class Model:
    """What a person expects of the cursor: the row stays; when it goes, the next one that is left, else its place."""

    def __init__(self, numbers):
        self.numbers, self.number = numbers, numbers[0]

    def show(self, numbers):
        place = self.numbers.index(self.number)
        left = [n for n in self.numbers[place:] if n in numbers]
        self.number = left[0] if left else numbers[min(place, len(numbers) - 1)]
        self.numbers = numbers


@given(
    st.lists(
        st.one_of(st.integers(0, 29), st.lists(st.integers(0, 29), min_size=1, unique=True).map(sorted)), max_size=12
    )
)
def test_the_cursor_goes_where_a_person_expects_it(steps):
    rows = Rows(lambda *_: (), lambda width: [])
    rows.numbers = list(range(30))
    rows.post_message = lambda message: True
    model = Model(rows.numbers)
    for step in steps:
        if isinstance(step, list):
            rows.show(step, set())
            model.show(step)
        elif step < len(rows.numbers):
            rows.move_to(step)
            model.number = model.numbers[step]
        assert rows.number == model.number
        assert 0 <= rows.top <= rows.at < rows.top + rows.page


def test_a_list_that_is_sorted_anew_leaves_no_empty_lines_below():
    async def scenario(app, rows, pilot):
        rows.move_to(2)
        rows.show([*range(3, 30), 0, 1, 2], None)
        await pilot.pause()
        assert rows.number == 2 and rows.top == 30 - rows.page
        rows.show([*range(3, 30), 0, 1], {2})
        assert rows.number == 1

    on_screen(list(range(30)), scenario)


def test_a_row_of_another_list_is_not_new_where_it_changes_there():
    arrivals = Arrivals()
    arrivals.follow(range(30), None)
    other = range(100, 160)
    arrivals.follow(other, set())
    arrivals.follow(other, {150})
    assert arrivals.unseen == 0


def squeezed(rows, pilot, lines):
    """Gives the list another number of lines, as a thread that is opened over it does."""
    rows.styles.height = lines
    return pilot.pause()


@given(st.data())
def test_whatever_room_a_list_has_meanwhile_it_stands_as_before_or_at_its_beginning(data):
    count = data.draw(st.integers(1, 60), "rows")
    page = data.draw(st.integers(1, 30), "lines")
    before = data.draw(st.integers(0, max(0, count - page)), "first row")
    at = data.draw(st.integers(before, min(count, before + page) - 1), "cursor")
    top, height = before, at - before
    for lines in (*data.draw(st.lists(st.integers(1, 40), max_size=4), "meanwhile"), page):
        top = after_resize(top, at, lines, count, height, follows=True)
        assert max(0, at - lines + 1) <= top <= at
        assert top <= max(0, count - lines)  # no line is empty while rows are above
    assert top == before or (top == 0 and at < page)


@pytest.mark.parametrize(("place", "top"), [(3, 0), (40, 40 - CONTEXT)])
def test_a_list_with_room_again_stands_as_before_it_was_squeezed(place, top):
    async def scenario(app, rows, pilot):
        rows.move_to(place)
        assert rows.top == top
        await squeezed(rows, pilot, 1)
        assert rows.number == place and rows.top == place
        rows.show([n for n in range(100) if n != place], set())  # it was answered: the next one takes its place
        assert rows.number == place + 1 and rows.in_sight() == [place + 1]
        await squeezed(rows, pilot, 10)
        assert (rows.number, rows.top) == (place + 1, top)

    on_screen(list(range(100)), scenario)


def test_a_step_while_there_is_one_line_leaves_no_row_above_out_of_sight_that_has_room():
    async def scenario(app, rows, pilot):
        await squeezed(rows, pilot, 1)
        rows.move_to(5)
        rows.move_to(7)
        await squeezed(rows, pilot, 10)
        assert (rows.at, rows.top) == (7, 0)

    on_screen(list(range(100)), scenario)


@pytest.mark.parametrize("steps", [(9,), (40, 47)])
def test_a_line_that_is_taken_for_a_moment_turns_no_page(steps):
    async def scenario(app, rows, pilot):
        for place in steps:
            rows.move_to(place)
        top = rows.top
        assert rows.at == top + 9  # the last line
        await squeezed(rows, pilot, 9)
        assert rows.top == top + 1
        await squeezed(rows, pilot, 10)
        assert rows.top == top

    on_screen(list(range(100)), scenario)


@pytest.mark.parametrize("active", [True, False])
def test_rows_that_leave_at_the_end_leave_no_empty_lines_while_rows_are_above(active):
    async def scenario(app, rows, pilot):
        rows.move_to(99)
        rows.move_to(92)
        rows.activate(active)
        for count in (99, 95, 93, 60, 12, 10):
            rows.show(list(range(count)), {99})
            assert rows.top == count - 10 and rows.number == min(92, count - 1)
        rows.show(list(range(4)), set())
        assert rows.top == 0

    on_screen(list(range(100)), scenario)
