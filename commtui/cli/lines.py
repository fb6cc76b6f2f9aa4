"""Mentions and outgoing items as rows of plain text: words and symbols, no colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from commtui.activity.desk import Desk
from commtui.cli.output import columns, rows
from commtui.model import text, when
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.states import NEEDS_PERSON, OutgoingState
from commtui.triage import query, views

ROW_TEXT = 500
"""Characters of a text that a row is made of, at most."""


def mention_rows(desk: Desk, found: Iterable[tuple[Mention, Conversation]]) -> Iterator[str]:
    """id, age, status (`*` unread, `!` overdue), author, what was said."""
    measure = views.setting(desk)

    def table() -> Iterator[tuple[str, ...]]:
        for mention, held in found:
            overdue = query.conversation_is("overdue", held, measure)
            status = query.status_of(held, desk.now) + ("!" if overdue else "") + ("*" if held.unread else "")
            marks = [
                *(["direct"] if mention.via == "direct" else []),
                *(["muted"] if held.muted else []),
                *(["deleted"] if mention.deleted else ["edited"] if mention.edited else []),
                *([f"for {held.assignee}"] if held.assignee else []),
                *(f"#{tag}" for tag in held.tags),
            ]
            age = when.ago(mention.created_at, desk.now)
            yield mention.id, f"{age:>3}", status, mention.author, _marked(marks, mention.spoiler, mention.text)

    return rows(table(), (11, 3, 9, 22 if (columns() or 80) >= 80 else 14))


def outgoing_rows(desk: Desk, found: Iterable[Outgoing]) -> Iterator[str]:
    """id, state, when it leaves or left, account, text; before the text the reason why it is stuck."""
    names = {account.id: account.name for account in desk.settings.accounts}

    def table() -> Iterator[tuple[str, ...]]:
        for item in found:
            stuck = item.reason or item.error if item.state in (*NEEDS_PERSON, OutgoingState.RETRYING) else None
            marks = [stuck] if stuck else []
            account = names.get(item.account, item.account)
            yield item.id, item.state.value, leaves(desk, item), account, _marked(marks, item.spoiler, item.text)

    return rows(table(), (11, 9, 9, 12))


def leaves(desk: Desk, item: Outgoing) -> str:
    """When it leaves or left, in a word or two."""
    if item.state is OutgoingState.SENT:
        return when.ago(item.sent_at or item.created_at, desk.now).replace("now", "just now")
    if item.state in (OutgoingState.SCHEDULED, OutgoingState.RETRYING, OutgoingState.HELD, OutgoingState.APPROVED):
        at = item.next_try_at if item.state is OutgoingState.RETRYING else None
        at = at or item.scheduled_at
        return "" if at is None else "now" if at <= desk.now else f"in {when.countdown(at, desk.now)}"
    return ""


def _marked(marks: list[str], spoiler: str, body: str) -> str:
    before = "".join(f"[{mark}] " for mark in marks) + (f"({spoiler}) " if spoiler else "")
    return text.one_line(before + body[:ROW_TEXT])
