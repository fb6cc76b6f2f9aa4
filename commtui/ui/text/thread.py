"""A conversation, or an outgoing item, as parts whose lines are wrapped when they come in sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeAlias

from commtui.activity.desk import Desk
from commtui.activity.resolve import elder
from commtui.community.reply_drafts import current_draft
from commtui.model import times
from commtui.model.conversations import is_muted, mute_ends_at
from commtui.model.languages import spoken
from commtui.model.records import Context, Conversation, Media, Mention, Note, Outgoing, Via
from commtui.model.states import OutgoingState, Priority
from commtui.model.text import one_line, phrase
from commtui.sentences.content import poll_lines
from commtui.sentences.deadlines import whole_deadline
from commtui.sentences.people import brief_words
from commtui.sentences.reasons import NOT_READABLE, head_of_look_alike, why
from commtui.sentences.thread import ABOVE
from commtui.sentences.wall_clock import clock_words
from commtui.store.threads import Entry
from commtui.triage import views
from commtui.triage.people import Brief, brief_of
from commtui.triage.query import status_of
from commtui.triage.similar import similar
from commtui.triage.views import Text
from commtui.ui.text.cells import cells_of, cut_words, roomy, wrap
from commtui.ui.text.links import linked, portions_of
from commtui.ui.text.names import answered_author
from commtui.ui.text.outgoing_row import state_words
from commtui.ui.text.parts import INNER, Part
from commtui.ui.text.rows import Piece, Pieces, RowContext, near_time, short_time

SIMILAR_QUOTED: Final = 30
"""Characters of the other conversation's text."""
Made: TypeAlias = list[Pieces] | tuple[Part, ...]
"""What the `make` of a part returns."""


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


def parts_of(desk: Desk, identity: str, context: RowContext, merge_key: str = "") -> list[Part]:
    """The thread of a conversation, or of a reply's; a post on its own. `merge_key`: what merges it with the one that
    it looks like."""
    conversation = desk.store.get(Conversation, identity)
    item = None if conversation else desk.store.get(Outgoing, identity)
    if item is not None and item.conversation:
        conversation = desk.store.get(Conversation, item.conversation)
    if conversation is not None:
        conversation = elder(desk.store, conversation)
        draft = current_draft(desk.store, conversation)
        return thread_parts(desk, conversation, context, draft, merge_key)
    if item is not None:
        post, account = item, context.account(item.account, item.network)
        return [Part(post.id, lambda: item_lines(post, context, account))]
    return [Part(identity, lambda: [(("dim", "it is gone"),)])]


def thread_parts(
    desk: Desk, conversation: Conversation, context: RowContext, draft: Outgoing | None = None, merge_key: str = ""
) -> list[Part]:
    """The thread, oldest first, the notes among it at their time; the draft at the end. `merge_key`: as above; empty:
    the other conversation is not named.

    Its texts are read from the store when they come in sight.
    """
    entries, known = desk.store.threads.entries(conversation.id)

    def made(key: str, entry: Entry) -> Made:
        text = views.entry_text(desk, entry, known)
        return [] if text is None else text_lines(key, text, context)

    above = partial(_above, desk, conversation, context, brief_of(desk, conversation), merge_key)
    parts = [Part(conversation.id, above)]
    for entry in entries:
        key = f"{entry.table} {entry.number}"
        parts.append(Part(key, partial(made, key, entry)))
    if draft is not None:
        parts.append(Part(draft.id, partial(draft_lines, draft, context)))
    return parts


def draft_lines(draft: Outgoing, context: RowContext) -> Made:
    """A draft, below an empty line."""
    return _in_parts(draft.id, [(), (("mine", "draft, not sent"),)], draft.text, [], context)


def text_lines(key: str, text: Text | Note, context: RowContext) -> Made:
    """A text of a thread, or a note on it, below an empty line. `key`: of its part."""
    if isinstance(text, Note):
        return [(), *_note_lines(text, context)]
    head = _outgoing_head(text, context) if isinstance(text, Outgoing) else _message_head(text, context)
    return _in_parts(key, [(), *head, *_warning(text, context)], text.text, _below(text, context), context)


def _in_parts(key: str, before: list[Pieces], text: str, after: list[Pieces], context: RowContext) -> Made:
    """The lines before a text, its own, and those after it: as parts, where the text is long."""
    portions = portions_of(text)
    if len(portions) < 2:
        return [*before, *_body(text, context), *after]
    makes: list[Callable[[], list[Pieces]]] = [lambda: before, lambda: after]
    makes[1:1] = [partial(_body, portion, context) for portion in portions]
    return tuple(Part(f"{key}{INNER}{number}", make) for number, make in enumerate(makes))


def item_lines(item: Outgoing, context: RowContext, account: str) -> list[Pieces]:
    """A post on its own."""
    content = [*_warning(item, context), *_body(item.text, context), *_below(item, context)]
    lines = [*_outgoing_head(item, context, account), *content]
    if item.state in (OutgoingState.SCHEDULED, OutgoingState.DRAFT) and item.scheduled_at and item.zone:
        own = times.wall_zone(item.zone) == times.wall_zone(context.zone)
        due = short_time(item.scheduled_at, context) if own else times.echo(item.scheduled_at, item.zone, context.now)
        clocks = f"; {words}" if (words := clock_words(item)) else ""
        said = f"due {due}; if late: {item.late}{clocks}"
        lines += [(("dim", f"  {line}"),) for line in wrap(said, context.width - 2)]
    return lines


def _above(
    desk: Desk, conversation: Conversation, context: RowContext, person: Brief | None, merge_key: str
) -> list[Pieces]:
    """What stands above the texts."""
    words = ABOVE[conversation.above]
    about = [(("dim", line),) for line in wrap(_about(desk, conversation, context, person), context.width)]
    other = similar(desk, conversation) if merge_key else None
    lines = wrap(_looks_like(other, context, merge_key), context.width) if other else []
    return [*about, *((("soon", line),) for line in lines), *([(("late", words),)] if words else [])]


def _looks_like(other: Conversation, context: RowContext, key: str) -> str:
    ago, quoted = times.ago(other.newest_at, context.now), phrase(one_line(other.text), SIMILAR_QUOTED)
    return f"looks like one with {ago} '{quoted}' ({key} merges)"


def _about(desk: Desk, conversation: Conversation, context: RowContext, person: Brief | None) -> str:
    """Status, deadline, assignee, tags, account and person: `waiting 3d, overdue 2h (09:10, press), #bug, regular:
    wrote 7 messages`."""
    status = status_of(conversation, context.now)
    if status == "open":
        words = [f"waiting {times.ago(conversation.since, context.now)}"]
        at = near_time(conversation.due_at, context) if conversation.due_at else ""
        words += [due] if (due := whole_deadline(desk, conversation, at)) else []
    else:
        words = ["waiting for them" if status == "waiting" else status]
    if is_muted(conversation, context.now):
        ends_at = mute_ends_at(conversation)
        words.append(f"muted until {short_time(ends_at, context)}" if ends_at else "muted")
    if conversation.snoozed_for_answer:
        words.append("until they answer")
    elif conversation.snoozed_until and status == "snoozed":
        words.append(f"until {short_time(conversation.snoozed_until, context)}")
    words.append(f"assigned to {conversation.assignee}" if conversation.assignee else "unassigned")
    if conversation.priority is not Priority.NORMAL:
        words.append(f"priority {conversation.priority.value}")
    words += [f"#{tag}" for tag in conversation.tags]
    if conversation.campaign:
        words.append(f"campaign {context.query.campaign_name(conversation.campaign)}")
    if context.many_accounts:
        words.append(f"on {context.account(conversation.account, conversation.network)}")
    if person is not None:
        words.append(brief_words(person.mark, person.mentions))
    return ", ".join(words)


def _message_head(message: Mention | Context, context: RowContext) -> list[Pieces]:
    """Author and time, and what is to be known about a mention."""
    ours = isinstance(message, Context) and message.ours
    at = message.created_at
    who: list[Piece] = [("ours" if ours else "author", message.author), ("dim", roomy(f" {message.author_name}"))]
    head: list[Piece] = [("dim", f"  {times.ago(at, context.now)}, {short_time(at, context)}")]
    if isinstance(message, Context):
        return _head_lines(who, head, context)
    if message.via is Via.DIRECT or message.visibility.value in ("direct", "private"):
        head.append(("late", f"  {message.visibility.value if message.via is not Via.DIRECT else 'direct'}"))
    if message.via is Via.QUOTE:
        head.append(("dim", "  quotes us"))
    if message.bot:
        head.append(("dim", "  bot"))
    if context.languages and (language := str(spoken(message))):
        head.append(("dim", f"  {language}"))
    if message.deleted:
        head.append(("late", "  deleted by its author"))
    elif message.pending:
        head.append(("late", "  others see it when you accept it"))
    elif message.edited:
        head.append(("dim", "  edited"))
    if message.dated_at:
        head.append(("dim", f"  dated {short_time(message.dated_at, context)}"))
    lines = _head_lines(who, head, context)
    if message.labels:
        lines += [(("dim", f"  {line}"),) for line in wrap(f"labels: {', '.join(message.labels)}", context.width - 2)]
    return lines


def _head_lines(who: Sequence[Piece], facts: Sequence[Piece], context: RowContext) -> list[Pieces]:
    """Handle and name, and on the same line, or where they have no room on the next ones, what else is to be known.

    Of a name that has no room the words are shown that have."""
    (_, handle), (role, name) = who
    room = context.width - cells_of(handle) - sum(cells_of(words) for _, words in facts)
    below: list[Pieces] = []
    if room < 0:
        below, facts = [((kind, f"  {words.strip()}"),) for kind, words in facts], ()
        room = context.width - cells_of(handle)
    shown = cut_words(name, room)
    return [(who[0], (role, shown if shown.strip(" ~") else ""), *facts), *below]


def _outgoing_head(item: Outgoing, context: RowContext, account: str = "") -> list[Pieces]:
    """Author and state of a reply or a post of ours, and why it is in that state."""
    where = f" on {account}" if account else ""
    head: list[Piece] = [("ours", (item.author or "we") + where), ("plain", "  "), state_words(item, context)]
    if item.visibility.value != "public":
        head.append(("dim", f"  {item.visibility.value}"))
    lines: list[Pieces] = [tuple(head)]
    if item.campaign:
        lines.append((("dim", f"  campaign {context.query.campaign_name(item.campaign)}"),))
    if item.series:
        repeats = f"repeats: {context.query.repeat(item.series)}"
        lines += [(("dim", f"  {line}"),) for line in wrap(repeats, context.width - 2)]
    reason = why(item)
    if reason and item.state is not OutgoingState.SENT:
        lines += [(("late", f"  {line}"),) for line in wrap(reason, context.width - 2)]
    return lines


def _warning(message: Text, context: RowContext) -> list[Pieces]:
    """The content warning, above the text."""
    warning = wrap(f"CW: {message.spoiler}", context.width - 2) if message.spoiler else []
    return [(("late", f"  {line}"),) for line in warning]


def _below(message: Text, context: RowContext) -> list[Pieces]:
    """Files and poll; where there is nothing at all, the words that say so."""
    lines = _media_lines(message.media, context)
    if isinstance(message, Outgoing):
        for found in message.look_alikes:
            lines += [(("late", f"  {line}"),) for line in wrap(head_of_look_alike(found), context.width - 2)]
            lines += _body(found.text or NOT_READABLE, context)
    elif message.poll:
        for line in poll_lines(message.poll, context.now):
            lines += [(("plain", f"  {part}"),) for part in wrap(roomy(line), context.width - 2)]
    if not (lines or message.text or message.spoiler):
        lines.append((("dim", "  no text"),))
    return lines


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
