"""Where each part stands, at every size and in every state."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region

from commtui.ui.panes.pane import NAMES
from commtui.ui.screens.layout import Shape, is_wide, regions

pytestmark = pytest.mark.usefixtures("waits_for_work")

SHAPES = st.builds(
    Shape,
    width=st.integers(20, 260),
    height=st.integers(8, 90),
    active=st.sampled_from(NAMES),
    wanted=st.tuples(*[st.integers(1, 2000)] * 3),
    reading=st.booleans(),
    bottom=st.integers(1, 5),
    message=st.integers(0, 4),
    problem=st.integers(0, 1),
)


@given(SHAPES)
def test_no_part_overlaps_another_or_leaves_the_screen_and_the_focus_is_never_covered(shape):
    places = regions(shape)
    message = places.pop("message", Region())
    screen = Region(0, 0, shape.width, shape.height - 1)
    assert all(screen.contains_region(place) for place in places.values())
    for one, other in itertools.combinations(places.values(), 2):
        assert not one.overlaps(other)
    focused = places["reading" if shape.reading else shape.active]
    assert focused.height >= 1 and focused.width >= min(20, shape.width)
    if focused.height > 1:
        assert not (message and focused.overlaps(message)) and focused.bottom <= shape.height - shape.bottom


@given(SHAPES)
def test_a_message_leaves_every_pane_its_title_and_its_next_row(shape):
    places = regions(shape._replace(bottom=1))
    message = places.get("message", Region())
    panes = [places[name] for name in NAMES if name in places]
    if len(panes) < len(NAMES):
        return
    whole = regions(shape._replace(bottom=1, message=0))
    left = {name: whole[name].height - whole[name].intersection(message).height for name in NAMES}
    largest = max(whole[name].height for name in NAMES)
    for name in NAMES:
        assert left[name] >= min(whole[name].height, 2 if whole[name].height < largest else 1)
    assert message.height == max(shape.message, shape.problem)


@given(SHAPES)
def test_without_message_and_question_no_row_of_the_panes_is_left_over(shape):
    shape = shape._replace(bottom=1, message=0, problem=0, reading=False)
    places = regions(shape)
    panes = [places[name] for name in NAMES if name in places]
    assert sum(pane.height for pane in panes) == shape.height - 1
    assert [pane.y for pane in panes] == sorted(pane.y for pane in panes)


@given(SHAPES)
def test_a_message_covers_no_row_of_the_pane_with_the_focus_while_another_one_is_larger(shape):
    shape = shape._replace(bottom=1, reading=False)
    places, whole = regions(shape), regions(shape._replace(message=0))
    wanted = shape.wanted[NAMES.index(shape.active)]
    if any(whole[name].height > whole[shape.active].height for name in NAMES if name in whole):
        assert places[shape.active].height >= min(wanted, whole[shape.active].height)


@given(SHAPES)
def test_beside_a_message_no_row_of_the_column_of_the_panes_is_blank(shape):
    shape = shape._replace(bottom=1, reading=False)
    places = regions(shape)
    column = places[shape.active].x
    covered = set()
    for name in (*NAMES, "message", "problem"):
        if name in places:
            assert places[name].x == column
            covered |= set(range(places[name].y, places[name].bottom))
    assert covered == set(range(shape.height - 1))


@pytest.mark.parametrize(
    ("size", "parts"),
    [
        ((40, 12), {"mentions"}),
        ((80, 24), {*NAMES}),
        ((120, 40), {*NAMES, "reading", "rule-reading"}),
        ((160, 45), {*NAMES, "reading", "rule-reading", "person", "rule-person"}),
        ((200, 50), {*NAMES, "reading", "rule-reading", "person", "rule-person", "overview", "rule-overview"}),
    ],
)
def test_each_size_has_its_parts(size, parts):
    places = regions(Shape(size[0], size[1]))
    assert set(places) == parts
    assert "reading" not in places or places["reading"].width <= 82
    reading = regions(Shape(size[0], size[1], reading=True))
    assert set(reading) == (parts if is_wide(*size) else {"reading"})


@pytest.mark.parametrize("size", [(80, 24), (120, 30), (120, 40), (160, 45), (200, 50)])
def test_the_pane_with_the_focus_has_the_rows_it_wants_and_the_others_keep_some(size):
    for name, wanted in (("replies", (500, 9, 500)), ("posts", (500, 500, 9)), ("posts", (500, 500, 500))):
        places = regions(Shape(size[0], size[1], active=name, wanted=wanted))
        assert places[name].height >= 9
        assert all(places[other].height >= 1 for other in NAMES)
        before = regions(Shape(size[0], size[1], wanted=wanted))
        assert places["mentions"].height <= before["mentions"].height
    few = regions(Shape(size[0], size[1], active="replies", wanted=(500, 1, 500)))
    assert few == regions(Shape(size[0], size[1], wanted=(500, 1, 500)))  # what wants nothing more moves no other pane


@given(SHAPES)
def test_no_line_is_blank_while_a_pane_has_more_rows_to_show(shape):
    places = regions(
        shape._replace(message=0, problem=0, reading=False, bottom=1)
    )  # what is at the bottom covers panes
    heights = {
        name: (places[name].height, want) for name, want in zip(NAMES, shape.wanted, strict=True) if name in places
    }
    if len(heights) == len(NAMES) and any(height < want for height, want in heights.values()):
        assert all(height <= want for height, want in heights.values())
