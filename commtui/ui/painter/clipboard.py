"""Sequences for the terminal itself: copying over SSH (OSC 52), notices (bell, OSC 9, OSC 777).

All give text for `Driver.write`. Inside tmux and GNU screen a sequence must be wrapped to reach the terminal outside.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from commtui.model.cleaning import clean_line
from commtui.model.text import clean

# Terminals cut OSC 52 at different lengths; xterm and many others take about 100,000 bytes of base64, hterm the least.
MOST_BYTES = 74_994
# GNU screen's buffer for one string is 256 bytes in its older versions (768 in newer ones), with the terminator.
_SCREEN_CHUNK = 252

Notice = Literal["none", "bell", "osc9", "osc777"]


Way = Literal["terminal", "tmux", "screen"]
Refusal = Literal["nothing to copy", "no clipboard", "Terminal.app", "too long"]


class Copied(Struct, frozen=True):
    """What a copy sends. A terminal does not answer, so whether it arrived is unknown."""

    sequence: str = ""
    """For the terminal; empty where nothing can be sent."""
    way: Way | None = None
    """Who takes it; None where nothing can be sent."""
    refusal: Refusal | None = None
    """Why nothing can be sent."""


def copy(text: str, env: Mapping[str, str]) -> Copied:
    """Puts text, cleaned, on the clipboard of the terminal that the person sits at."""
    text = clean(text)
    term = env.get("TERM", "")
    if not text:
        return Copied(refusal="nothing to copy")
    if term in ("", "dumb", "linux") or term.startswith(("vt1", "vt2")):
        return Copied(refusal="no clipboard")
    if env.get("TERM_PROGRAM") == "Apple_Terminal" and not env.get("TMUX"):
        return Copied(refusal="Terminal.app")
    if len(text.encode()) > MOST_BYTES:
        return Copied(refusal="too long")
    bare = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"
    if env.get("TMUX"):
        # tmux takes the bare one for itself (set-clipboard) and hands the wrapped one on (allow-passthrough).
        return Copied(bare + in_tmux(bare), "tmux")
    if env.get("STY"):
        return Copied(in_screen(bare), "screen")
    return Copied(bare, "terminal")


def notice(kind: Notice, title: str, body: str, env: Mapping[str, str]) -> str:
    """One notice for a batch of new mentions; "" for none. Texts are one clean line."""
    title, body = clean_line(title), clean_line(body)
    if kind == "none":
        return ""
    if kind == "bell":
        return "\x07"
    if kind == "osc9":
        # "9;4;..." is a progress bar to some terminals: a title that begins with a digit must not look like one.
        return wrapped(f"\x1b]9;{title.lstrip('0123456789;') or 'commtui'}: {body}\x07", env)
    return wrapped(f"\x1b]777;notify;{title.replace(';', ',')};{body.replace(';', ',')}\x07", env)


def wrapped(sequence: str, env: Mapping[str, str]) -> str:
    """The sequence so that it reaches the outer terminal."""
    if env.get("TMUX"):
        return in_tmux(sequence)
    if env.get("STY"):
        return in_screen(sequence)
    return sequence


def in_tmux(sequence: str) -> str:
    """tmux's passthrough: a DCS with every ESC doubled."""
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def in_screen(sequence: str) -> str:
    """GNU screen passes a DCS's inside on, in pieces: a long one is cut into several."""
    pieces = [sequence[at : at + _SCREEN_CHUNK] for at in range(0, len(sequence), _SCREEN_CHUNK)]
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
