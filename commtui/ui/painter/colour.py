"""How many colours the terminal has, and the nearest of them to a colour that it hasn't.

A colour is an int: 0-255 is the palette's, `TRUE + 0xRRGGBB` is a true colour; None is the terminal's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache

TRUE = 1 << 24
READABLE = 4.5
"""The contrast of a text and its ground that WCAG 2.2 asks for (1.4.3)."""
_LEVELS = (0, 95, 135, 175, 215, 255)
# xterm's defaults; users change them, so that they only serve to find the nearest one.
_SIXTEEN = (
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
)  # fmt: skip
_TRUE_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour", "iterm2", "mintty")
_TRUE_PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "rio", "mintty")


class Depth(IntEnum):
    """Colours that may be sent; NONE keeps bold, dim, underline and reverse."""

    NONE = 0
    ANSI = 16
    PALETTE = 256
    TRUE = TRUE


def detect(env: Mapping[str, str], no_color: bool = False) -> Depth:
    """The depth according to the environment; `no_color`: NO_COLOR was set and has been removed from it."""
    term = env.get("TERM", "")
    if no_color or env.get("NO_COLOR") or term in ("", "dumb", "unknown") or term.endswith(("-mono", "-m")):
        return Depth.NONE
    if term.startswith(("vt1", "vt2")):
        return Depth.NONE
    if term.startswith("screen") and env.get("STY"):
        # GNU screen hands COLORTERM down from outside but knows no true colour before 5.0.
        return Depth.PALETTE if "256color" in term else Depth.ANSI
    if env.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return Depth.TRUE
    if term.startswith(_TRUE_TERMS) or term.endswith("-direct") or env.get("TERM_PROGRAM") in _TRUE_PROGRAMS:
        return Depth.TRUE
    if env.get("WT_SESSION") and not env.get("TMUX"):
        return Depth.TRUE
    return Depth.PALETTE if "256" in term else Depth.ANSI


def rgb(colour: int) -> tuple[int, int, int]:
    """Red, green, blue, each 0-255."""
    if colour >= TRUE:
        return colour >> 16 & 255, colour >> 8 & 255, colour & 255
    if colour < 16:
        return _SIXTEEN[colour]
    if colour >= 232:
        grey = (colour - 232) * 10 + 8
        return grey, grey, grey
    cube = colour - 16
    return _LEVELS[cube // 36], _LEVELS[cube // 6 % 6], _LEVELS[cube % 6]


def _distance(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    """ "Redmean": near to how eyes weigh the three, without a colour space."""
    red = (one[0] + other[0]) // 2
    dr, dg, db = one[0] - other[0], one[1] - other[1], one[2] - other[2]
    return ((512 + red) * dr * dr >> 8) + 4 * dg * dg + ((767 - red) * db * db >> 8)


def _cube_index(colour: tuple[int, int, int]) -> int:
    red, green, blue = (min(range(6), key=lambda i: abs(_LEVELS[i] - part)) for part in colour)
    return 16 + 36 * red + 6 * green + blue


@lru_cache(4096)
def convert(colour: int, depth: Depth) -> int | None:
    """The colour that the terminal has; the same one where it has it; None at Depth.NONE."""
    if depth is Depth.NONE:
        return None
    if depth is Depth.TRUE or colour < 16 or (depth is Depth.PALETTE and colour < TRUE):
        return colour
    wanted = rgb(colour)
    if depth is Depth.ANSI:
        return min(range(16), key=lambda i: _distance(wanted, _SIXTEEN[i]))
    grey = 232 + max(0, min(23, (sum(wanted) // 3 - 3) // 10))
    return min((_cube_index(wanted), grey), key=lambda i: _distance(wanted, rgb(i)))


def contrast(one: int, other: int) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(4096)
def _luminance(colour: int) -> float:
    """WCAG 2.2, relative luminance, 0 to 1."""
    parts = [part / 255 for part in rgb(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(4096)
def convert_text(colour: int, back: int | None, depth: Depth) -> int | None:
    """The colour of a text for that depth: the nearest that can be read on `back`, once that is converted, as well as
    the colour itself, or with READABLE."""
    near = convert(colour, depth)
    if near is None or near == colour or back is None:
        return near
    ground, least = convert(back, depth) or 0, min(READABLE, contrast(colour, back))
    if contrast(near, ground) >= least:
        return near
    wanted, palette = rgb(colour), range(16) if depth is Depth.ANSI else range(16, 256)
    fine = [index for index in palette if contrast(index, ground) >= least]
    return min(fine, key=lambda index: _distance(wanted, rgb(index)), default=near)


@lru_cache(4096)
def codes(colour: int | None, background: bool) -> str:
    """The SGR parameters that set it; in the short form where the palette's fixed part has that very colour."""
    base = 40 if background else 30
    if colour is None:
        return str(base + 9)
    if colour < 8:
        return str(base + colour)
    if colour < 16:
        return str(base + 52 + colour)
    if colour < 256:
        return f"{base + 8};5;{colour}"
    red, green, blue = rgb(colour)
    # 16-21 are the ones that colour schemes redefine.
    for index in (_cube_index((red, green, blue)), 232 + max(0, min(23, (red - 8) // 10))):
        if index > 21 and rgb(index) == (red, green, blue):
            return f"{base + 8};5;{index}"
    return f"{base + 8};2;{red};{green};{blue}"
