"""The row of what a number of the report counts: a message, a conversation that was reopened, or a person."""

from __future__ import annotations

from typing import Final

from commtui.activity.desk import Desk
from commtui.model import ids, times
from commtui.model.records import Conversation, Mention
from commtui.model.text import one_line
from commtui.ui.text.cells import fit, roomy
from commtui.ui.text.mention_row import mention_row, short_author
from commtui.ui.text.rows import Piece, Pieces, RowContext, account_columns, lead, near_time, under_cursor, with_text

WIDE: Final = 60
"""Cells of a row from which on it has the day and the time; else how long ago that is."""


def counted_row(desk: Desk, identity: str, context: RowContext, pointed: bool) -> Pieces:
    """`> 27 Nov 09:00  rolf  shop  Where is my parcel?`; of a person the last that they wrote."""
    store = desk.store
    if identity[:1] == ids.CONVERSATION:
        conversation = store.get(Conversation, identity)
        return mention_row(conversation, context, pointed, newest=True) if conversation else ()
    said = store.people.newest(identity) if identity[:1] == ids.PERSON else store.get(Mention, identity)
    if said is None:
        return ()
    wide = context.width >= WIDE
    when = near_time(said.created_at, context).ljust(13) if wide else f"{times.ago(said.created_at, context.now):>3} "
    columns = account_columns(context.width) if context.many_accounts else 0
    head: list[Piece] = [
        lead(pointed, False),
        (under_cursor("dim", pointed), when),
        (under_cursor("author", pointed), fit(short_author(said.author), 14 if wide else 9) + " "),
    ]
    if columns:
        head.append((under_cursor("plain", pointed), fit(context.account(said.account, said.network), columns) + "  "))
    words = one_line(said.spoiler or said.text)
    return with_text(head, ("plain", roomy(words)) if words else ("dim", "no text"), [], context.width)
