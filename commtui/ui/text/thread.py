"""A conversation, or an outgoing item, as wrapped lines: pure functions, without a screen."""

from __future__ import annotations

from datetime import datetime

from commtui.activity.desk import Desk
from commtui.activity.resolve import elder
from commtui.community.reply_drafts import current_draft
from commtui.model import when
from commtui.model.records import Context, Conversation, Media, Mention, Note, Outgoing, Via
from commtui.model.states import OutgoingState
from commtui.triage import views
from commtui.triage.query import status_of
from commtui.triage.views import Said, when_of
from commtui.ui.text.cells import roomy, wrap
from commtui.ui.text.links import linked
from commtui.ui.text.rows import Look, Piece, Pieces, short_time, state_words


def conversation_lines(
    held: Conversation,
    said: list[Said],
    notes: list[Note],
    look: Look,
    draft: Outgoing | None = None,
    accounts: dict[str, str] | None = None,
) -> list[Pieces]:
    """The thread, oldest first, the notes among it at their time; the draft at the end."""
    lines = [_about(held, look, accounts or {})]
    if words := views.above_words(held):
        lines.append((("late", words),))
    parts: list[tuple[datetime, list[Pieces]]] = [(_at(each), _said_lines(each, look)) for each in said]
    parts += [(note.at, _note_lines(note, look)) for note in notes]
    for _, part in sorted(parts, key=lambda pair: pair[0]):
        lines += [(), *part]
    if draft is not None:
        lines += [(), (("mine", "draft, not sent"),), *_body(draft.text, look)]
    return lines


def item_lines(item: Outgoing, look: Look, account: str) -> list[Pieces]:
    """A post on its own."""
    lines = _said_lines(item, look, account)
    if item.state in (OutgoingState.SCHEDULED, OutgoingState.DRAFT) and item.scheduled_at and item.zone:
        lines.append((("dim", f"  due {when.echo(item.scheduled_at, item.zone, look.now)}; if late: {item.late}"),))
    return lines


def title_of(desk: Desk, identity: str | None) -> str:
    """What the thread's title says."""
    if identity is None:
        return " nothing chosen "
    held = desk.store.get(Conversation, identity)
    if held is not None:
        return f" {held.author} {held.author_name} ".replace("  ", " ")
    item = desk.store.get(Outgoing, identity)
    if item is None:
        return " it is gone "
    if not item.conversation:
        return " our post "
    mention = desk.store.get(Mention, item.in_reply_to) if item.in_reply_to else None
    return f" our reply to {mention.author} " if mention else " our reply "


def lines_of(desk: Desk, identity: str, look: Look) -> list[Pieces]:
    """The thread of a conversation, or of a reply's; a post on its own."""
    names = {account.id: account.name for account in desk.settings.accounts}
    held = desk.store.get(Conversation, identity)
    item = None if held else desk.store.get(Outgoing, identity)
    if item is not None and item.conversation:
        held = desk.store.get(Conversation, item.conversation)
    if held is not None:
        held = elder(desk.store, held)
        return conversation_lines(
            held, views.thread(desk, held), views.notes(desk, held), look, current_draft(desk.store, held), names
        )
    if item is not None:
        return item_lines(item, look, names.get(item.account, item.network))
    return [(("dim", "it is gone"),)]


def _at(said: Said) -> datetime:
    return when_of(said) if isinstance(said, Outgoing) else said.created_at


def _about(held: Conversation, look: Look, accounts: dict[str, str]) -> Pieces:
    status = status_of(held, look.now)
    words = [status if not held.muted else f"{status}, muted"]
    if status == "open":
        words[0] += f" for {when.ago(held.since, look.now)}"
    if held.snoozed_for_answer:
        words.append("until they answer")
    elif held.snoozed_until and status == "snoozed":
        words.append(f"until {short_time(held.snoozed_until, look)}")
    words.append(f"assigned to {held.assignee}" if held.assignee else "nobody's")
    words += [f"#{tag}" for tag in held.tags]
    if look.many_accounts:
        words.append(f"on {accounts.get(held.account, held.network)}")
    return (("dim", ", ".join(words)),)


def _said_lines(said: Said, look: Look, account: str = "") -> list[Pieces]:
    if isinstance(said, Outgoing):
        role, words = state_words(said, look)
        where = f" on {account}" if account else ""
        head: list[Piece] = [("ours", f"we{where}" + (f" ({said.author})" if said.author else "")), ("plain", "  ")]
        head.append((role, words))
        if said.visibility.value != "public":
            head.append(("dim", f"  {said.visibility.value}"))
        lines: list[Pieces] = [tuple(head)]
        why = said.error or said.reason
        if why and said.state is not OutgoingState.SENT:
            lines += [(("late", f"  {line}"),) for line in wrap(why, look.width - 2)]
        return lines + _spoiler(said.spoiler, look) + _body(said.text, look) + _media(said.media, look)
    head = [("ours" if isinstance(said, Context) and said.ours else "author", said.author)]
    if said.author_name:
        head.append(("dim", roomy(f" {said.author_name}")))
    head.append(("dim", f"  {when.ago(said.created_at, look.now)}, {short_time(said.created_at, look)}"))
    if not isinstance(said, Mention):
        return [tuple(head), *_body(said.text, look)]
    if said.via is Via.DIRECT or said.visibility.value in ("direct", "private"):
        head.append(("late", f"  {said.visibility.value if said.via is not Via.DIRECT else 'direct'}"))
    if said.via is Via.QUOTE:
        head.append(("dim", "  quotes us"))
    if said.deleted:
        head.append(("late", "  deleted by its author"))
    elif said.edited:
        head.append(("dim", "  edited"))
    labels = [(("dim", f"  labels: {', '.join(said.labels)}"),)] if said.labels else []
    return [tuple(head), *labels, *_spoiler(said.spoiler, look), *_body(said.text, look), *_media(said.media, look)]


def _spoiler(spoiler: str, look: Look) -> list[Pieces]:
    return [(("late", f"  {line}"),) for line in wrap(f"CW: {spoiler}", look.width - 2)] if spoiler else []


def _body(text: str, look: Look) -> list[Pieces]:
    return [(("plain", "  "), *pieces) for pieces in linked(roomy(text), look.width - 2)] if text else []


def _media(media: tuple[Media, ...], look: Look) -> list[Pieces]:
    found: list[Pieces] = []
    for each in media:
        # what goes out is a file here, what came in an address that says nothing
        name = each.url.rpartition("/")[2] if each.url.startswith("/") else f"[{each.kind}]"
        said = f"{name}: {each.alt or 'no alt text'}"
        found += [(("dim" if each.alt else "late", f"  {line}"),) for line in wrap(said, look.width - 2)]
    return found


def _note_lines(note: Note, look: Look) -> list[Pieces]:
    head = (("note", f"note by {note.who}"), ("dim", f"  {when.ago(note.at, look.now)}, internal, never sent"))
    return [head, *((("note", f"  {line}"),) for line in wrap(note.text, look.width - 2))]
