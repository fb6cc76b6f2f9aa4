"""How many cells a text takes, for tables of plain lines. Disputed sequences count as the wider reading."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def width(text: str) -> int:
    """Cells on a terminal: 2 for wide characters and emoji, 0 for marks and joiners."""
    return len(text) if text.isascii() else sum(cells for _, cells in _clusters(text))


def _clusters(text: str) -> Iterator[tuple[str, int]]:
    """Base characters with the marks that follow them, and their cells."""
    cluster, cells, joined = "", 0, False
    for character in text:
        if cluster and (joined or unicodedata.category(character) in ("Mn", "Me", "Cf") or _is_skin(character)):
            cluster += character
            joined = character == "\u200d"
            cells = max(cells, 2 if character == "\ufe0f" else 0)
            continue
        if cluster:
            yield cluster, cells
        joined = False
        cluster, cells = character, _cells(character)
    if cluster:
        yield cluster, cells


def _is_skin(character: str) -> bool:
    return "\U0001f3fb" <= character <= "\U0001f3ff"


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fit(text: str, most: int) -> str:
    """`text`, or its beginning with `…`, in at most `most` cells, cut between characters as people see them."""
    if (text.isascii() and len(text) <= most) or width(text) <= most:
        return text
    kept, used = [], 0
    for cluster, cells in _clusters(text):
        if used + cells > most - 1:
            break
        kept.append(cluster)
        used += cells
    return "".join(kept).rstrip() + "…" if most > 0 else ""


def wrap(line: str, most: int | None) -> Iterator[str]:
    """The line in pieces of at most `most` cells, broken between words; a longer word stays whole (links)."""
    if most is None or width(line) <= most:
        yield line
        return
    first, *others = line.split(" ")
    piece, used = first, width(first)
    for word in others:
        wide = width(word)
        if used + 1 + wide > most:
            yield piece
            piece, used = word, wide
        else:
            piece, used = f"{piece} {word}", used + 1 + wide
    yield piece
