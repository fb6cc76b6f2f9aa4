"""Text by the terminal cells that it fills: its width, cut, wrapped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

WORD: Final = 15
"""Characters of a word that is left out rather than cut."""


def width(text: str) -> int:
    """The cells that `text` fills."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # 16 ms that rows in ASCII do not pay

    return cell_len(text)


def fit(text: str, most: int) -> str:
    """`text`, or its beginning with `…`, in at most `most` cells, cut between graphemes."""
    if width(text) <= most:
        return text
    if most < 1:
        return ""
    if text.isascii():
        return text[: most - 1].rstrip() + "…"
    from rich.cells import set_cell_size

    return set_cell_size(text, most - 1).rstrip() + "…"


def fit_words(text: str, most: int) -> str:
    """`text` as `fit` cuts it, but behind a whole word if the last one that is cut has at most WORD characters."""
    cut = fit(text, most)
    if cut == text or most < 2 * WORD:
        return cut
    head, _, rest = cut.removesuffix("…").rpartition(" ")
    inside = text[len(cut) - 1 : len(cut)] not in ("", " ")
    return head.rstrip() + "…" if inside and head.strip() and len(rest) <= WORD else cut


def wrap(line: str, most: int | None, indent: int = 0) -> Iterator[str]:
    """The line in pieces of at most `most` cells, broken between words; a longer word, such as a link, stays whole.

    The pieces after the first are indented by `indent` spaces.
    """
    if most is None or width(line) <= most:
        yield line
        return
    first, *others = line.split(" ")
    piece, used = first, width(first)
    for word in others:
        cells = width(word)
        if used + 1 + cells > most:
            yield piece
            piece, used = " " * indent + word, indent + cells
        else:
            piece, used = f"{piece} {word}", used + 1 + cells
    yield piece
