"""Texts by the cells they fill: cut, filled up and wrapped. Widths are those of the screen's library."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import Final

from rich.cells import cell_len, chop_cells, set_cell_size, split_graphemes

from commtui.ui.painter.cells import RESERVE

TEXT_MOST: Final = 80
"""Columns in which a text is wrapped at most, its margin included: longer lines are hard to read."""
ZWJ = "\u200d"
MODIFIERS = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff" + RESERVE
"""Skin tones, and the room behind a cluster: they belong to what stands before them."""
_TONES = MODIFIERS[:5] if os.environ.get("TMUX") or os.environ.get("STY") else ""
"""Skin tones: multiplexers draw each beside its emoji."""
_MAY_SPACE = re.compile(f"[\u0900-\u109f\u1700-\u1cff\ua800-\uabff\U00011000-\U00011fff{_TONES}]").search
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]").match  # Thai, Lao, Burmese, Khmer


def roomy(text: str) -> str:
    """The text with room behind every cluster that many terminals draw wider than the screen's library counts: marks
    that take a column there (क्या), and under a multiplexer skin tones. The painter takes the room for the cluster.
    A text that has this room is returned as it is."""
    if text.isascii() or not _MAY_SPACE(text):
        return text
    parts: list[str] = []
    for start, end, _ in split_graphemes(text)[0]:
        part = text[start:end]
        if part == RESERVE and parts and len(parts[-1]) > 1 and parts[-1][-1] == RESERVE:
            continue  # it has its room
        parts.append(part + RESERVE * room_behind(part))
    return "".join(parts)


def cells_of(text: str) -> int:
    """The cells that a text fills, the room behind its clusters included."""
    return len(text) if text.isascii() else cell_len(roomy(text))


def room_behind(cluster: str) -> int:
    """The cells that many terminals give a cluster beyond what the screen's library counts."""
    marks = cluster[1:]
    return sum(unicodedata.category(mark) == "Mc" for mark in marks) + 2 * sum(mark in _TONES for mark in marks)


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells: filled up with spaces, or cut, its last cell then `~`."""
    if width <= 0:
        return ""
    if text.isascii():
        return text.ljust(width) if len(text) <= width else text[: width - 1] + "~"
    text = roomy(text)
    return set_cell_size(text, width) if cell_len(text) <= width else _beginning(text, width - 1) + "~"


def _beginning(text: str, width: int) -> str:
    """The beginning of a text in exactly `width` cells, without a cluster that has lost its room, or a part of it."""
    kept = set_cell_size(text, width)
    end = len(kept)
    while 0 < end < len(text) and text[end] == RESERVE:
        spans = split_graphemes(text[:end].rstrip(RESERVE))[0]
        end = spans[-1][0] if spans else 0
    return set_cell_size(text[:end], width) if end < len(kept) else kept


def ending(text: str, width: int) -> str:
    """The end of a text in at most `width` cells, the room behind its clusters included."""
    if text.isascii():
        return text[max(0, len(text) - width) :]
    kept, left = len(text), width
    for start, end, cells in reversed(split_graphemes(text)[0]):
        left -= cells + room_behind(text[start:end])
        if left < 0:
            break
        kept = start
    return text[kept:]


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells."""
    text = roomy(text)
    return text if cell_len(text) <= width else fit(text, width).rstrip(" ")


def cut_words(text: str, width: int) -> str:
    """`text` in at most `width` cells, cut behind a word, with `~` for what is left out.

    Only a word that is longer than the whole width is cut in its middle. Scripts that write no spaces may be cut behind
    each character.
    """
    text = roomy(text)
    if cell_len(text) <= width:
        return text
    if width < 2:
        return fit(text, width)
    kept = _beginning(text, width - 1)
    whole = len(kept) if text.startswith(kept) else len(kept) - 1  # half of a wide character is a space there
    end = whole
    while end and not _breaks(text, end):
        end -= 1
    after = next((place for place in range(whole, len(text)) if place > end and _breaks(text, place)), len(text))
    if cell_len(text[end:after].strip(" ")) >= width:
        end = whole
    return text[:end].rstrip(" ") + "~"


def _breaks(text: str, at: int) -> bool:
    """Whether a text may be cut before the character at that place."""
    before, after = text[at - 1], text[at]
    if before == " " or after == " ":
        return True
    joins = before == ZWJ or after in MODIFIERS or unicodedata.category(after) in ("Mn", "Mc", "Me", "Cf")
    return not joins and (_stands_alone(before) or _stands_alone(after))


def _stands_alone(character: str) -> bool:
    """Whether it is of a script that writes no spaces between words, or a symbol."""
    return unicodedata.east_asian_width(character) in "WF" or bool(_UNSPACED(character))


def wrap(text: str, width: int) -> list[str]:
    """The lines of `text` in at most `width` cells each, broken between words; a word that is too long is broken."""
    width = max(width, 1)
    lines: list[str] = []
    for paragraph in roomy(text).split("\n"):
        line, used = "", 0
        for word in paragraph.split(" "):
            needed = cell_len(word)
            if line and used + 1 + needed <= width:
                line, used = f"{line} {word}", used + 1 + needed
                continue
            if line:
                lines.append(line)
            if needed > width:
                *whole, word = _broken(word, width)
                lines += whole
                needed = cell_len(word)
            line, used = word, needed
        lines.append(line)
    return lines


def _broken(word: str, width: int) -> list[str]:
    """The parts of a word that is too long, none with more cells than fit and no cluster apart from its room."""
    if RESERVE not in word:
        return chop_cells(word, width)
    clusters: list[str] = []
    for start, end, _ in split_graphemes(word)[0]:
        if clusters and word[start:end] == RESERVE:
            clusters[-1] += RESERVE
        else:
            clusters.append(word[start:end])
    parts, used = [""], 0
    for cluster in clusters:
        needed = cell_len(cluster)
        if parts[-1] and used + needed > width:
            parts.append("")
            used = 0
        parts[-1] += cluster
        used += needed
    return parts


def hanging(line: str, width: int) -> list[str]:
    """A line wrapped, its later parts as far in as the first one."""
    inner = line.lstrip(" ")
    before = line[: len(line) - len(inner)]
    return [before + part for part in wrap(inner, max(1, width - len(before)))]
