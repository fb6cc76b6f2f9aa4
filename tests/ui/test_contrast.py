"""Each text can be read on its ground: in 16, 256 and true colour, under each theme of ours and of Textual's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style as RichStyle

from commtui.config.theme import Theme
from commtui.config.themes import bundled, own_folder, read_theme
from commtui.ui.painter.colour import READABLE, TRUE, Depth, codes, contrast, convert, convert_text
from commtui.ui.text.colours import styles_of

THEMES = {theme.name: theme for theme in map(read_theme, sorted(own_folder().glob("*.toml")))} | bundled()
DEPTHS = (Depth.ANSI, Depth.PALETTE, Depth.TRUE)
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: TRUE + number)


def shown(style: RichStyle, depth: Depth) -> tuple[int, int]:
    """The colours of a text and its ground, as the painter sends them."""
    fore, back = (TRUE + int(colour.name[1:], 16) for colour in (style.color, style.bgcolor))
    return convert_text(fore, back, depth), convert(back, depth)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", THEMES)
def test_every_pair_that_occurs_can_be_read(name: str, depth: Depth) -> None:
    pairs = {role: shown(style, depth) for role, style in styles_of(THEMES[name]).items()}
    poor = {role: round(contrast(*pair), 2) for role, pair in pairs.items() if contrast(*pair) < READABLE}
    assert not poor


def test_the_light_theme_in_sixteen_colours_has_no_yellow_or_white_on_white() -> None:
    styles = styles_of(THEMES["commtui-light"])
    texts = {codes(shown(style, Depth.ANSI)[0], False) for role, style in styles.items() if "-" not in role}
    assert not texts & {"33", "37", "93", "97"}


@given(COLOURS, COLOURS, st.sampled_from(DEPTHS))
def test_a_text_that_could_be_read_stays_so_with_fewer_colours(text: int, back: int, depth: Depth) -> None:
    ground = convert(back, depth)
    assert ground is not None
    near = convert_text(text, back, depth)
    assert near is not None
    assert contrast(near, ground) >= min(READABLE, contrast(text, back))


@given(*[st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)] * 3)
def test_any_theme_of_a_users_can_be_read(foreground: str, background: str, primary: str) -> None:
    ours = THEMES["commtui-dark"]
    colours = {name: getattr(ours, name) for name in Theme.__struct_fields__}
    mixed = Theme(**(colours | {"foreground": foreground, "background": background, "primary": primary}))
    for style in styles_of(mixed).values():
        assert contrast(*shown(style, Depth.TRUE)) >= READABLE


def test_the_row_of_the_cursor_has_the_themes_colours() -> None:
    ours = THEMES["commtui-dark"]
    colours = {name: getattr(ours, name) for name in Theme.__struct_fields__}
    cursor = {"block-cursor-background": "#ffee00", "block-cursor-foreground": "#101010"}
    style = styles_of(Theme(**(colours | {"variables": cursor})))["plain-pointed"]
    assert (style.color.name, style.bgcolor.name, style.reverse) == ("#ffee00", "#101010", True)
