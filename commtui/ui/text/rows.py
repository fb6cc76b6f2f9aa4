"""Rows as pieces of text with roles: pure functions, without a screen. A role is a name for a style (see colours.py).

Every meaning is a word or a symbol; roles only repeat it in colour. All symbols are ASCII: no terminal
disputes their width.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct
from rich.cells import cell_len

from commtui.model import times
from commtui.model.content import kinds_of
from commtui.model.records import Conversation, Outgoing, Via
from commtui.model.states import NEEDS_PERSON, OutgoingState
from commtui.model.text import one_line
from commtui.sentences.content import attached_words
from commtui.sentences.reasons import why
from commtui.triage.query import QueryContext, conversation_is, is_late, status_of
from commtui.ui.text.cells import cut, fit, roomy
from commtui.ui.text.names import without_host

Piece = tuple[str, str]
"""A role and a text without new lines."""
Pieces = tuple[Piece, ...]
SECONDS_SHOWN: Final = 60
"""Seconds before it is sent from which on an item counts down."""
POINTED: Final = 16
"""Cells of the cursor's row that are reversed: a highlight over the whole row costs a hundred bytes a step over SSH."""


class RowContext(Struct, frozen=True):
    """What rows are written with, beside their records."""

    query: QueryContext
    zone: str
    width: int
    many_accounts: bool = False
    """More than one login is configured: outgoing rows name theirs."""
    writing: str = ""
    """The id of the item, the post or the conversation whose draft is in the composer."""

    @property
    def now(self) -> datetime:
        """The moment that ages are counted from."""
        return self.query.now


def lead(pointed: bool, marked: bool) -> Piece:
    """The first two cells of a row: the cursor and the mark."""
    return "plain", (">" if pointed else " ") + ("x" if marked else " ")


def under_cursor(role: str, pointed: bool) -> str:
    """The role reversed, on the cursor's row: turning one attribute on costs 4 bytes, other colours 40."""
    return f"{role}-pointed" if pointed else role


def mention_row(conversation: Conversation, context: RowContext, pointed: bool = False, marked: bool = False) -> Pieces:
    """A conversation, shown by its newest mention: `>x N! 3h @author (2) [lea] #bug direct: the text`."""
    wide = context.width >= 60
    overdue = conversation_is("overdue", conversation, context.query)
    column = POINTED if wide else 11
    author = short_author(conversation.author, column if wide else 0)
    # bold, not a colour: it costs 4 bytes a row in place of 46, and the symbols say it already
    role = "unread" if conversation.unread or overdue else "plain"
    pieces: list[Piece] = [
        lead(pointed, marked),
        (role, f"{_letter(conversation, context)}{'!' if overdue else ' '}"),
        (role, f"{times.ago(conversation.since, context.now):>3} "),
        (under_cursor("unread" if conversation.unread else "plain", pointed), fit(author, column)),
        ("plain", " "),
    ]
    pieces += [(role, f"{word} ") for role, word in _labels(conversation, context)]
    if conversation.attached:
        pieces.append(("dim", f"{attached_words(conversation.attached)} "))
    if conversation.spoiler:
        pieces.append(("late", f"({roomy(conversation.spoiler)}) "))
    pieces.append(_words(conversation))
    return filled(pieces, context.width)


def _words(conversation: Conversation) -> Piece:
    """What the newest mention says; never nothing."""
    words = one_line(conversation.text)
    if words or conversation.attached or conversation.spoiler:
        return "plain", roomy(words)
    return "dim", "no text"


def short_author(author: str, width: int) -> str:
    """`@user@host` whole if it fits, else without the host."""
    name, _, _host = author[1:].partition("@")
    return author if len(author) <= width or not author.startswith("@") else f"@{name}"


def _letter(conversation: Conversation, context: RowContext) -> str:
    """Its status in a letter; `N` for an open one that is unread."""
    if conversation.muted:
        return "m"
    status = status_of(conversation, context.now)
    return {"waiting": "w", "snoozed": "z", "done": "d"}.get(status, "N" if conversation.unread else " ")


def _labels(conversation: Conversation, context: RowContext) -> list[Piece]:
    """What a row says between author and text."""
    labels: list[Piece] = []
    if conversation.mentions > 1:
        labels.append(("dim", f"({conversation.mentions})"))
    if conversation.via is Via.DIRECT or conversation.visibility.value == "direct":
        labels.append(("late", "direct"))
    elif conversation.via is Via.QUOTE:
        labels.append(("dim", "quote"))
    if conversation.newest_deleted:
        labels.append(("late", "deleted"))
    elif conversation.newest_edited:
        labels.append(("dim", "edited"))
    if conversation.assignee:
        role = "mine" if conversation.assignee == context.query.who else "assignee"
        labels.append((role, f"[{conversation.assignee}]"))
    if conversation.draft:
        labels.append(("mine", "draft"))
    return labels + [("tag", f"#{tag}") for tag in conversation.tags]


def state_words(item: Outgoing, context: RowContext) -> Piece:
    """The state of an outgoing item in a word or two, with its time: `sends in 9s`, `failed`, `Fri 27 Nov 09:00`."""
    if item.state in NEEDS_PERSON:
        return "late", item.state.value
    if item.state is OutgoingState.SENT:
        return "read", f"sent {times.ago(item.sent_at or item.created_at, context.now)}"
    if item.state is OutgoingState.RETRYING:
        again = item.next_try_at
        if again is None or again <= context.now:
            return "late", "retrying"
        return "late", f"retry in {times.countdown(again, context.now)}"
    if item.scheduled_at is None or item.state is not OutgoingState.SCHEDULED:
        return "dim", item.state.value
    if is_late(item, context.now, context.query.overdue_post):
        return "late", f"late {times.ago(item.scheduled_at, context.now)}"
    if counts_down(item, context.now):
        return "soon", countdown_words(item, context.now)
    return "plain", short_time(item.scheduled_at, context)


def counts_down(item: Outgoing, now: datetime) -> bool:
    """Whether its row shows seconds: it is sent within the minute."""
    return (
        item.state is OutgoingState.SCHEDULED
        and item.scheduled_at is not None
        and (item.scheduled_at - now).total_seconds() < SECONDS_SHOWN
    )


def countdown_words(item: Outgoing, now: datetime) -> str:
    """`sends in 9s`; once its moment is there, `sends now`, and after a try that failed, `retrying now`."""
    if item.scheduled_at is None or item.scheduled_at > now:
        return f"sends in {times.countdown(item.scheduled_at or now, now)}"
    return "retrying now" if item.error else "sends now"


def short_time(at: datetime, context: RowContext) -> str:
    """A moment in the person's zone, which is not named: `Fri 27 Nov 09:00`."""
    return times.echo(at, context.zone, context.now).rsplit(" ", 1)[0]


def outgoing_row(
    item: Outgoing, context: RowContext, pointed: bool = False, marked: bool = False, to: str = "", account: str = ""
) -> Pieces:
    """A reply or a variant of a post: `>x sends in 9s      @author: the text`."""
    role, words = state_words(item, context)
    pieces: list[Piece] = [
        lead(pointed, marked),
        (under_cursor(role, pointed), fit(words, POINTED)),
        ("plain", " "),
    ]
    if to:
        pieces.append(("author", f"{cut(to, POINTED)}: "))
    elif account and context.many_accounts:
        pieces.append(("author", f"{account}: "))
    details = _details(item, context)
    if details:
        pieces.append(("late", f"({details}) "))
    if item.media:
        pieces.append(("dim", f"{attached_words(kinds_of(item.media, None))} "))
    pieces.append(("plain", item_text(item, context)))
    return filled(pieces, context.width)


def item_text(item: Outgoing, context: RowContext) -> str:
    """Its text on one line. A draft in the composer is not shown letter by letter in a second place."""
    drafted = item.state is OutgoingState.DRAFT and context.writing
    if drafted and context.writing in (item.id, item.post, item.conversation):
        return "(being written)"
    return roomy(one_line(item.text))


def brief_mention(conversation: Conversation, context: RowContext) -> Pieces:
    """Who waits longest, beside the numbers of its pane: `3d! rolf  Day four. Still nothing.`"""
    late = "!" if conversation_is("overdue", conversation, context.query) else ""
    pieces: list[Piece] = [
        ("plain", f" {times.ago(conversation.since, context.now)}{late} {short_author(conversation.author, 0)}  "),
        ("plain", roomy(one_line(conversation.text))),
    ]
    return filled(pieces, context.width)


def brief_item(item: Outgoing, context: RowContext, to: str = "", account: str = "") -> Pieces:
    """What is sent next, beside the numbers of its pane: `sends in 8s  @halima  So sorry, halima`."""
    role, words = state_words(item, context)
    who = without_host(to) if to else account if context.many_accounts else ""
    pieces: list[Piece] = [
        (role, f"  {words}  "),
        ("plain", f"{who}  " if who else ""),
        ("plain", item_text(item, context)),
    ]
    return filled(pieces, context.width)


def _details(item: Outgoing, context: RowContext) -> str:
    """Why it is in its state, and where a post is held, the time for which it was planned."""
    if item.state is OutgoingState.SENT:
        return ""
    reason = one_line(why(item))
    planned = item.scheduled_at if item.state is OutgoingState.HELD and item.post and not item.hold_window else None
    return ", ".join(filter(None, (reason, short_time(planned, context) if planned else "")))


def filled(pieces: list[Piece], width: int) -> Pieces:
    """The pieces in exactly `width` cells: what is too much is cut, what is missing are spaces."""
    row: list[Piece] = []
    left = width
    for role, text in pieces:
        size = len(text) if text.isascii() else cell_len(text)
        if size >= left:
            if left > 0:
                row.append((role, fit(text, left)))
            return tuple(row)
        row.append((role, text))
        left -= size
    row.append(("plain", " " * left))
    return tuple(row)
