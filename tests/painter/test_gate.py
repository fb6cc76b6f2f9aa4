"""What is drawn may hold words from anywhere: no sequence in them reaches the terminal, its clipboard or a notice."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commtui.ui.painter import clipboard
from commtui.ui.painter.abilities import Abilities
from commtui.ui.painter.cells import Cells
from commtui.ui.painter.diff import Painter
from commtui.ui.painter.frame import Frame
from commtui.ui.painter.styles import Styles
from tests.nasty import NASTY, nasty_text, raw

XTERM = {"TERM": "xterm-256color"}
MINE = re.compile(
    r"\x1b\[[0-9;:]*[A-HJKLMPSTXdfr@`mb]|\x1b\]8;;[^\x00-\x1f\x7f-\x9f]*\x1b\\|\x1b\[[0-9;]*[hl]|[\r\n\b\x0b\x07]"
    r"|\x1b\[\?(?:7|25|47|100[02346]|101[56]|104[79]|2004|2026|2048)(?:[hl]|\$p)|\x1b\[[<>=][0-9;]*u|\x1bM"
)
"""What the painter itself writes, and Textual's modes."""
SEQUENCES = (
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x1b]0;title\x1b\\",
    "\x1bPq#0;2;0;0;0\x1b\\",
    "\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\",
    "\x1b_Gf=100;AAAA\x1b\\",
    "\x1b]9;done\x07",
    "\x1bc",
    "\x1b(0",
    "\x1b[5i",
    "\x1b[?1001h",
    "\x1b[6n",
    "\x1b[20t",
    "\x0e",
    "\x1b]8;;https://x.example/\x9d0;pwn\x9c\x1b\\link\x1b]8;;\x1b\\",
)


def painted(drawn: str) -> str:
    """What the terminal gets of it."""
    styles = Styles()
    frame = Frame(40, 5, styles, Cells())
    painter = Painter(Abilities(newline="crlf"), styles.plain)
    frame.feed("\x1b[?1049h\x1b[1;1H" + drawn)
    return frame.take_passes() + painter.paint(frame.rows, 40, (frame.y, frame.x))


@pytest.mark.parametrize("drawn", [*SEQUENCES, *NASTY])
def test_a_sequence_in_what_is_drawn_stays_out(drawn: str) -> None:
    left = MINE.sub("", painted(f"before {drawn}\x1b[2;1Hbehind"))
    assert not re.search("[\x00-\x1f\x7f-\x9f]", left)


@given(st.lists(st.one_of(st.sampled_from(SEQUENCES), nasty_text())).map("".join))
@example("\x1b]52;c;eA==")
@example("\x1b\x1b]52;c;eA==\x07")
def test_nothing_made_of_sequences_gets_through(drawn: str) -> None:
    left = MINE.sub("", painted(drawn))
    assert not re.search("[\x00-\x1f\x7f-\x9f]", left)


def test_what_textual_says_to_the_terminal_is_passed_on_in_order() -> None:
    frame = Frame(80, 24, Styles(), Cells())
    said = "\x1b[?1049h\x1b[?25l\x1b[?1004h\x1b[>1u\x1b[?2048$p\x1b[?7l\x1b[?2004h\x1b[r\x07\x1b[<u"
    frame.feed(said)
    assert frame.take_passes() == said


@pytest.mark.parametrize("bad", NASTY)
def test_what_is_copied_is_clean(bad: str) -> None:
    [data] = re.findall(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", clipboard.copy(f"a{bad}b", XTERM).sequence)
    assert not raw(base64.b64decode(data).decode())


@pytest.mark.parametrize("bad", NASTY)
@pytest.mark.parametrize("kind", ["osc9", "osc777"])
def test_a_notice_is_one_clean_line(kind: clipboard.Notice, bad: str) -> None:
    words = clipboard.notice(kind, bad, bad, XTERM)
    assert words.startswith("\x1b]") and words.endswith("\x07") and not raw(words[2:-1])
    assert "\n" not in words
