"""How many colours, and which: from the environment, and by the nearest one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.ui.painter import colour
from commtui.ui.painter.abilities import detect
from commtui.ui.painter.colour import TRUE, Depth
from commtui.ui.painter.styles import Styles

CASES = [
    ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, Depth.TRUE),
    ({"TERM": "xterm-256color"}, Depth.PALETTE),
    ({"TERM": "xterm-kitty"}, Depth.TRUE),
    ({"TERM": "tmux-256color", "TMUX": "x", "COLORTERM": "24bit"}, Depth.TRUE),
    ({"TERM": "screen-256color", "STY": "1", "COLORTERM": "truecolor"}, Depth.PALETTE),
    ({"TERM": "xterm"}, Depth.ANSI),
    ({"TERM": "linux"}, Depth.ANSI),
    ({"TERM": "vt100"}, Depth.NONE),
    ({"TERM": "dumb", "COLORTERM": "truecolor"}, Depth.NONE),
    ({}, Depth.NONE),
    ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, Depth.NONE),
    ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": ""}, Depth.TRUE),
]


@pytest.mark.parametrize(("env", "depth"), CASES)
def test_the_depth_of_a_terminal(env, depth):
    assert colour.detect(env) is depth
    assert colour.detect(env, no_color=True) is Depth.NONE


@pytest.mark.parametrize(
    ("red", "green", "blue", "palette", "ansi"),
    [
        (0, 0, 0, 16, 0), (255, 255, 255, 231, 15), (255, 0, 0, 196, 9), (0, 0, 95, 17, 0), (128, 128, 128, 244, 8),
        (17, 17, 17, 233, 0), (230, 230, 230, 254, 7), (255, 255, 0, 226, 11), (0, 200, 0, 40, 2), (30, 30, 46, 235, 0),
    ],
)  # fmt: skip
def test_the_nearest_colour(red, green, blue, palette, ansi):
    wanted = TRUE + (red << 16 | green << 8 | blue)
    assert colour.convert(wanted, Depth.PALETTE) == palette
    assert colour.convert(wanted, Depth.ANSI) == ansi


@given(st.integers(0, 255), st.sampled_from([Depth.PALETTE, Depth.TRUE]))
def test_a_colour_of_the_palette_stays_what_it_is(index, depth):
    assert colour.convert(index, depth) == index


@given(st.integers(0, 0xFFFFFF), st.sampled_from(list(Depth)))
def test_a_converted_colour_is_one_that_the_terminal_has(value, depth):
    converted = colour.convert(TRUE + value, depth)
    if depth is Depth.NONE:
        assert converted is None
    else:
        assert converted is not None
        assert 0 <= converted < (16 if depth is Depth.ANSI else 256 if depth is Depth.PALETTE else 2 * TRUE)


@given(st.integers(0, 0xFFFFFF), st.booleans())
def test_a_true_colour_is_said_exactly(value, background):
    codes = [int(code) for code in colour.codes(TRUE + value, background).split(";")]
    red, green, blue = value >> 16, value >> 8 & 255, value & 255
    if codes[1] == 2:
        assert codes[2:] == [red, green, blue]
    else:
        assert codes[2] > 21
        levels = (0, 95, 135, 175, 215, 255)
        cube = codes[2] - 16
        grey = (8 + 10 * (codes[2] - 232),) * 3
        told = grey if codes[2] >= 232 else (levels[cube // 36], levels[cube // 6 % 6], levels[cube % 6])
        assert told == (red, green, blue)


def test_without_colour_the_other_marks_stay():
    styles = Styles(Depth.NONE)
    style = styles.apply(styles.plain, "1;2;3;4;7;31;48;2;1;2;3;53")
    assert style.sgr == "1;2;3;4;7;53"


CODES = "0 1 2 3 4 5 7 8 9 21 22 23 24 25 27 28 29 53 55 31 97 39 42 105 49 38;5;200 48;5;9 38;2;1;2;3 48;2;95;0;0"
PARAMETERS = st.lists(st.sampled_from(CODES.split()), min_size=1, max_size=6).map(";".join)


@given(PARAMETERS, PARAMETERS)
def test_the_short_change_from_one_style_to_another_says_the_same_as_the_long_one(before, after):
    styles = Styles()
    one, other = styles.apply(styles.plain, before), styles.apply(styles.plain, after)
    text = one.to(other)
    if one.sgr == other.sgr:
        assert text == ""
        return
    assert text.startswith("\x1b[") and text.endswith("m")
    assert styles.apply(one, text[2:-1]).sgr == other.sgr
    assert len(text) <= len(f"\x1b[;{other.sgr}m")


def test_what_a_terminal_can_do():
    assert detect({"TERM": "screen-256color", "STY": "1"}).erase_colour is False
    assert detect({"TERM": "screen-256color", "TMUX": "x"}).erase_colour is True
    assert detect({"TERM": "linux"}).scroll_up_down is False
    assert detect({"TERM": "vt100"}).links is False
    assert detect({"TERM": "xterm-256color", "LANG": "ja_JP.UTF-8"}).wide_ambiguous is True
    assert detect({"TERM": "xterm-256color"}).newline == ""
