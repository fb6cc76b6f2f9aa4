"""Pictures in cells: what is sent to the terminal, that it arrives unharmed, and that nothing drawn can send it."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from commtui.ui.painter.cells import PLACEHOLDER, Cells
from commtui.ui.painter.colour import Depth
from commtui.ui.painter.frame import Frame
from commtui.ui.painter.pictures import MARKS, placeholders, removal, transmission, way_of
from commtui.ui.painter.styles import Styles

KITTY = {"TERM": "xterm-kitty"}
XTERM = {"TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("setting", "environ", "depth", "remote", "way"),
    [
        ("auto", XTERM, Depth.TRUE, False, "half-blocks"),
        ("auto", KITTY, Depth.TRUE, False, "kitty"),
        ("auto", {"TERM": "xterm-ghostty"}, Depth.TRUE, False, "kitty"),
        ("auto", {"TERM": "tmux-256color", "TMUX": "x"}, Depth.TRUE, False, "half-blocks"),
        ("auto", XTERM, Depth.PALETTE, False, "half-blocks"),
        ("auto", XTERM, Depth.TRUE, True, "ssh"),
        ("auto", KITTY, Depth.TRUE, True, "ssh"),
        ("half-blocks", KITTY, Depth.TRUE, True, "half-blocks"),
        ("kitty", XTERM, Depth.TRUE, True, "kitty"),
        ("kitty", XTERM, Depth.PALETTE, False, "kitty-depth"),
        ("kitty", {**XTERM, "STY": "x"}, Depth.TRUE, False, "kitty-depth"),
        ("off", KITTY, Depth.TRUE, False, "off"),
        ("half-blocks", XTERM, Depth.ANSI, False, "colours"),
        ("half-blocks", XTERM, Depth.NONE, False, "colours"),
    ],
)
def test_how_a_picture_is_shown(setting, environ, depth, remote, way) -> None:
    assert way_of(setting, environ, depth, remote) == way


@given(st.binary(max_size=20_000), st.integers(1, 0xFFFFFF))
def test_the_terminal_gets_every_byte_in_sequences_that_it_takes(png: bytes, number: int) -> None:
    parts = re.findall("\x1b_G([^;]*);([^\x1b]*)\x1b\\\\", sent := transmission(number, png, 30, 10, {}))
    assert "".join(f"\x1b_G{head};{data}\x1b\\" for head, data in parts) == sent
    assert base64.b64decode("".join(data for _, data in parts)) == png
    assert all(len(data) <= 4096 and len(data) % 4 == 0 for _, data in parts)
    assert [head[-1] for head, _ in parts] == ["1"] * (len(parts) - 1) + ["0"]
    assert f"i={number},c=30,r=10," in parts[0][0] and "U=1" in parts[0][0]
    assert all("q=2" in head for head, _ in parts)  # no answer is asked for


def test_through_tmux_each_sequence_is_wrapped() -> None:
    sent = transmission(7, b"x" * 5000, 3, 2, {"TMUX": "x"}) + removal(7, {"TMUX": "x"})
    assert sent.count("\x1bPtmux;\x1b\x1b_G") == 3 and sent.count("\x1b\x1b\\\x1b\\") == 3


def frame() -> Frame:
    styles = Styles(Depth.TRUE, False)
    return Frame(120, 10, styles, Cells())


def test_every_placeholder_is_one_cell_with_its_row_and_column() -> None:
    assert len(MARKS) == len(set(MARKS)) == 297
    for start in range(0, len(MARKS), 100):
        cells = "".join(f"{PLACEHOLDER}{mark}{MARKS[0]}" for mark in MARKS[start : start + 100])
        assert cell_len(cells) == len(cells) // 3
        grid = frame()
        grid.feed(f"\x1b[1;1H\x1b[38;2;1;2;3m{cells}\x1b[0m")
        row = [cell for cell in grid.rows[0] if cell[0] != " "]
        assert [cell[0] for cell in row] == re.findall("...", cells, re.DOTALL)
        assert {(cell[1], cell[3]) for cell in row} == {(1, 0)}
        assert row[0][2].sgr == "38;2;1;2;3"
    assert len(placeholders(3, 40)) == 120


SIXEL = "\x1bPq#0;2;0;0;0#0~~@@vv@@~~@@~~$#1??}}GG}}??}}??-\x1b\\"


@pytest.mark.parametrize("data", [SIXEL, transmission(7, b"x" * 5000, 3, 2, {}), "\x1b]1337;File=inline=1:AAAA\x07"])
def test_pictures_in_what_is_drawn_are_refused_whole(data: str) -> None:
    grid = frame()
    grid.feed(f"\x1b[1;1Hbefore{data}after")
    assert "".join(cell[0] for cell in grid.rows[0]).rstrip() == "beforeafter"
    assert grid.take_passes() == ""


def test_what_the_program_sends_arrives_as_it_is() -> None:
    grid, data = frame(), transmission(7, bytes(range(256)) * 100, 3, 2, {})
    grid.pass_on(data)
    assert grid.take_passes() == data
