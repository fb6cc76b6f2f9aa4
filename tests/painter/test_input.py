"""What the terminal sends becomes keys and pastes, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.events import Key

from commtui.ui.painter.input import REST_WAIT, Kind, TerminalInput

ANSWERS = {
    "a background's colour": b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    "a foreground's colour, ended by BEL": b"\x1b]10;rgb:ffff/ffff/ffff\x07",
    "a palette's colour": b"\x1b]4;12;rgb:5c5c/5c5c/ffff\x1b\\",
    "the clipboard": b"\x1b]52;c;aGVsbG8=\x1b\\",
    "the window's title": "\x1b]lTitle “é”\x1b\\".encode(),
    "kitty's colours": b"\x1b]21;foreground=rgb:ff/ff/ff\x1b\\",
    "device attributes": b"\x1b[?62;1;4;22c",
    "secondary device attributes": b"\x1b[>41;390;0c",
    "tertiary device attributes": b"\x1bP!|00000000\x1b\\",
    "XTGETTCAP": b"\x1bP1+r524742=38\x1b\\",
    "XTGETTCAP of nothing": b"\x1bP0+r\x1b\\",
    "DECRQSS": b"\x1bP1$r0;38:2::1:2:3m\x1b\\",
    "XTVERSION": b"\x1bP>|kitty(0.35.2)\x1b\\",
    "kitty's graphics": b"\x1b_Gi=31;OK\x1b\\",
    "kitty's keyboard": b"\x1b[?5u",
    "modifyOtherKeys": b"\x1b[>4;2m",
    "a mode": b"\x1b[?1$y",
    "a status": b"\x1b[0n",
    "a theme": b"\x1b[?997;1n",
    "a size": b"\x1b[8;24;80t",
    "a size in pixels": b"\x1b[4;600;800t",
    "sixel's registers": b"\x1b[?1;0;256S",
    "a cursor's place with a page": b"\x1b[?5;10;1R",
    "parameters": b"\x1b[2;1;1;120;120;1;0x",
    "kitty's graphics with a fault": b"\x1b_Gi=70000,I=3;ENOENT:no such image\x1b\\",
    "a notification": b"\x1b]99;i=1:p=?;a=report:c=1\x1b\\",
    "iTerm's cell": b"\x1b]1337;ReportCellSize=18.0;8.0;2.0\x1b\\",
    "a released key of kitty's": b"\x1b[97;1:3u",
    "a checksum": b"\x1bP1!~ABCD\x1b\\",
    "tab stops": b"\x1bP2$u9/17/25\x1b\\",
    "a locator": b"\x1b[1;2;3;4;0&w",
    "a mouse's report outside of the window": b"\x1b[<0;-1;5M",
    "a mouse's report": b"\x1b[M #\xf1",
    "a mouse's report that has an escape": b"\x1b[M\x1b!!",
    "a mouse's report of rxvt": b"\x1b[32;50;10M",
}
KEYS = ["a", "é", "界", "😀", "\r", "\x7f", "\x01", "\x1b[A", "\x1b[1;5C", "\x1bOP", "\x1b[[A", "\x1b[3~", "\x1b[97;5u"]


class Typist:
    """Sends bytes with pauses; `keys` and `pastes` are what the app would get."""

    def __init__(self):
        self.input, self.now = TerminalInput(), 100.0
        self.parser = XTermParser()
        self.keys, self.pastes = [], []

    def send(self, data, pause=0.0):
        for piece in self.input.feed(data, self.now):
            self._take(piece)
        end = self.now + pause
        while self.now < end:
            self.now += 0.1
            if piece := self.input.tick(self.now):
                self._take(piece)
        return self

    def _take(self, piece):
        if piece.kind is Kind.ESCAPE:
            self.keys.append("escape")
        elif piece.kind is Kind.ALT:
            self.keys.append(f"alt+{piece.text}")
        elif piece.kind is Kind.PASTE:
            self.pastes.append(piece.text)
        else:
            self.keys += [event.key for event in self.parser.feed(piece.text) if isinstance(event, Key)]


def keys(*parts, pause=0.0):
    typist = Typist()
    for part in parts:
        typist.send(part, pause)
    return typist.send(b"", 5).keys


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("pause", [0.0, 0.05, 0.6, 1.2])
def test_an_answer_is_no_key_whole_or_cut_in_two_and_the_keys_around_it_stay(answer, pause):
    assert keys(b"a", answer, b"b", pause=pause) == ["a", "b"]
    assert keys(b"a" + answer + b"b") == ["a", "b"]
    for cut in range(2, len(answer)):
        assert keys(b"a" + answer[:cut], answer[cut:] + b"b", pause=pause) == ["a", "b"], cut


def test_parameters_in_disorder_are_dropped_up_to_the_last_byte():
    assert keys(b"a", b"\x1b[1 2;3 q", b"b") == ["a", "b"]


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_no_key_byte_by_byte(answer):
    parts = [answer[place : place + 1] for place in range(len(answer))]
    assert keys(*parts, b"b", pause=0.05) == ["b"]


@pytest.mark.parametrize(
    "name", ["a background's colour", "device attributes", "XTVERSION", "XTGETTCAP", "DECRQSS", "kitty's graphics"]
)
def test_an_answer_cut_behind_its_escape_leaves_no_text(name):
    """The escape alone is the escape key, and can't be anything else."""
    answer = ANSWERS[name]
    assert keys(answer[:1], answer[1:], b"b", pause=0.6) == ["escape", "b"]


@given(st.lists(st.sampled_from([*ANSWERS.values(), *(key.encode() for key in KEYS)])), st.data())
def test_answers_among_keys_change_no_key_wherever_reads_end(parts, data):
    wanted = keys(*(part for part in parts if part not in ANSWERS.values()))
    line = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(line)), max_size=8)))
    assert keys(*(line[a:b] for a, b in zip([0, *cuts], [*cuts, len(line)], strict=True)), pause=0) == wanted


@pytest.mark.parametrize("byte", range(0x80, 0x100))
def test_a_byte_that_is_not_utf_8_is_no_key_and_loses_none(byte):
    stray = bytes([byte])
    assert keys(b"abc" + stray + b"def") == list("abcdef")
    assert keys(b"abc", stray, b"def", pause=0.2) == list("abcdef")
    assert keys(stray, "é".encode()) == ["é"]
    assert keys(stray + b"\x1b[A") == ["up"]


@given(st.binary(), st.binary())
def test_any_bytes_are_taken_and_a_key_after_a_silence_works(first, second):
    typist = Typist().send(first).send(second, REST_WAIT + 4)
    if typist.input._paste is None:
        typist.send(b"\r", REST_WAIT + 4)
        assert typist.keys[-1] == "enter"


@pytest.mark.parametrize("begin", [b"\x1b^", b"\x1bX", b"\x1b_", b"\x1bP", b"\x1b]"])
def test_a_string_of_any_kind_is_no_text(begin):
    assert keys(b"a" + begin + b"a message\x1b\\b") == ["a", "b"]
    assert keys(b"a", begin + b"a mess", b"age\x1b\\b", pause=0.6) == ["a", "b"]


def test_text_in_utf_8_may_be_cut_anywhere():
    for cut in range(len("é界😀".encode())):
        data = "é界😀".encode()
        assert keys(data[:cut], data[cut:], pause=0.2) == ["é", "界", "grinning_face"]


def test_a_control_character_of_eight_bits_is_no_key():
    assert keys("a\u009b5b\u0085".encode()) == ["a", "5", "b"]
    assert keys(b"a\x9d11;rgb:1e1e/1e1e/1e1e\x9cb\x9b?62;1cc") == ["a", "b", "c"]


@pytest.mark.parametrize("begun", [b"\x1b]11;rgb:1e", b"\x1bP>|kitty", b"\x1b_Gi=31"])
def test_an_answer_that_never_ends_keeps_nothing_of_what_is_typed(begun):
    assert keys(begun, b"h", b"i", pause=0.4) == ["h", "i"]
    assert keys(begun, b"hello", pause=0.4) == list("hello")
    assert keys(begun, b"\r", b"h", pause=0.05) == ["enter", "h"]


def test_the_escape_key_and_alt():
    assert keys(b"\x1b", b"y", pause=0.3) == ["escape", "y"]
    assert keys(b"\x1b\x1b[A") == ["escape", "up"]
    assert keys(b"\x1b", b"[", b"]", b"P", pause=0.3) == ["escape", "left_square_bracket", "right_square_bracket", "P"]
    assert keys(b"\x1bx") == ["alt+x"]
    assert keys(b"\x1b]", b"hi", pause=0.3) == ["h", "i"]


def test_keys_of_kitty_s_protocol_that_textual_fails_on():
    assert keys(b"\x1b[97;1:1u", b"\x1b[97;1:3u", b"\x1b[97:65;2;65u", b"\x1b[9999999;1u", b"\x1b[:u", b"b")[0] == "a"
    assert keys(b"\x1b[97;;1114112u", b"b") == ["b"]
    assert keys(b"\x1b[27u") == ["escape"]


def test_a_paste_is_one_text_without_sequences_and_never_keys():
    begin, end = b"\x1b[200~", b"\x1b[201~"
    typist = Typist()
    long = b"x" * 40
    for pasted in (
        b"one\x1btwo" + long,
        b"a\x1b[31mred\x1b[0m\x1b]8;;http://x\x1b\\b",
        b"caf\xe9 \xc3\xa9\x00",
        b"\x1b",
        b"a\x1b^b \x1b]52;c;eA==",
    ):
        typist.send(begin + pasted + end)
    assert typist.pastes == ["onetwo" + "x" * 40, "aredb", "caf é", "", "ab 52;c;eA=="]
    for cut in range(1, len(begin + b"text" + end)):
        data = begin + b"text" + end
        typist.send(data[:cut]).send(data[cut:])
        assert typist.pastes.pop() == "text", cut
    assert typist.send(b"a").keys == ["a"]
