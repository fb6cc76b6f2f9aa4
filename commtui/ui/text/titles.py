"""The first line of a pane: its name, its numbers, and at the right end what holds for the whole screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from commtui.model.states import Order
from commtui.ui.text.cells import cells_of
from commtui.ui.text.rows import Piece, Pieces, filled

ROW_LEAST: Final = 16
"""Cells below which a row on the title line would say nothing."""


class Title(NamedTuple):
    """What a title says. Each piece is shown whole or left out: half a number says nothing."""

    name: Pieces
    """Never left out."""
    numbers: Pieces = ()
    """Left out from the last one where there is no room."""
    ending: Pieces = ()
    """At the right end of the line; left out from the first one. The last has its place before all numbers but one, and
    before that one, too, where the name says more (marks, a filter)."""
    row: Callable[[int], Pieces] | None = None
    """For a pane that has no room but this line: its next row, for a width."""


def title_pieces(title: Title, width: int) -> Pieces:
    """The title in a line of that width; where it ends early, the rest has the style of its last piece."""
    pieces, ending = list(title.name), list(title.ending)
    left = width - cells(title.name)
    for piece in title.numbers:
        last = cells(title.ending[-1:]) + 1 if title.ending and len(pieces) > 1 else 0
        kept = (ROW_LEAST if title.row else 0) + last
        if cells((piece,)) > left - kept:
            break
        pieces.append(piece)
        left -= cells((piece,))
    while ending and cells(ending) > left - 1:
        del ending[0]
    left -= cells(ending)
    if title.row and left >= ROW_LEAST:
        return (*pieces, *title.row(left), *ending)
    return (*pieces, ("bar", " " * left), *ending) if ending else filled(pieces, width)


def order_words(order: Order) -> str:
    """What a title says of the order of the rows."""
    return f"by {order.value}" if order in (Order.AUTHOR, Order.PRIORITY) else f"{order.value} first"


def hidden_words(above: int, below: int, new: int, here: bool = True) -> str:
    """What the last line of a pane says: how many rows are further up, how many further down, and how many of them came
    meanwhile. `here`: it has the focus."""
    news = f", {new:,} new" if new else ""
    if not here:
        words = f"{above + below:,} more"
    else:
        parts = (f"{above:,} above" if above else "", f"{below:,} more below" if below else "")
        words = ", ".join(filter(None, parts))
    return f"{words}{news:<9} "  # with room: news that come move nothing


def cells(pieces: Pieces | list[Piece]) -> int:
    """The cells of all pieces together."""
    return sum(cells_of(text) for _, text in pieces)
