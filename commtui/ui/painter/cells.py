"""Text in a style to cells, with the widths that Textual lays out by (rich.cells).

A cell is `(text, width, style, reach)`: text holds everything that sits in it (a base, its combining marks, an emoji
sequence); width is 1 or 2, and 0 for the second half of a wide one (its text is empty). `reach` is 0 where terminals
agree on the width, else how many cells it might take at most. With room left behind it (RESERVE) its width is larger.
"""

from __future__ import annotations

import re
import unicodedata

from rich.cells import split_graphemes

from commtui.ui.painter.styles import Style

RESERVE = "\u00a0"
"""Behind a cluster whose width terminals dispute: room for it to be wider than Textual thinks."""
PLACEHOLDER = "\U0010eeee"
"""The character of a cell in which a terminal shows a part of a picture (pictures.py)."""
Cell = tuple[str, int, Style, int]
Row = list[Cell]

# One column everywhere, and nothing that joins: Latin, Greek, Cyrillic, punctuation, box drawing and shapes.
_SIMPLE = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u0384-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u2190-\u2199\u2500-\u25fc\u25ff]*"
).fullmatch
_ZERO = frozenset("\u200d\ufe0e\ufe0f\u20e3")
# Emoji of Unicode 12 and later: many a terminal's tables are older.
_YOUNG = re.compile(
    "[\U0001f6d5-\U0001f6d7\U0001f6dc-\U0001f6df\U0001f6fa-\U0001f6fc\U0001f7e0-\U0001f7f0\U0001f90c-\U0001f90f\U0001f93f"
    "\U0001f971-\U0001f972\U0001f976-\U0001f978\U0001f97a-\U0001f97b\U0001f9a3-\U0001f9af\U0001f9ba-\U0001f9bf"
    "\U0001f9c3-\U0001f9cf\U0001fa70-\U0001faff]"
).search


class _CellsOfStyle(dict[str, Cell]):
    """The cells of one style, by their text, made as they are asked for: one object for each, quick to compare."""

    def __init__(self, style: Style) -> None:
        self.style = style

    def __missing__(self, text: str) -> Cell:
        if len(self) > 2000:
            self.clear()
        cell = self[text] = (text, 1, self.style.blank if text == " " else self.style, 0)
        return cell


class Cells:
    """Makes cells. `wide_ambiguous`: the terminal may draw East Asian ambiguous characters two columns wide."""

    def __init__(self, wide_ambiguous: bool = False) -> None:
        self._of: dict[Style, _CellsOfStyle] = {}
        self._ambiguous = wide_ambiguous

    def of(self, text: str, style: Style) -> tuple[str, Row]:
        """What joins the cell before (zero-width characters at the start), and the cells."""
        known = self._of.get(style)
        if known is None:
            if len(self._of) > 1000:
                self._of.clear()
            known = self._of[style] = _CellsOfStyle(style)
        if text.isascii() or (not self._ambiguous and _SIMPLE(text)):
            return "", list(map(known.__getitem__, text))
        lead = ""
        row: Row = []
        open_end: Cell | None = None
        for cluster, width in clusters(text):
            if width == 0:
                lead += cluster
                continue
            if cluster == RESERVE and row and row[-1] is open_end:
                self._reserve(row)
                open_end = row[-1]
                continue
            reach = _reach(cluster, width, self._ambiguous)
            if width == 1 and not reach:
                row.append(known[cluster])
            else:
                row.append((cluster, width, style, reach))
                row += [("", 0, style, 0)] * (width - 1)
                open_end = row[-1] if reach > width else None
        return lead, row

    def _reserve(self, row: Row) -> None:
        """Gives the last cluster one cell more, of the room that was left behind it."""
        at = len(row) - 1
        while not row[at][1]:
            at -= 1
        text, width, style, reach = row[at]
        row[at] = (text, width + 1, style, reach)
        row.append(("", 0, style, 0))

    def joined(self, cell: Cell, marks: str) -> Cell:
        """The cell with more zero-width characters in it."""
        text, width, style, _ = cell
        return (text + marks, width, style, _reach(text + marks, width, self._ambiguous))


def clusters(text: str) -> list[tuple[str, int]]:
    """The text cut into what belongs together on the screen, with widths; a flag's two letters count as one."""
    out: list[tuple[str, int]] = []
    flag = False
    for start, end, width in split_graphemes(text)[0]:
        part = text[start:end]
        letter = "\U0001f1e6" <= part[0] <= "\U0001f1ff"
        if out and out[-1][1] and ((letter and flag) or "\U0001f3fb" <= part[0] <= "\U0001f3ff"):
            out[-1] = (out[-1][0] + part, out[-1][1] + width)
            flag = False
        else:
            out.append((part, width))
            flag = letter
    return out


def _reach(cluster: str, width: int, ambiguous: bool) -> int:
    first = cluster[0]
    if first == PLACEHOLDER:
        return 0
    if len(cluster) == 1:
        if "\U0001f1e6" <= first <= "\U0001f1ff" or "\U0001f3fb" <= first <= "\U0001f3ff" or _YOUNG(first):
            return 2
        if ambiguous and unicodedata.east_asian_width(first) == "A":
            return 2
        return 2 if unicodedata.category(first) in ("Cn", "Cf", "Mc", "Mn", "Me") else 0
    if first < "\u0600" and all("\u0300" <= mark <= "\u036f" for mark in cluster[1:]):
        return 2 if ambiguous and unicodedata.east_asian_width(first) == "A" else 0
    return max(width, 2 * sum(mark not in _ZERO for mark in cluster), 2)
