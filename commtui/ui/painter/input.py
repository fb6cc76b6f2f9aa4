"""What the terminal sends, as keys and pastes: bytes that are neither are dropped before Textual's parser sees them.

Textual decodes UTF-8 strictly and takes a sequence that it doesn't know for keys. Here a byte that is not UTF-8, an
answer to a question (OSC, DCS, APC, device attributes, modes) and a report that nobody asked for end without a trace,
in one piece or cut anywhere. A pasted text never reaches Textual's parser.
"""

from __future__ import annotations

import codecs
import re
import sys
from enum import Enum
from typing import Final, NamedTuple

from textual import constants
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import FOCUSIN, FOCUSOUT, _re_in_band_window_resize, _re_terminal_mode_response

from commtui.ui.painter.mouse import is_report

REST_WAIT: Final = 2.0
"""Seconds that the rest of a sequence may take; it can't be a key any more."""
QUIET: Final = 0.3
"""Seconds without a byte after which a string may have lost its end: what follows is looked at before it is dropped."""
LATE: Final = 3.0
"""Seconds after an escape key in which the rest of an answer is recognized by its look."""

_PASTE_BEGIN: Final = b"\x1b[200~"
_PASTE_END: Final = b"\x1b[201~"
_CSI: Final = re.compile(rb"\x1b\[[ -?]*(?P<last>[@-~])?")
"""Also one whose parameters are in disorder: a terminal would ignore it up to its last byte."""
_STRINGS: Final = (b"]", b"P", b"_", b"^", b"X")
"""The second byte of OSC, DCS, APC, PM and SOS."""
_STRING_END: Final = re.compile(rb"[\x00-\x1f\x7f]")
_EIGHT_BIT: Final = re.compile(
    rb"(?<![\x80-\xff])(?:\x9b[0-?]+[ -/]*[@-~]|[\x90\x98\x9d-\x9f][ -~]*(?:\x9c|\x07|\x1b\\))"
)
_CONTROLS: Final = re.compile("[\x80-\x9f]")
_ANSWER: Final = re.compile(
    rb"\x1b(?:\[[?>=][0-9;:]|\[<-?[0-9]+;|\[[0-9]+(?:;[0-9]|[cn])|\[M[\x00-\xff]{3}"
    rb"|\][0-9]+;|\][lL][ -~\x80-\xff]*\x1b\\|P(?:[>!=]|[0-9]{1,2}[!+$])|_G)"
)
"""The beginning of an answer, told from what a person may type after the escape key."""
_KITTY_KEY: Final = re.compile(
    r"\x1b\[(?P<code>[0-9]{0,7})(?::[0-9:]*)?(?:;(?P<modifiers>[0-9]{0,3})(?::(?P<event>[0-9]))?"
    r"(?:;(?P<text>[0-9]{1,7}(?::[0-9]{1,7})*)?)?)?(?P<last>[u~ABCDEFHPQRS])"
)
"""A key of kitty's protocol, or of xterm's with modifiers."""
_RELEASED: Final = "3"
_MIDDLE: Final = re.compile(rb"(?=[!-~]*[0-9;:/=])[!-~]{2,}")
_IN_PASTE: Final = re.compile("\x1b(?:\\[[0-?]*[ -/]*[@-~]|[\\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\\\)|[\\]^_])?|\x00")


class Kind(Enum):
    """What a piece of input is."""

    KEYS = "keys"
    """Characters, or one sequence that Textual's parser knows."""
    ESCAPE = "escape"
    """The escape key."""
    ALT = "alt"
    """A character typed with alt."""
    PASTE = "paste"
    """A pasted text."""
    MOUSE = "mouse"
    """A report of the mouse."""


class Piece(NamedTuple):
    """Input for the app."""

    kind: Kind
    text: str


class TerminalInput:
    """Bytes in, pieces out. `now` is a monotonic time in seconds."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self._begun = b""
        """A sequence whose end has not come yet."""
        self._in_string = False
        """Whether an OSC, DCS or APC string is being dropped; `_begun` may be the escape of its end."""
        self._paste: bytearray | None = None
        self._late = b""
        """What was given up, or taken for the escape key, for lack of a rest."""
        self._last = 0.0
        self._pieces: list[Piece] = []

    def feed(self, data: bytes, now: float) -> list[Piece]:
        """The pieces that these bytes complete."""
        gap, self._last = now - self._last, now
        if self._late and not self._begun and not self._in_string:
            if gap <= LATE and _ANSWER.match(self._late + data):
                data = self._late + data
            self._late = b""
        if self._in_string and not self._begun and gap > QUIET and not _continues_string(data):
            self._in_string = False
        if self._in_string and self._begun and gap > constants.ESCAPE_DELAY and not data.startswith(b"\\"):
            self._in_string, self._begun = False, b""
        data, self._begun = self._begun + data, b""
        while data:
            data = self._next(data)
        pieces, self._pieces = self._pieces, []
        return pieces

    def tick(self, now: float) -> Piece | None:
        """What a silence has decided: an escape is a key now, and an unfinished sequence none."""
        begun, silence = self._begun, now - self._last
        if not begun or self._in_string or silence < (constants.ESCAPE_DELAY if len(begun) <= 2 else REST_WAIT):
            return None
        self._begun, self._late = b"", begun
        return Piece(Kind.ESCAPE, "\x1b") if begun == b"\x1b" else None

    def _next(self, data: bytes) -> bytes:
        """Takes the first part of the bytes; the bytes that follow it."""
        if self._paste is not None:
            return self._pasted(self._paste, data)
        if self._in_string:
            return self._string(data)
        if data[0] != 0x1B:
            return self._characters(data)
        self._decoder.reset()
        second = data[1:2]
        if not second:
            self._begun = data
            return b""
        if second == b"[":
            return self._control(data)
        if second in _STRINGS:
            if len(data) == 2:
                self._begun = data
                return b""
            self._in_string = True
            return data[2:]
        if second == b"O":
            return self._single_shift(data)
        if second == b"\x1b":
            self._pieces.append(Piece(Kind.ESCAPE, "\x1b"))
            return data[1:]
        if second < b"\x80":
            pair = data[:2].decode()
            known = pair in ANSI_SEQUENCES_KEYS
            self._pieces.append(Piece(Kind.KEYS, pair) if known else Piece(Kind.ALT, pair[1]))
            return data[2:]
        # alt with a letter beyond ASCII is the letter, whose bytes may not all be there yet
        return data[1:]

    def _characters(self, data: bytes) -> bytes:
        answer = None if self._decoder.getstate()[0] else _EIGHT_BIT.search(data)
        if answer is not None and answer.start() == 0:
            return data[answer.end() :]
        end = data.find(b"\x1b") % (len(data) + 1)  # -1 becomes the length
        if answer is not None:
            end = min(end, answer.start())
        if text := _CONTROLS.sub("", self._decoder.decode(data[:end])):
            self._pieces.append(Piece(Kind.KEYS, text))
        return data[end:]

    def _control(self, data: bytes) -> bytes:
        """A control sequence (CSI)."""
        match = _CSI.match(data)
        assert match is not None
        end = match.end()
        if match["last"] is None:
            if end < len(data):  # no byte of a sequence: it was cut off, and this belongs to no answer
                return data[end:]
            self._begun = data
            return b""
        if match[0] in (b"\x1b[M", b"\x1b[["):  # a mouse report with three bytes of any value; a key of Linux's console
            end += 3 if match[0] == b"\x1b[M" else 1
            if len(data) < end:
                self._begun = data
                return b""
        if data.startswith(_PASTE_BEGIN):
            self._paste = bytearray()
            return data[len(_PASTE_BEGIN) :]
        text = data[:end].decode("ascii", "replace")
        if is_report(text):
            self._pieces.append(Piece(Kind.MOUSE, text))
        elif known := _understood(text):
            self._pieces.append(Piece(Kind.KEYS, known))
        return data[end:]

    def _single_shift(self, data: bytes) -> bytes:
        """A key as SS3 and one character."""
        if len(data) == 2:
            self._begun = data
            return b""
        text = data[:3].decode("ascii", "replace")
        if text in ANSI_SEQUENCES_KEYS:
            self._pieces.append(Piece(Kind.KEYS, text))
            return data[3:]
        return data[2:]

    def _string(self, data: bytes) -> bytes:
        """Drops up to the end of the string. A control character that can't be in one ends it, and is itself a key."""
        end = _STRING_END.search(data)
        if end is None:
            return b""
        start = end.start()
        if end[0] == b"\x1b":
            if start + 1 == len(data):
                self._begun = b"\x1b"
                return b""
            self._in_string = False
            return data[start + 2 :] if data[start + 1 : start + 2] == b"\\" else data[start:]
        self._in_string = False
        return data[start + 1 :] if end[0] == b"\x07" else data[start:]

    def _pasted(self, paste: bytearray, data: bytes) -> bytes:
        searched = max(0, len(paste) - len(_PASTE_END))
        paste += data
        end = paste.find(_PASTE_END, searched)
        if end < 0:
            return b""
        self._paste = None
        text = paste[:end].decode("utf-8", "ignore")
        self._pieces.append(Piece(Kind.PASTE, _IN_PASTE.sub("", text)))
        return bytes(paste[end + len(_PASTE_END) :])


def _continues_string(data: bytes) -> bool:
    """Whether bytes after a silence are the rest of a string, and no key that a person pressed."""
    if data.startswith((b"\x1b", b"\x07")):
        return True
    end = _STRING_END.search(data)
    if end is not None and end[0] in (b"\x1b", b"\x07"):
        return end[0] == b"\x07" or data[end.start() + 1 : end.start() + 2] in (b"\\", b"")
    return _MIDDLE.fullmatch(data) is not None


def _understood(sequence: str) -> str:
    """A control sequence as Textual's parser knows it; empty where it makes neither a key nor an event of it."""
    if (
        sequence in ANSI_SEQUENCES_KEYS
        or sequence in (FOCUSIN, FOCUSOUT)
        or _re_in_band_window_resize.fullmatch(sequence)
        or _re_terminal_mode_response.match(sequence)
    ):
        return sequence
    key = _KITTY_KEY.fullmatch(sequence)
    if key is None or key["event"] == _RELEASED:
        return ""
    code, modifiers, text = (key[name] or "" for name in ("code", "modifiers", "text"))
    if any(int(number or 0) > sys.maxunicode for number in (code, *text.split(":"))):
        return ""
    # Textual fails on the other key codes and the kind of event that may stand behind colons
    parts = [code, modifiers, text] if text else [code, modifiers] if modifiers else [code] if code else []
    return f"\x1b[{';'.join(parts)}{key['last']}"
