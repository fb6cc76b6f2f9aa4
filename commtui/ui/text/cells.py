"""Texts by the cells they fill: cut, filled up and wrapped. Widths are those of the screen's library."""

from __future__ import annotations

import os
import re
import unicodedata

from rich.cells import cell_len, chop_cells, set_cell_size, split_graphemes

from commtui.ui.painter.cells import RESERVE

_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff" if os.environ.get("TMUX") or os.environ.get("STY") else ""
"""Skin tones: multiplexers draw each beside its emoji."""
_MAY_SPACE = re.compile(f"[\u0900-\u109f\u1700-\u1cff\ua800-\uabff\U00011000-\U00011fff{_TONES}]").search


def roomy(text: str) -> str:
    """The text with room behind every cluster that many terminals draw wider than the screen's library counts: marks
    that take a column there (क्या), and under a multiplexer skin tones. The painter takes the room for the cluster."""
    if text.isascii() or not _MAY_SPACE(text):
        return text
    parts = []
    for start, end, _ in split_graphemes(text)[0]:
        part = text[start:end]
        more = sum(unicodedata.category(mark) == "Mc" for mark in part[1:]) + 2 * sum(
            mark in _TONES for mark in part[1:]
        )
        parts.append(part + RESERVE * more)
    return "".join(parts)


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells: filled up with spaces, or cut, its last cell then `~`."""
    if width <= 0:
        return ""
    if text.isascii():
        return text.ljust(width) if len(text) <= width else text[: width - 1] + "~"
    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "~"


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells."""
    return text if cell_len(text) <= width else fit(text, width).rstrip(" ")


def wrap(text: str, width: int) -> list[str]:
    """The lines of `text` in at most `width` cells each, broken between words; a word that is too long is broken."""
    width = max(width, 1)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0
        for word in paragraph.split(" "):
            needed = cell_len(word)
            if line and used + 1 + needed <= width:
                line, used = f"{line} {word}", used + 1 + needed
                continue
            if line:
                lines.append(line)
            if needed > width:
                *whole, word = chop_cells(word, width)
                lines += whole
                needed = cell_len(word)
            line, used = word, needed
        lines.append(line)
    return lines


def hanging(line: str, width: int) -> list[str]:
    """A line wrapped, its later parts as far in as the first one."""
    inner = line.lstrip(" ")
    before = line[: len(line) - len(inner)]
    return [before + part for part in wrap(inner, max(1, width - len(before)))]
