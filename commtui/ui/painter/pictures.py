"""Pictures on a terminal: as half blocks, or by kitty's protocol with placeholders, which are cells like any other.

A picture stands in cells in both ways, so that scrolling, covering and clearing need nothing of their own. Sixel paints
past the cells: what is drawn later over a part of it would leave the rest behind, so it is not offered.
https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final, Literal

from commtui.ui.painter.cells import PLACEHOLDER
from commtui.ui.painter.clipboard import in_tmux
from commtui.ui.painter.colour import Depth

Way = Literal["half-blocks", "kitty"]
Refusal = Literal["off", "ssh", "colours", "kitty-depth"]
CHUNK: Final = 4096
"""Bytes of base64 in one sequence."""
_KITTY: Final = ("xterm-kitty", "xterm-ghostty")
_RANGES: Final = (
    "305 30d-30e 310 312 33d-33f 346 34a-34c 350-352 357 35b 363-36f 483-487 592-595 597-599 59c-5a1 5a8-5a9 "
    "5ab-5ac 5af 5c4 610-617 657-65b 65d-65e 6d6-6dc 6df-6e2 6e4 6e7-6e8 6eb-6ec 730 732-733 735-736 73a 73d "
    "73f-741 743 745 747 749-74a 7eb-7f1 7f3 816-819 81b-823 825-827 829-82d 951 953-954 f82-f83 f86-f87 "
    "135d-135f 17dd 193a 1a17 1a75-1a7c 1b6b 1b6d-1b73 1cd0-1cd2 1cda-1cdb 1ce0 1dc0-1dc1 1dc3-1dc9 1dcb-1dcc "
    "1dd1-1de6 1dfe 20d0-20d1 20d4-20d7 20db-20dc 20e1 20e7 20e9 20f0 2cef-2cf1 2de0-2dff a66f a67c-a67d "
    "a6f0-a6f1 a8e0-a8f1 aab0 aab2-aab3 aab7-aab8 aabe-aabf aac1 fe20-fe26 10a0f 10a38 1d185-1d189 1d1aa-1d1ad "
    "1d242-1d244 "
)


def _marks() -> str:
    marks = ""
    for word in _RANGES.split():
        first, _, last = word.partition("-")
        marks += "".join(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return marks


MARKS: Final = _marks()
"""The combining characters that stand for the numbers of rows and columns: kitty's rowcolumn-diacritics.txt."""


def way_of(setting: str, environ: Mapping[str, str], depth: Depth, remote: bool) -> Way | Refusal:
    """How pictures are shown, or why not. `setting`: auto, off, half-blocks or kitty; `remote`: over SSH."""
    if setting == "off" or (setting == "auto" and remote):
        return "off" if setting == "off" else "ssh"
    if depth < Depth.PALETTE:
        return "colours"
    knows = environ.get("TERM", "").startswith(_KITTY) and not environ.get("STY")
    if setting == "kitty":  # inside tmux TERM is tmux's: a person who asks for it knows the terminal outside
        return "kitty" if depth is Depth.TRUE and not environ.get("STY") else "kitty-depth"
    return "kitty" if setting == "auto" and knows and depth is Depth.TRUE else "half-blocks"


def transmission(number: int, png: bytes, columns: int, rows: int, environ: Mapping[str, str]) -> str:
    """What hands a picture to the terminal, for so many cells; it shows nothing yet. `number`: 1 to 0xFFFFFF."""
    data = base64.b64encode(png).decode()
    chunks = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)] or [""]
    parts = []
    for place, chunk in enumerate(chunks):
        first = f"a=T,U=1,f=100,t=d,i={number},c={columns},r={rows}," if not place else ""
        parts.append(f"\x1b_G{first}q=2,m={int(place < len(chunks) - 1)};{chunk}\x1b\\")
    return "".join(_through(part, environ) for part in parts)


def removal(number: int, environ: Mapping[str, str]) -> str:
    """What makes the terminal forget a picture."""
    return _through(f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\", environ)


def placeholders(row: int, columns: int) -> str:
    """The cells of one row of a picture; their foreground is its number."""
    return "".join(f"{PLACEHOLDER}{MARKS[row]}{MARKS[column]}" for column in range(columns))


def _through(sequence: str, environ: Mapping[str, str]) -> str:
    return in_tmux(sequence) if environ.get("TMUX") else sequence
