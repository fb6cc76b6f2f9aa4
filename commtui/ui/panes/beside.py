"""The lines of the columns of a wide screen, read from the store."""

from __future__ import annotations

from typing import Final

from commtui.activity.resolve import elder
from commtui.model.records import Conversation, Outgoing
from commtui.triage import shares, view_counts
from commtui.triage.people import author_of, profile_of
from commtui.ui.snapshot import Snapshot
from commtui.ui.text import overview as text_of_overview
from commtui.ui.text.person import account_lines, note_lines, other_lines, person_lines
from commtui.ui.text.rows import Pieces

COUNTED_WITHIN: Final = 0.01
"""Seconds that counting the rows of the config's views may take; a view without a number was not counted."""


def beside(snapshot: Snapshot, about: str | None, width: int) -> list[Pieces]:
    """Who wrote what is in the reader, and its account; of a post the account alone."""
    desk, context = snapshot.desk, snapshot.row_context(width)
    conversation = desk.store.get(Conversation, about) if about else None
    item = desk.store.get(Outgoing, about) if about and conversation is None else None
    if item is not None and item.conversation:
        conversation = desk.store.get(Conversation, item.conversation)
    owner = conversation or item
    if owner is None:
        return []
    standings = zip(desk.settings.accounts, snapshot.standing.accounts, strict=True)
    standing = next((standing for account, standing in standings if account.id == owner.account), None)
    account = account_lines(standing, owner.network, snapshot.engine, context)
    if conversation is None:
        return account
    conversation = elder(desk.store, conversation)
    author = author_of(desk.store, conversation)
    if not author:  # what they wrote was erased
        return account
    person = profile_of(desk, author)
    return [
        *person_lines(person, context),
        *account,
        *note_lines(person, context),
        *other_lines(person, conversation.id, context),
    ]


def overview(snapshot: Snapshot, leader: str, view_key: str, width: int) -> list[Pieces]:
    """Views with their counts, accounts with their unread ones, and who has how many. `view_key` chooses a view."""
    desk, standing = snapshot.desk, snapshot.standing
    return [
        *text_of_overview.view_lines(view_counts.counts(desk, standing), leader, width),
        *text_of_overview.own_view_lines(view_counts.own_and_campaigns(desk, COUNTED_WITHIN), view_key, width),
        *text_of_overview.account_rows(standing.accounts, width),
        *text_of_overview.team_rows(shares.team(desk), standing.unassigned, desk.who, width),
    ]
