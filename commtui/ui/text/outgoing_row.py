"""The row of a reply or of a variant of a post, and the line that stands for its pane."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from commtui.model import times
from commtui.model.content import kinds_of
from commtui.model.records import Outgoing
from commtui.model.states import LEAVING, NEEDS_PERSON, OutgoingState, is_late
from commtui.model.text import one_line
from commtui.sentences.reasons import why
from commtui.ui.text.cells import cut_words, fit, roomy
from commtui.ui.text.names import without_host
from commtui.ui.text.rows import (
    Piece,
    Pieces,
    RowContext,
    account_columns,
    lead,
    marks_of,
    near_time,
    under_cursor,
    with_text,
)

SECONDS_SHOWN: Final = 60
"""Seconds before it is sent from which on an item counts down."""


def state_words(item: Outgoing, context: RowContext) -> Piece:
    """The state of an outgoing item in a word or two, with its time: `sends in 9s`, `held Sat 10:00`, `failed`."""
    if item.state is OutgoingState.HELD and item.scheduled_at and not item.hold_window:
        return "late", f"held {near_time(item.scheduled_at, context)}"
    if item.state in NEEDS_PERSON:
        return "late", item.state.value
    if item.state is OutgoingState.SENT:
        return "read", f"sent {times.ago(item.sent_at or item.created_at, context.now)}"
    if item.state is OutgoingState.RETRYING:
        again = item.next_try_at
        if again is None or again <= context.now:
            return "late", "retrying"
        if counts_down(item, context.now):
            return "late", f"retry in {times.countdown(again, context.now)}"
        return "late", f"retry {near_time(again, context)}"
    if item.scheduled_at is None or item.state is not OutgoingState.SCHEDULED:
        return "dim", item.state.value
    if is_late(item.state, item.scheduled_at, context.now, context.query.overdue_post):
        return "late", f"late {times.ago(item.scheduled_at, context.now)}"
    if counts_down(item, context.now):
        return "soon", countdown_words(item, context.now)
    return "plain", near_time(item.scheduled_at, context)


def counts_down(item: Outgoing, now: datetime) -> bool:
    """Whether its row shows seconds: it is sent, or tried again, within the minute."""
    moment = item.next_try_at if item.state is OutgoingState.RETRYING else item.scheduled_at
    if item.state not in LEAVING or moment is None:
        return False
    return (moment - now).total_seconds() < SECONDS_SHOWN


def countdown_words(item: Outgoing, now: datetime) -> str:
    """`sends in 9s`; once its moment is there, `sends now`, and after a try that failed, `retrying now`."""
    if item.scheduled_at is None or item.scheduled_at > now:
        return f"sends in {times.countdown(item.scheduled_at or now, now)}"
    return "retrying now" if item.error else "sends now"


def outgoing_row(
    item: Outgoing, context: RowContext, pointed: bool = False, marked: bool = False, to: str = ""
) -> Pieces:
    """A reply or a variant of a post: `>x sends in 9s    shop  @author  the text`; `to`: whom a reply answers."""
    role, words = state_words(item, context)
    account = account_columns(context.width) if context.many_accounts else 0
    head: list[Piece] = [
        (under_cursor("plain", pointed), lead(pointed, marked)[1] + " "),
        (under_cursor(role, pointed), fit_or_more(words, 14 if context.width < 70 else 17)),
    ]
    if account:
        head.append((under_cursor("plain", pointed), fit(context.account(item.account, item.network), account) + " "))
    head += _before_text(item, context, to)
    return with_text(head, ("plain", _text(item, context)), _labels(item, context), context.width)


def brief_item(item: Outgoing, context: RowContext, to: str = "") -> Pieces:
    """What is sent next, beside the numbers of its pane: `sends in 8s  @halima  So sorry, halima`."""
    role, words = state_words(item, context)
    head: list[Piece] = [("plain", "  "), (role, f"{words}  ")]
    if context.many_accounts and not to:
        head.append(("plain", f"{context.account(item.account, item.network)}  "))
    return with_text([*head, *_before_text(item, context, to)], ("plain", _text(item, context)), (), context.width)


def fit_or_more(words: str, columns: int) -> str:
    """The words and a space in so many cells, or in more where they need them."""
    return words.ljust(columns) + " "


def _before_text(item: Outgoing, context: RowContext, to: str) -> list[Piece]:
    pieces: list[Piece] = [("author", f"{without_host(to)}  ")] if to else []
    return pieces + [("dim", f"{mark} ") for mark in marks_of(kinds_of(item.media, None))]


def _labels(item: Outgoing, context: RowContext) -> list[Piece]:
    """That it is one of a series, its campaign, and why it needs a person, each in as many words as a part of the row
    has room for."""
    reason = one_line(why(item)) if item.state is not OutgoingState.SENT else ""
    labels = [("late", f"({cut_words(reason, context.width // 3)})")] if reason else []
    if item.campaign:
        name = context.query.campaign_name(item.campaign)
        labels.insert(0, ("dim", f"[{cut_words(name, context.width // 4)}]"))
    if item.series:
        labels.insert(0, ("dim", "repeats"))
    return labels


def _text(item: Outgoing, context: RowContext) -> str:
    """Its text on one line. A draft in the composer is not shown letter by letter in a second place."""
    drafted = item.state is OutgoingState.DRAFT and context.writing
    if drafted and context.writing in (item.id, item.post, item.conversation):
        return "(being written)"
    return roomy(one_line(item.text))
