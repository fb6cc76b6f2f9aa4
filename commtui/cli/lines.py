"""Mentions and outgoing items as rows of plain text, in words and symbols without colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from commtui.activity.desk import Desk
from commtui.cli.output import columns, rows
from commtui.model import text, times
from commtui.model.content import kinds_of, row_text
from commtui.model.conversations import is_muted
from commtui.model.languages import spoken
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.states import NEEDS_PERSON, OutgoingState, Priority
from commtui.sentences import engagement
from commtui.sentences.content import attached_words
from commtui.sentences.deadlines import deadline_words
from commtui.sentences.reasons import why
from commtui.triage import query
from commtui.triage.engagement import Engaged
from commtui.triage.people_list import Listed

POST_TEXT = 100
"""Characters of a post of which somebody liked or boosted something."""
NEWEST_NAMED = 3
ROW_TEXT = 500
"""The most characters of a text that a row is made of."""


def _became(mention: Mention) -> str:
    """What became of a mention, in a word or two; empty for nothing."""
    return "deleted" if mention.deleted else "to accept" if mention.pending else "edited" if mention.edited else ""


def mention_rows(desk: Desk, mentions: Iterable[tuple[Mention, Conversation]], more: int = 0) -> Iterator[str]:
    """Rows of id, age, status (`*` unread), author and text; `more` cells wider than the terminal."""

    def table() -> Iterator[tuple[str, ...]]:
        for mention, conversation in mentions:
            status = query.status_of(conversation, desk.now) + ("*" if conversation.unread else "")
            marks = [
                *([due] if (due := deadline_words(conversation, desk.now)) else []),
                *(["direct"] if mention.via == "direct" else []),
                *(["bot"] if mention.bot else []),
                *([language] if desk.settings.detect_language and (language := str(spoken(mention))) else []),
                *(["muted"] if is_muted(conversation, desk.now) else []),
                *([word] if (word := _became(mention)) else []),
                *([f"for {conversation.assignee}"] if conversation.assignee else []),
                *([conversation.priority.value] if conversation.priority is not Priority.NORMAL else []),
                *(f"#{tag}" for tag in conversation.tags),
                *([attached_words(kinds)] if (kinds := kinds_of(mention.media, mention.poll)) else []),
            ]
            age = times.ago(mention.created_at, desk.now)
            yield mention.id, f"{age:>3}", status, mention.author, _mention_text(marks, mention)

    return rows(table(), (11, 3, 9, 22 if (columns() or 80) >= 80 else 14), more)


def _mention_text(marks: list[str], mention: Mention) -> str:
    """What a mention's row says; never nothing."""
    words = row_text(mention.text, mention.media, mention.poll)
    return _marked(marks, mention.spoiler, words) or "[no text]"


def outgoing_rows(desk: Desk, items: Iterable[Outgoing], more: int = 0) -> Iterator[str]:
    """Rows of id, state, time of sending, account and text; before the text the reason why an item is stuck."""
    names = {account.id: account.name for account in desk.settings.accounts}

    def table() -> Iterator[tuple[str, ...]]:
        for item in items:
            stuck = why(item) if item.state in (*NEEDS_PERSON, OutgoingState.RETRYING) else None
            marks = [
                *([stuck] if stuck else []),
                *(["repeats"] if item.series else []),
                *([attached_words(kinds_of(item.media, None))] if item.media else []),
            ]
            account = names.get(item.account, item.account)
            yield item.id, item.state.value, leaves(desk, item), account, _marked(marks, item.spoiler, item.text)

    return rows(table(), (11, 9, 9, 12), more)


def people_rows(desk: Desk, people: Iterable[Listed]) -> Iterator[str]:
    """Rows of id, age of the last message, mark, number of messages, handle, and name with tags."""

    def table() -> Iterator[tuple[str, ...]]:
        for person in people:
            first, *others = person.authors
            more = [f"= {author.handle}" for author in others] + [f"#{tag}" for tag in person.tags]
            age = times.ago(person.last_at, desk.now)
            mark = person.mark.value if person.mark else ""
            words = text.one_line(" ".join([first.name, *more]))
            yield first.id, f"{age:>3}", mark, f"{person.mentions:>5,}", first.handle, words

    return rows(table(), (11, 3, 7, 5, 28 if (columns() or 80) >= 80 else 14))


def engagement_rows(desk: Desk, posts: Iterable[Engaged]) -> Iterator[str]:
    """Rows of age, account, what people did, and the post with the newest of them."""
    names = {account.id: account.name for account in desk.settings.accounts}

    def table() -> Iterator[tuple[str, ...]]:
        for row in posts:
            age, account = times.ago(row.last_at, desk.now), names.get(row.account, row.account)
            newest = f"  newest: {' '.join(row.people[:NEWEST_NAMED])}" if row.people else ""
            yield f"{age:>3}", account, engagement.counted(row), text.snippet(engagement.about(row), POST_TEXT) + newest

    return rows(table(), (3, 12, 20))


def leaves(desk: Desk, item: Outgoing) -> str:
    """When it is sent or was sent, in a word or two; empty if it has no time."""
    if item.state is OutgoingState.SENT:
        return times.ago(item.sent_at or item.created_at, desk.now).replace("now", "just now")
    if item.state in (OutgoingState.SCHEDULED, OutgoingState.RETRYING, OutgoingState.HELD, OutgoingState.APPROVED):
        at = item.next_try_at if item.state is OutgoingState.RETRYING else None
        at = at or item.scheduled_at
        return "" if at is None else "now" if at <= desk.now else f"in {times.countdown(at, desk.now)}"
    return ""


def _marked(marks: list[str], spoiler: str, body: str) -> str:
    before = "".join(f"[{mark}] " for mark in marks) + (f"({spoiler}) " if spoiler else "")
    return text.one_line(before + body[:ROW_TEXT])
