"""Links in a text: each part of a wrapped one leads to the whole address (OSC 8), where the terminal knows links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import split_graphemes

from commtui.model.links import links
from commtui.ui.painter.cells import RESERVE
from commtui.ui.text.cells import wrap
from commtui.ui.text.rows import Piece, Pieces

LONGEST: Final = 2083
"""Bytes of an address: terminals (VTE, iTerm2) ignore longer ones, which would be sent with each line of the link."""

PORTION: Final = 4000
"""Characters that are wrapped at once, which takes a few milliseconds in any script."""

CLUSTER: Final = 64
"""Characters among which the last cluster of a portion is looked for."""


def linked(text: str, width: int) -> list[Pieces]:
    """The lines of a text as `wrap` breaks them, with the role `link ADDRESS` on links; in time linear in the text."""
    spans = links(text)
    roles = [_role(text[start:end]) for start, end in spans]
    lines: list[Pieces] = []
    at = first = 0
    for line in wrap(text, width):
        begin = text.find(line, at)
        if first == len(spans) or begin < 0:
            lines.append((("plain", line),))
            continue
        at = begin + len(line)
        while first < len(spans) and spans[first][1] <= begin:
            first += 1
        pieces = [piece for piece in _pieces(text, begin, at, spans, roles, first) if piece[1]]
        lines.append(tuple(pieces) or (("plain", ""),))
    return lines


def portions_of(text: str) -> list[str]:
    """The text in portions that are wrapped one by one. It is parted at the end of a line, else between words, else
    where no link and no cluster of characters is parted. A text of usual length is one portion."""
    portions = []
    begin = 0
    while len(text) - begin > PORTION:
        window = text[begin : begin + PORTION]
        at = next((at for mark in "\n " if (at := window.rfind(mark)) > 0), None)
        end = _end_of_portion(text[begin : begin + PORTION + LONGEST]) if at is None else at
        portions.append(window[:end])
        begin += end + (at is not None)  # the mark itself is not shown where a line ends
    return [*portions, text[begin:]]


def _end_of_portion(text: str) -> int:
    """Where a portion without a space ends. `text`: the portion, and what follows it."""
    parted = next((start for start, end in links(text) if 0 < start < PORTION < end), None)
    if parted is not None:
        return parted
    tail = text[PORTION - CLUSTER : PORTION + 1]
    start, _, _ = split_graphemes(tail)[0][-1]
    return PORTION - CLUSTER + start or PORTION


def _role(address: str) -> str:
    address = address.replace(RESERVE, "")
    return f"link {address}" if len(address.encode()) <= LONGEST else "link"


def _pieces(
    text: str, begin: int, end: int, spans: Sequence[tuple[int, int]], roles: Sequence[str], first: int
) -> Iterator[Piece]:
    """The pieces of `text[begin:end]`. `first`: the first link that does not end before."""
    done = begin
    while first < len(spans) and spans[first][0] < end:
        start, stop = max(spans[first][0], begin), min(spans[first][1], end)
        yield "plain", text[done:start]
        yield roles[first], text[start:stop]
        done, first = stop, first + 1
    yield "plain", text[done:end]
