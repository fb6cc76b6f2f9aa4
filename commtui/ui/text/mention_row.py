"""The row of a conversation, and the line that stands for the pane where there is no room for rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from commtui.model import times
from commtui.model.addressing import without_leading
from commtui.model.conversations import is_muted, mute_ends_at
from commtui.model.languages import spoken
from commtui.model.records import Conversation, Via
from commtui.model.states import Priority
from commtui.model.text import one_line
from commtui.sentences.deadlines import deadline_words
from commtui.triage.query import conversation_is, status_of
from commtui.ui.text.cells import cells_of, fit, roomy
from commtui.ui.text.rows import (
    TEXT_LEAST,
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

NARROW: Final = 50
"""Cells of a row below which marks have no column of their own."""
WIDE: Final = 100
"""Cells of a row from which on long names are shown whole."""
SHORT: Final = 70
"""Cells of a row below which `!` behind the waiting time says overdue, in place of a label."""
SHORT_TEXT_LEAST: Final = 24
"""Cells of such a row that are left to the text before the other deadlines are left out."""
MARK_COLUMNS: Final = 3


def mention_row(
    conversation: Conversation,
    context: RowContext,
    pointed: bool = False,
    marked: bool = False,
    newest: bool = False,
    vip: bool = False,
) -> Pieces:
    """A conversation, shown by its newest mention: `>x* 3h author  shop  DM the text    #bug (2) @lea overdue 1h`, or
    `>x* 3h! author  the text` where it is narrow. The age is the wait for an answer, or, if asked for the `newest`,
    that of the newest mention. `vip`: its person is."""
    overdue = conversation_is("overdue", conversation, context.query)
    # bold, not a colour: it costs 4 bytes a row in place of 46, and the words say it already
    role = under_cursor("unread" if conversation.unread or overdue else "plain", pointed)
    age = times.ago(conversation.newest_at if newest else conversation.since, context.now)
    words = f"{_letter(conversation, context)}{age:>3}{_late_mark(conversation, context)} "
    columns, account = _author_columns(context), _account_columns(context)
    head: list[Piece] = [
        (under_cursor("plain", pointed), lead(pointed, marked)[1]),
        (role, words + fit(short_author(conversation.author), columns) + " "),
    ]
    if account:
        name = context.account(conversation.account, conversation.network)
        head.append((under_cursor("plain", pointed), fit(name, account) + " "))
    marks, labels = _marks(conversation), _labels(conversation, context)
    if vip and not marks and context.width >= NARROW:  # their column is free
        marks.append(("soon", "vip"))
    elif vip:
        labels.append(("soon", "vip"))
    if context.width >= NARROW:
        mark_role, mark = marks.pop(0) if marks and len(marks[0][1]) <= MARK_COLUMNS else ("plain", "")
        head.append((under_cursor(mark_role, pointed), mark.ljust(MARK_COLUMNS + 1)))
    head += [(mark_role, f"{mark} ") for mark_role, mark in marks]
    return _with_deadline(head, labels, conversation, context)


def brief_mention(conversation: Conversation, context: RowContext) -> Pieces:
    """Who is first, beside the numbers of its pane: `3d rolf  Day four. Still nothing. overdue 2d`"""
    age = f"  {times.ago(conversation.since, context.now)}{_late_mark(conversation, context).rstrip()} "
    return _with_deadline([("plain", f"{age}{short_author(conversation.author)}  ")], (), conversation, context)


def short_author(handle: str) -> str:
    """`user` of `@user@host`; on Bluesky `user` of `@user.bsky.social`."""
    user = handle.removeprefix("@").partition("@")[0]
    return user.removesuffix(".bsky.social") or handle


def _author_columns(context: RowContext) -> int:
    if context.width < NARROW:
        return 8
    if context.many_accounts:
        return 9 if context.width < SHORT else 11
    return 9 if context.width < SHORT else 12 if context.width < WIDE else 16


def _account_columns(context: RowContext) -> int:
    return account_columns(context.width) if context.many_accounts else 0


def _letter(conversation: Conversation, context: RowContext) -> str:
    """Its status in a letter; `*` for an open one that is unread."""
    if is_muted(conversation, context.now):
        return "m"
    status = status_of(conversation, context.now)
    return {"waiting": "w", "snoozed": "z", "done": "d"}.get(status, "*" if conversation.unread else " ")


def _marks(conversation: Conversation) -> list[Piece]:
    """How it was said, and what stands beside the text."""
    marks: list[Piece] = []
    if conversation.via is Via.DIRECT or conversation.visibility.value == "direct":
        marks.append(("late", "DM"))
    marks += [("plain", mark) for mark in marks_of(conversation.attached)]
    if conversation.via is Via.QUOTE:
        marks.append(("plain", "quote"))
    if conversation.newest_deleted:
        marks.append(("late", "deleted"))
    elif conversation.newest_pending:
        marks.append(("late", "to accept"))
    elif conversation.newest_edited:
        marks.append(("plain", "edited"))
    return marks


def _labels(conversation: Conversation, context: RowContext) -> list[Piece]:
    """What stands behind the text, what is most wanted last."""
    # few colours: each costs 20 bytes a row, and `#`, `@` and brackets say it already
    language = str(spoken(conversation)) if context.languages else ""
    labels: list[Piece] = [("plain", language)] if language else []
    labels += [("plain", f"#{tag}") for tag in reversed(conversation.tags)]
    if conversation.draft:
        labels.append(("mine", "draft"))
    if conversation.by_bot:
        labels.append(("plain", "bot"))
    if conversation.mentions > 1:
        labels.append(("plain", f"({conversation.mentions})"))
    ends_at = mute_ends_at(conversation) if is_muted(conversation, context.now) else None
    if ends_at:
        labels.append(("soon", f"until {near_time(ends_at, context)}"))
    elif conversation.snoozed_for_answer:
        labels.append(("soon", "until they answer"))
    elif conversation.snoozed_until and status_of(conversation, context.now) == "snoozed":
        labels.append(("soon", f"until {near_time(conversation.snoozed_until, context)}"))
    if conversation.priority is not Priority.NORMAL:
        labels.append(("plain", conversation.priority.value))
    if conversation.assignee:
        role = "mine" if conversation.assignee == context.query.who else "plain"
        labels.append((role, f"@{conversation.assignee}"))
    return labels


def _is_late(conversation: Conversation, context: RowContext) -> bool:
    due_at = conversation.due_at
    return due_at is not None and due_at < context.now and bool(deadline_words(conversation, context.now))


def _late_mark(conversation: Conversation, context: RowContext) -> str:
    """`!` where a narrow row is overdue, and its place where it is not; nothing where the row has the label."""
    if context.width >= SHORT:
        return ""
    return "!" if _is_late(conversation, context) else " "


def _with_deadline(
    head: Sequence[Piece], labels: Sequence[Piece], conversation: Conversation, context: RowContext
) -> Pieces:
    """The row with its text, its labels and, behind them, when our answer is due or how late it is."""
    text, words, width = _text(conversation, context), deadline_words(conversation, context.now), context.width
    if words and width < SHORT:
        room = width - sum(cells_of(part) for _, part in head) - 1 - len(words)
        if _is_late(conversation, context) or room < min(SHORT_TEXT_LEAST, cells_of(text[1])):
            words = ""
    if not words:
        return with_text(head, text, labels, width)
    least = SHORT_TEXT_LEAST if width < SHORT else TEXT_LEAST
    return with_text(head, text, labels, width, ("plain", words), least)


def _text(conversation: Conversation, context: RowContext) -> Piece:
    """What the newest mention says; never nothing. A content warning stands in place of the text."""
    if conversation.spoiler:
        return "late", roomy(f"CW: {one_line(conversation.spoiler)}")
    words = without_leading(one_line(conversation.text), context.ours)
    return ("plain", roomy(words)) if words or conversation.attached else ("dim", "no text")
