"""The text that is edited in the composer: its rows, its buffer and what its keys do."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from commtui.ui.composer.buffer import Position, TextBuffer
from commtui.ui.composer.rows import WrappedText
from commtui.ui.composer.wrapping import cells_before, index_at, next_index, painted, previous_index, row_starts
from commtui.ui.painter.cells import clusters
from commtui.ui.text.cells import roomy
from tests.ui.fill import services_in
from tests.ui.screen import composer, drive, lines, shown, typed

pytestmark = pytest.mark.usefixtures("waits_for_work")

TEXTS = st.text(st.sampled_from("ab  c,界語é👍\u200d🏽\u0301क्\u093e\u0940"), max_size=60)


def rows_of(text: str, width: int) -> list[str]:
    starts = [*row_starts(text, width), len(text)]
    return [text[start:end] for start, end in pairwise(starts)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [""]),
        ("one two three", ["one two ", "three"]),
        ("one two  three", ["one two  ", "three"]),
        ("a verylongword", ["a ", "verylong", "word"]),
        ("ab 界界界界", ["ab 界界", "界界"]),
        ("eight888", ["eight888"]),
        ("eight888 ", ["eight888 "]),
    ],
)
def test_rows_break_behind_spaces_and_between_wide_characters(text, rows):
    assert rows_of(text, 8) == rows


@given(TEXTS, st.integers(2, 20))
def test_no_row_is_wider_than_its_column_but_for_spaces_and_no_character_is_cut(text, width):
    rows = rows_of(text, width)
    assert "".join(rows) == text
    whole = [cluster for cluster, _ in clusters(text)]
    assert [cluster for row in rows for cluster, _ in clusters(row)] == whole
    for row in rows:
        cells = [cells_before(cluster, len(cluster)) for cluster, _ in clusters(row.rstrip(" "))]
        assert sum(cells) <= width or len(cells) == 1


@given(TEXTS.map(lambda text: text.replace("\u200d", "")))  # behind a joiner the room belongs to what it joins
def test_a_text_is_painted_with_the_room_that_all_rows_leave_for_vowel_signs(text):
    assert painted(text) == roomy(text)
    assert cells_before(text, len(text)) == sum(cells for _, cells in clusters(roomy(text)))


def test_a_hindi_text_in_the_composer_has_room_behind_its_vowel_signs(tmp_path):
    text = "\u0915\u094d\u092f\u093e \u0939\u093f\u0928\u094d\u0926\u0940"

    async def scenario(app, pilot):
        await pilot.press("r")
        composer(app).text_box.insert(text)
        await pilot.pause()
        assert f" {roomy(text)}".rstrip() in lines(app) and roomy(text) != text
        assert app.cursor_position.x == 1 + cell_len(roomy(text))

    drive(services_in(tmp_path, 1), scenario)


@settings(max_examples=200)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.integers(2, 14), st.randoms(use_true_random=False))
def test_a_change_wraps_only_a_part_and_gives_what_wrapping_all_gives(lines, width, chance: random.Random):
    wrapped = WrappedText()
    for _ in range(4):
        wrapped.update(lines, width)
        fresh = WrappedText()
        fresh.update(lines, width)
        assert wrapped.rows == fresh.rows
        line = chance.randrange(len(lines))
        at = chance.randint(0, len(lines[line]))
        lines[line] = lines[line][:at] + chance.choice(["x", " ", "界", "", "two words"]) + lines[line][at:]
        if chance.random() < 0.3:
            lines.insert(line, "a new line of its own")


@given(TEXTS, st.integers(0, 60))
def test_steps_stop_between_characters_and_cells_lead_back(text, index):
    borders = [0]
    for cluster, _ in clusters(text):
        borders.append(borders[-1] + len(cluster))
    index = min(index, len(text))
    assert next_index(text, index) in borders
    assert previous_index(text, index) in borders
    assert index_at(text, cells_before(text, len(text)) + 1) == len(text)


WORDS = st.text(st.sampled_from("ab \n界👍"), max_size=8)


@given(st.lists(st.tuples(st.sampled_from(["type", "insert", "back", "word", "line", "move"]), WORDS), max_size=30))
def test_undo_leads_back_to_the_first_text_and_redo_to_the_last(steps):
    buffer = TextBuffer("begin")
    for what, text in steps:
        match what:
            case "type":
                for letter in text:
                    buffer.insert(letter, typed=True)
            case "insert":
                buffer.insert(text)
            case "back":
                buffer.delete_back()
            case "word":
                buffer.delete_to(buffer.word_left())
            case "line":
                buffer.delete_to(buffer.line_start())
            case _:
                buffer.move(Position(len(text) % 3, len(text)), select=bool(len(text) % 2))
        assert buffer.lines and buffer.cursor <= buffer.end
    last = buffer.text
    while buffer.undo():
        pass
    assert buffer.text == "begin"
    while buffer.redo():
        pass
    assert buffer.text == last


def test_backspace_takes_an_emoji_whole_and_of_a_letter_its_last_mark():
    buffer = TextBuffer("e\u0301 👩\u200d💻")
    buffer.delete_back()
    assert buffer.text == "e\u0301 "
    buffer.delete_back()
    buffer.delete_back()
    assert buffer.text == "e"


def test_letters_typed_one_after_another_are_taken_back_as_a_word():
    buffer = TextBuffer()
    for letter in "two words":
        buffer.insert(letter, typed=True)
    buffer.undo()
    assert buffer.text == "two"
    buffer.undo()
    assert buffer.text == ""


def test_keys_move_select_cut_and_paste(tmp_path):
    services = services_in(tmp_path, 1)

    async def scenario(app, pilot):
        await pilot.press("r")
        await typed(pilot, "one two")
        await pilot.press("enter")
        await typed(pilot, "three")
        box = composer(app).text_box
        await pilot.press("shift+home", "ctrl+x", "up", "home", "ctrl+v")
        assert box.text == "threeone two\n"
        await pilot.press("ctrl+right", "ctrl+w", "ctrl+k", "delete", "ctrl+underscore", "ctrl+underscore")
        assert box.text == " two\n"
        await pilot.press("f7", "x", "tab", "y")
        assert box.text == "x   y"
        await pilot.press("up", "down", "left", "shift+right", "backspace")
        assert box.text == "x   "
        await pilot.press("escape", "d")

    drive(services, scenario)


def test_a_long_text_scrolls_so_that_the_cursor_stays_in_sight(tmp_path):
    services = services_in(tmp_path, 1)

    async def scenario(app, pilot):
        await pilot.press("r")
        composer(app).text_box.insert("\n".join(f"line {number}" for number in range(60)))
        await pilot.pause()
        assert "line 59" in shown(app) and "line 0" not in shown(app)
        await pilot.press("ctrl+home")
        await pilot.pause()
        assert "line 0" in shown(app) and "line 59" not in shown(app)
        await pilot.press("pagedown", "pagedown")
        await pilot.pause()
        assert "line 0" not in shown(app)
        await pilot.press("escape", "d")

    drive(services, scenario)
