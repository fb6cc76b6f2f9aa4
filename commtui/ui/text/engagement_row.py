"""The row of a post that was liked or boosted, or of the follows of an account."""

from __future__ import annotations

from typing import Final

from commtui.model import times
from commtui.sentences.engagement import about, counted
from commtui.triage.engagement import Engaged
from commtui.ui.text.cells import fit, roomy
from commtui.ui.text.names import without_host
from commtui.ui.text.rows import Piece, Pieces, RowContext, account_columns, lead, under_cursor, with_text

NAMED: Final = 2
"""People who are named, where there is room for them."""
COUNTS: Final = 18
"""Cells of `12 likes 3 boosts`."""
WIDE: Final = 70


def engagement_row(row: Engaged, context: RowContext, pointed: bool, new: bool) -> Pieces:
    """`>* 3h  shop  12 likes 3 boosts  Weekend! The roaster   @ada @bo`. `new`: something came since the last look."""
    role = under_cursor("unread" if new else "plain", pointed)
    head: list[Piece] = [
        (under_cursor("plain", pointed), lead(pointed, False)[1]),
        (role, f"{'*' if new else ' '}{times.ago(row.last_at, context.now):>3}  "),
    ]
    columns = account_columns(context.width) if context.many_accounts else 0
    if columns:
        head.append((under_cursor("plain", pointed), fit(context.account(row.account, ""), columns) + "  "))
    head.append((under_cursor("plain", pointed), counted(row).ljust(COUNTS if context.width >= WIDE else 0) + "  "))
    people = [] if context.width < WIDE else [without_host(person) for person in row.people[:NAMED]]
    labels: list[Piece] = [("author", " ".join(people))] if people else []
    return with_text(head, ("plain", roomy(about(row))), labels, context.width)
