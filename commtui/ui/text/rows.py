"""Rows as pieces of text with roles: pure functions, without a screen. A role is a name for a style (see colours.py).

Every meaning is a word or a symbol; roles only repeat it in colour. All symbols are ASCII: no terminal
disputes their width.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from commtui.model import when
from commtui.model.records import Conversation, Outgoing, Via
from commtui.model.states import NEEDS_PERSON, OutgoingState
from commtui.model.text import one_line
from commtui.triage.query import Setting, conversation_is, is_late, status_of
from commtui.ui.text.cells import cut, fit, roomy

Piece = tuple[str, str]
"""A role and a text without new lines."""
Pieces = tuple[Piece, ...]
SECONDS_SHOWN = 60
"""Seconds before it leaves from which on an item counts down."""
POINTED = 16
"""Cells of the cursor's row that are reversed: a highlight over the whole row costs a hundred bytes a step over SSH."""


class Look(Struct, frozen=True):
    """What rows are written with."""

    setting: Setting
    zone: str
    width: int
    many_accounts: bool = False
    """More than one login is configured: outgoing rows name theirs."""

    @property
    def now(self) -> datetime:
        return self.setting.now


def lead(pointed: bool, marked: bool) -> Piece:
    """The first two cells of a row: the cursor and the mark."""
    return "plain", (">" if pointed else " ") + ("x" if marked else " ")


def under_cursor(role: str, pointed: bool) -> str:
    """The role reversed, on the cursor's row: turning one attribute on costs 4 bytes, other colours 40."""
    return f"{role}-pointed" if pointed else role


def mention_row(held: Conversation, look: Look, pointed: bool = False, marked: bool = False) -> Pieces:
    """A conversation, shown by its newest mention: `>x N! 3h @author (2) [lea] #bug direct: the text`."""
    wide = look.width >= 60
    overdue = conversation_is("overdue", held, look.setting)
    column = POINTED if wide else 11
    author = short_author(held.author, column if wide else 0)
    pieces: list[Piece] = [
        lead(pointed, marked),
        # bold, not a colour: it costs 4 bytes a row in place of 46, and the symbols say it already
        ("unread" if held.unread or overdue else "plain", f"{_letter(held, look)}{'!' if overdue else ' '}"),
        ("unread" if held.unread or overdue else "plain", f"{when.ago(held.since, look.now):>3} "),
        (under_cursor("unread" if held.unread else "plain", pointed), fit(author, column)),
        ("plain", " "),
    ]
    pieces += [(role, f"{word} ") for role, word in _words(held, look)]
    pieces.append(("plain", roomy(one_line(held.text))))
    return filled(pieces, look.width)


def short_author(author: str, width: int) -> str:
    """`@user@host` whole if it fits, else without the host."""
    name, _, _host = author[1:].partition("@")
    return author if len(author) <= width or not author.startswith("@") else f"@{name}"


def _letter(held: Conversation, look: Look) -> str:
    status = status_of(held, look.now)
    if held.muted:
        return "m"
    return {"waiting": "w", "snoozed": "z", "done": "d"}.get(status, "N" if held.unread else " ")


def _words(held: Conversation, look: Look) -> list[Piece]:
    found: list[Piece] = []
    if held.mentions > 1:
        found.append(("dim", f"({held.mentions})"))
    if held.via is Via.DIRECT or held.visibility.value == "direct":
        found.append(("late", "direct"))
    elif held.via is Via.QUOTE:
        found.append(("dim", "quote"))
    if held.newest_deleted:
        found.append(("late", "deleted"))
    elif held.newest_edited:
        found.append(("dim", "edited"))
    if held.assignee:
        found.append(("mine" if held.assignee == look.setting.who else "assignee", f"[{held.assignee}]"))
    if held.draft:
        found.append(("mine", "draft"))
    found += [("tag", f"#{tag}") for tag in held.tags]
    return found


def state_words(item: Outgoing, look: Look) -> Piece:
    """The state of an outgoing item in a word or two, with its time: `leaves in 9s`, `failed`, `Fri 27 Nov 09:00`."""
    if item.state in NEEDS_PERSON:
        return "late", item.state.value
    if item.state is OutgoingState.SENT:
        return "read", f"sent {when.ago(item.sent_at or item.created_at, look.now)}"
    if item.state is OutgoingState.RETRYING:
        return "late", f"retry in {when.countdown(item.next_try_at, look.now)}" if item.next_try_at else "retrying"
    if item.scheduled_at is None or item.state in (OutgoingState.DRAFT, OutgoingState.DISCARDED):
        return "dim", item.state.value
    if item.state is not OutgoingState.SCHEDULED:
        return "dim", item.state.value
    if is_late(item, look.now, look.setting.overdue_post):
        return "late", f"late {when.ago(item.scheduled_at, look.now)}"
    if counts_down(item, look.now):
        return "soon", leaves(item, look.now)
    return "plain", short_time(item.scheduled_at, look)


def counts_down(item: Outgoing, now: datetime) -> bool:
    """Whether its row shows seconds: it leaves within the minute."""
    return (
        item.state is OutgoingState.SCHEDULED
        and item.scheduled_at is not None
        and (item.scheduled_at - now).total_seconds() < SECONDS_SHOWN
    )


def leaves(item: Outgoing, now: datetime) -> str:
    """`leaves in 9s`; once its moment is there, `leaves now`, and after a try that failed, that it is tried again."""
    if item.scheduled_at is None or item.scheduled_at > now:
        return f"leaves in {when.countdown(item.scheduled_at or now, now)}"
    return "tries again" if item.error else "leaves now"


def short_time(at: datetime, look: Look) -> str:
    """A moment in the person's zone, which is not named: `Fri 27 Nov 09:00`."""
    return when.echo(at, look.zone, look.now).rsplit(" ", 1)[0]


def outgoing_row(
    item: Outgoing, look: Look, pointed: bool = False, marked: bool = False, to: str = "", account: str = ""
) -> Pieces:
    """A reply or a variant of a post: `>x leaves in 9s     to @author: the text`."""
    role, words = state_words(item, look)
    pieces: list[Piece] = [
        lead(pointed, marked),
        (under_cursor(role, pointed), fit(words, POINTED)),
        ("plain", " "),
    ]
    if to:
        pieces.append(("author", f"{cut(to, POINTED)}: "))
    elif account and look.many_accounts:
        pieces.append(("author", f"{account}: "))
    why = item.error or item.reason
    if why and item.state is not OutgoingState.SENT:
        pieces.append(("late", f"({one_line(why)}) "))
    if item.media:
        pieces.append(("dim", f"+{len(item.media)} media "))
    pieces.append(("plain", roomy(one_line(item.text))))
    return filled(pieces, look.width)


def filled(pieces: list[Piece], width: int) -> Pieces:
    """The pieces in exactly `width` cells: what is too much is cut, what is missing are spaces."""
    from rich.cells import cell_len

    found: list[Piece] = []
    left = width
    for role, text in pieces:
        size = len(text) if text.isascii() else cell_len(text)
        if size >= left:
            if left > 0:
                found.append((role, fit(text, left)))
            return tuple(found)
        found.append((role, text))
        left -= size
    found.append(("plain", " " * left))
    return tuple(found)
