"""A conversation, or an outgoing item, as wrapped lines: pure functions, without a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from commtui.activity.desk import Desk
from commtui.activity.resolve import elder
from commtui.community.reply_drafts import current_draft
from commtui.model import times
from commtui.model.records import Context, Conversation, Media, Mention, Note, Outgoing, Via
from commtui.model.states import OutgoingState
from commtui.sentences.content import poll_lines
from commtui.sentences.reasons import why
from commtui.sentences.thread import ABOVE
from commtui.triage import views
from commtui.triage.query import status_of
from commtui.triage.views import Text, when_of
from commtui.ui.text.cells import roomy, wrap
from commtui.ui.text.links import linked
from commtui.ui.text.names import answered_author
from commtui.ui.text.rows import Piece, Pieces, RowContext, short_time, state_words


def title_of(desk: Desk, identity: str | None) -> str:
    """What the thread's title says."""
    if identity is None:
        return " nothing chosen "
    conversation = desk.store.get(Conversation, identity)
    if conversation is not None:
        return f" {conversation.author} {conversation.author_name} ".replace("  ", " ")
    item = desk.store.get(Outgoing, identity)
    if item is None:
        return " it is gone "
    if not item.conversation:
        return " Post "
    author = answered_author(desk, item)
    return f" Reply to {author} " if author else " Reply "


def lines_of(desk: Desk, identity: str, context: RowContext) -> list[Pieces]:
    """The thread of a conversation, or of a reply's; a post on its own."""
    names = {account.id: account.name for account in desk.settings.accounts}
    conversation = desk.store.get(Conversation, identity)
    item = None if conversation else desk.store.get(Outgoing, identity)
    if item is not None and item.conversation:
        conversation = desk.store.get(Conversation, item.conversation)
    if conversation is not None:
        conversation = elder(desk.store, conversation)
        thread, notes = views.thread(desk, conversation), views.notes(desk, conversation)
        draft = current_draft(desk.store, conversation)
        return conversation_lines(conversation, thread, notes, context, draft, names)
    if item is not None:
        return item_lines(item, context, names.get(item.account, item.network))
    return [(("dim", "it is gone"),)]


def conversation_lines(
    conversation: Conversation,
    thread: Sequence[Text],
    notes: Sequence[Note],
    context: RowContext,
    draft: Outgoing | None = None,
    accounts: Mapping[str, str] | None = None,
) -> list[Pieces]:
    """The thread, oldest first, the notes among it at their time; the draft at the end. `accounts`: id -> name."""
    lines = [_about(conversation, context, accounts or {})]
    if words := ABOVE[conversation.above]:
        lines.append((("late", words),))
    parts: list[tuple[datetime, list[Pieces]]] = [
        (_at(message), _message_lines(message, context)) for message in thread
    ]
    parts += [(note.at, _note_lines(note, context)) for note in notes]
    for _, part in sorted(parts, key=lambda pair: pair[0]):
        lines += [(), *part]
    if draft is not None:
        lines += [(), (("mine", "draft, not sent"),), *_body(draft.text, context)]
    return lines


def item_lines(item: Outgoing, context: RowContext, account: str) -> list[Pieces]:
    """A post on its own."""
    lines = _outgoing_lines(item, context, account)
    if item.state in (OutgoingState.SCHEDULED, OutgoingState.DRAFT) and item.scheduled_at and item.zone:
        due = times.echo(item.scheduled_at, item.zone, context.now)
        lines.append((("dim", f"  due {due}; if late: {item.late}"),))
    return lines


def _at(message: Text) -> datetime:
    return when_of(message) if isinstance(message, Outgoing) else message.created_at


def _about(conversation: Conversation, context: RowContext, accounts: Mapping[str, str]) -> Pieces:
    """Status, assignee, tags and account on one line: `waiting 3d, unassigned, #bug`."""
    status = status_of(conversation, context.now)
    if status == "open":
        words = [f"waiting {times.ago(conversation.since, context.now)}"]
    else:
        words = ["waiting for them" if status == "waiting" else status]
    if conversation.muted:
        words.append("muted")
    if conversation.snoozed_for_answer:
        words.append("until they answer")
    elif conversation.snoozed_until and status == "snoozed":
        words.append(f"until {short_time(conversation.snoozed_until, context)}")
    words.append(f"assigned to {conversation.assignee}" if conversation.assignee else "unassigned")
    words += [f"#{tag}" for tag in conversation.tags]
    if context.many_accounts:
        words.append(f"on {accounts.get(conversation.account, conversation.network)}")
    return (("dim", ", ".join(words)),)


def _message_lines(message: Text, context: RowContext) -> list[Pieces]:
    if isinstance(message, Outgoing):
        return _outgoing_lines(message, context)
    ours = isinstance(message, Context) and message.ours
    head: list[Piece] = [("ours" if ours else "author", message.author)]
    if message.author_name:
        head.append(("dim", roomy(f" {message.author_name}")))
    at = message.created_at
    head.append(("dim", f"  {times.ago(at, context.now)}, {short_time(at, context)}"))
    if isinstance(message, Mention):
        return _mention_lines(message, head, context)
    return [tuple(head), *_content(message, context)]


def _mention_lines(mention: Mention, head: list[Piece], context: RowContext) -> list[Pieces]:
    """A mention; `head` is what every message's first line says."""
    if mention.via is Via.DIRECT or mention.visibility.value in ("direct", "private"):
        head.append(("late", f"  {mention.visibility.value if mention.via is not Via.DIRECT else 'direct'}"))
    if mention.via is Via.QUOTE:
        head.append(("dim", "  quotes us"))
    if mention.deleted:
        head.append(("late", "  deleted by its author"))
    elif mention.edited:
        head.append(("dim", "  edited"))
    if mention.dated_at:
        head.append(("dim", f"  dated {short_time(mention.dated_at, context)}"))
    lines: list[Pieces] = [tuple(head)]
    if mention.labels:
        lines.append((("dim", f"  labels: {', '.join(mention.labels)}"),))
    return lines + _content(mention, context)


def _outgoing_lines(item: Outgoing, context: RowContext, account: str = "") -> list[Pieces]:
    """A reply or a post of ours."""
    where = f" on {account}" if account else ""
    head: list[Piece] = [("ours", (item.author or "we") + where), ("plain", "  "), state_words(item, context)]
    if item.visibility.value != "public":
        head.append(("dim", f"  {item.visibility.value}"))
    lines: list[Pieces] = [tuple(head)]
    reason = why(item)
    if reason and item.state is not OutgoingState.SENT:
        lines += [(("late", f"  {line}"),) for line in wrap(reason, context.width - 2)]
    return lines + _content(item, context)


def _content(message: Text, context: RowContext) -> list[Pieces]:
    """Content warning, text, files and poll; where there is none of them, the words that say so."""
    warning = wrap(f"CW: {message.spoiler}", context.width - 2) if message.spoiler else []
    lines: list[Pieces] = [(("late", f"  {line}"),) for line in warning]
    lines += [*_body(message.text, context), *_media_lines(message.media, context)]
    if not isinstance(message, Outgoing) and message.poll:
        for line in poll_lines(message.poll, context.now):
            lines += [(("plain", f"  {part}"),) for part in wrap(roomy(line), context.width - 2)]
    return lines or [(("dim", "  no text"),)]


def _body(text: str, context: RowContext) -> list[Pieces]:
    return [(("plain", "  "), *pieces) for pieces in linked(roomy(text), context.width - 2)] if text else []


def _media_lines(media: Sequence[Media], context: RowContext) -> list[Pieces]:
    lines: list[Pieces] = []
    for file in media:
        # what goes out is a file here, what came in an address that says nothing
        name = file.url.rpartition("/")[2] if file.url.startswith("/") else f"[{file.kind}]"
        words = f"{name}: {file.alt or 'no alt text'}"
        lines += [(("dim" if file.alt else "late", f"  {line}"),) for line in wrap(words, context.width - 2)]
    return lines


def _note_lines(note: Note, context: RowContext) -> list[Pieces]:
    head = (("note", f"note by {note.who}"), ("dim", f"  {times.ago(note.at, context.now)}, internal, never sent"))
    return [head, *((("note", f"  {line}"),) for line in wrap(note.text, context.width - 2))]
