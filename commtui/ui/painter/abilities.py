"""What the terminal at the other end can do, from the environment: no question is put to it, no answer is awaited."""

from __future__ import annotations

import sys
import termios
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from commtui.ui.painter import colour
from commtui.ui.painter.colour import Depth

# Emulators that erase with the pen's background, and know SU and SD. GNU screen does the first only if configured to.
_FULL = (
    "xterm",
    "tmux",
    "alacritty",
    "foot",
    "rxvt",
    "st-",
    "st",
    "wezterm",
    "contour",
    "konsole",
    "gnome",
    "vte",
    "mintty",
)
_REPEATS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour", "tmux")


class Abilities(Struct, frozen=True):
    """`newline`: what a line feed does on its way through the tty ("crlf": also returns; "" : not to be used).
    `vertical_tab`: VT moves down within the column; no tty changes it."""

    depth: Depth = Depth.TRUE
    erase_colour: bool = True
    scroll_up_down: bool = True
    repeat: bool = False
    links: bool = True
    wide_ambiguous: bool = False
    vertical_tab: bool = True
    newline: Literal["crlf", "lf", ""] = ""


def detect(env: Mapping[str, str], fileno: int | None = None, no_color: bool = False) -> Abilities:
    """`fileno`: the terminal's, to see whether its line discipline turns line feeds into new lines."""
    term = env.get("TERM", "")
    tmux = bool(env.get("TMUX"))
    full = term.startswith(_FULL) or (term.startswith("screen") and tmux)
    locale = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or ""
    return Abilities(
        depth=colour.detect(env, no_color),
        erase_colour=full or term.startswith("linux"),
        scroll_up_down=full or term.startswith("screen"),
        repeat=term.startswith(_REPEATS),
        links=full and env.get("TERM_PROGRAM") != "Apple_Terminal",
        wide_ambiguous=locale.startswith(("ja", "ko", "zh")),
        vertical_tab=full,
        newline=_newline(fileno),
    )


def _newline(fileno: int | None) -> Literal["crlf", "lf", ""]:
    if fileno is None:
        return ""
    try:
        output = termios.tcgetattr(fileno)[1]
    except (termios.error, OSError):
        return ""
    # Other translations (tabs, ONLRET, delays on Linux only) are so rare that line feeds are left out under them.
    odd = termios.OCRNL | termios.ONOCR | termios.ONLRET if sys.platform != "darwin" else 0
    if not output & termios.OPOST:
        return "lf"
    return "" if output & odd else "crlf" if output & termios.ONLCR else "lf"
