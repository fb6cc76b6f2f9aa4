"""Texts by the cells they fill: cut, filled up and wrapped. Widths are those of the screen's library."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells, set_cell_size


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
    found: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0
        for word in paragraph.split(" "):
            needed = cell_len(word)
            if line and used + 1 + needed <= width:
                line, used = f"{line} {word}", used + 1 + needed
                continue
            if line:
                found.append(line)
            if needed > width:
                *whole, word = chop_cells(word, width)
                found += whole
                needed = cell_len(word)
            line, used = word, needed
        found.append(line)
    return found


def hanging(line: str, width: int) -> list[str]:
    """A line wrapped, its later parts as far in as the first one."""
    inner = line.lstrip(" ")
    before = line[: len(line) - len(inner)]
    return [before + part for part in wrap(inner, max(1, width - len(before)))]
