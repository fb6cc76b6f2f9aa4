"""A text in parts shows the lines that it would show whole, and makes those in sight only."""

from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from commtui.ui.text.parts import INNER, Part, PartedText

Whole = list[list[list[str]]]
"""The lines of each part of each part."""


def line(text):
    return (("plain", text),)


def parts_of(whole: Whole, names: list[str], made: list[str]) -> list[Part]:
    def make(key: str, inner: list[list[str]]):
        if len(inner) == 1:
            made.append(key)
            return [line(text) for text in inner[0]]
        return tuple(
            Part(f"{key}{INNER}{number}", partial(make, f"{key}{INNER}{number}", [lines]))
            for number, lines in enumerate(inner)
        )

    return [Part(name, partial(make, name, inner)) for name, inner in zip(names, whole, strict=True)]


LINES = st.lists(st.text("abc", min_size=1, max_size=3), max_size=6)
WHOLE = st.lists(st.lists(LINES, min_size=1, max_size=4), max_size=8)
MOVES = st.lists(st.one_of(st.integers(-30, 30), st.sampled_from(["start", "end"])), max_size=20)


@given(WHOLE, st.integers(1, 12), MOVES)
def test_what_is_visible_is_what_a_list_of_all_lines_would_show(whole, height, moves):
    flat = [line(text) for inner in whole for lines in inner for text in lines]
    most = max(0, len(flat) - height)
    text, top = PartedText(parts_of(whole, [str(number) for number in range(len(whole))], [])), 0
    for move in moves:
        if move == "start":
            text.to_start()
            top = 0
        elif move == "end":
            text.to_end(height)
            top = most
        else:
            text.move(move, height)
            top = max(0, min(top + move, most))
        assert text.visible(height) == flat[top : top + height]
        assert text.at_end(height) or top < most


def test_only_parts_in_sight_are_made():
    made: list[str] = []
    text = PartedText(parts_of([[["one", "two"]]] * 5000, [str(number) for number in range(5000)], made))
    text.to_end(20)
    assert len(text.visible(20)) == 20
    assert made == [str(number) for number in range(4999, 4989, -1)]
    text.move(-2, 20)
    text.to_start()
    assert len(text.visible(20)) == 20
    assert len(made) == 21


@given(WHOLE, st.integers(1, 8), st.integers(0, 60), st.integers(0, 3), st.integers(0, 3))
def test_the_top_stays_on_its_line_when_parts_come_before_and_behind_it(whole, height, down, before, behind):
    whole = [inner for inner in whole if all(inner)]
    names = [str(number) for number in range(len(whole))]
    text = PartedText(parts_of(whole, names, []))
    text.move(down, height)
    shown = text.visible(height)
    more = [[["new line"]]]
    changed = [*more * before, *whole, *more * (behind + height)]
    new_names = [f"b{number}" for number in range(before)], [f"a{number}" for number in range(behind + height)]
    text.replace(parts_of(changed, [*new_names[0], *names, *new_names[1]], []), height)
    if shown:
        assert text.visible(height)[: len(shown)] == shown


def test_the_top_is_the_nearest_line_there_is_where_its_own_is_gone():
    text = PartedText(parts_of([[["one"]], [["two", "three"]], [["four"]]], ["a", "b", "c"], []))
    text.move(2, 1)
    assert text.visible(1) == [line("three")]
    text.replace(parts_of([[["one"]], [["two"]], [["four"]]], ["a", "b", "c"], []), 1)
    assert text.visible(1) == [line("two")]
    text.replace(parts_of([[["one"]]], ["a"], []), 1)
    assert text.visible(1) == [line("one")]
    text.replace([], 1)
    assert text.visible(1) == []
