"""Copying and notices: what reaches the terminal that the person sits at."""

import base64
import re

import pytest

from commtui.ui.painter import clipboard
from commtui.ui.painter.cells import Cells
from commtui.ui.painter.frame import Frame
from commtui.ui.painter.styles import Styles
from commtui.ui.text.copied import copied_words

XTERM = {"TERM": "xterm-256color"}
TMUX = {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"}
GNU_SCREEN = {"TERM": "screen-256color", "STY": "123.pts-0"}
TEXT = "Grüße 👩\u200d💻 " * 60


def unwrapped(sequence):
    """What tmux and screen hand on of it: tmux halves every ESC, screen joins what stands in its strings."""
    out = []
    for tmux, screen, bare in re.findall(
        r"\x1bPtmux;((?:[^\x1b]|\x1b\x1b)*)\x1b\\|\x1bP(.*?)\x1b\\|(\x1b\].*?\x07)", sequence
    ):
        out.append(tmux.replace("\x1b\x1b", "\x1b") or screen or bare)
    return "".join(out)


@pytest.mark.parametrize("env", [XTERM, TMUX, GNU_SCREEN])
def test_a_copy_arrives_whole_and_is_reported(env):
    copied = clipboard.copy(TEXT, env)
    assert f"copied {len(TEXT):,} characters to " in copied_words(copied, TEXT, env["TERM"], "")
    assert "copied the link to " in copied_words(copied, TEXT, env["TERM"], "", "the link")
    arrived = re.findall(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", unwrapped(copied.sequence))
    assert arrived
    assert {base64.b64decode(data).decode() for data in arrived} == {TEXT}


def test_screen_gets_no_string_longer_than_it_holds():
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", clipboard.copy(TEXT, GNU_SCREEN).sequence)
    assert len(pieces) > 3
    assert max(map(len, pieces)) <= 252


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"TERM": "linux"}, {}, XTERM | {"TERM_PROGRAM": "Apple_Terminal"}])
def test_where_nothing_can_be_copied_nothing_is_sent_and_the_person_is_told(env):
    copied = clipboard.copy("text", env)
    assert (copied.way, copied.sequence) == (None, "")
    assert copied_words(copied, "text", env.get("TERM", ""), "text").endswith("text")


def test_what_is_too_long_is_not_cut_but_refused():
    assert clipboard.copy("x" * clipboard.MOST_BYTES, XTERM).sequence
    copied = clipboard.copy("x" * (clipboard.MOST_BYTES + 1), XTERM)
    assert not copied.sequence and copied.refusal == "too long"


@pytest.mark.parametrize("env", [XTERM, TMUX, GNU_SCREEN])
@pytest.mark.parametrize("kind", ["osc9", "osc777"])
def test_a_notice_is_one_sequence_without_control_characters_of_others(env, kind):
    text = unwrapped(clipboard.notice(kind, "4;3;50", "\x1b]52;c;aGk=\x07 hi\nthere; you", env))
    assert text.count("\x1b") == 1 and text.count("\x07") == 1
    assert text.endswith("\x07")
    assert not text.startswith("\x1b]9;4")


def test_the_bell_and_nothing():
    assert clipboard.notice("bell", "a", "b", TMUX) == "\x07"
    assert clipboard.notice("none", "a", "b", XTERM) == ""


@pytest.mark.parametrize("env", [XTERM, TMUX, GNU_SCREEN])
def test_the_painter_hands_all_of_it_on_and_only_once_if_it_waits(env):
    screen = Frame(80, 24, Styles(), Cells())
    sequence = clipboard.copy(TEXT, env).sequence
    screen.feed("\x1b[?1004h")
    screen.pass_on(sequence)
    screen.feed("\x07\x07")
    passed = screen.take_passes()
    assert passed == "\x1b[?1004h" + sequence + "\x07"
    assert screen.take_passes() == ""
    assert all(row == screen.rows[0] for row in screen.rows)
