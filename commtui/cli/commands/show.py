"""`commtui show`: one item and its thread, oldest first."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime

from msgspec.structs import replace

from commtui.activity import history, resolve
from commtui.activity.desk import Desk
from commtui.activity.errors import AmbiguousId, MissingRecord, NotHereYet
from commtui.cli.flat import Flattener
from commtui.cli.output import hanging, json_object, out, wrapped
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.words import past_moment
from commtui.model import ids, times
from commtui.model.clock import Moment, to_iso
from commtui.model.conversations import is_muted, mute_ends_at
from commtui.model.languages import spoken
from commtui.model.records import Act, Conversation, Mention, Note, Outgoing
from commtui.model.states import Priority
from commtui.sentences.content import poll_lines
from commtui.sentences.deadlines import whole_deadline
from commtui.sentences.reasons import NOT_READABLE, head_of_look_alike, why
from commtui.sentences.thread import ABOVE
from commtui.sentences.wall_clock import clock_words
from commtui.triage import views
from commtui.triage.query import status_of


def add(parser: Parser, name: str) -> None:
    parser.add_argument(
        "id", metavar="ID", help="an id, or its unique beginning; a conversation shows its newest mention"
    )
    parser.add_argument(
        "--at",
        metavar="TIME",
        help="how its conversation or the post stood then (2h, 3d, 2026-11-27 14:30)",
    )
    parser.add_format()


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    if args.at is not None:
        return _show_past(desk, args)
    item = _item(desk, args.id)
    flatten = Flattener(desk)
    conversation = None if isinstance(item, Act) else _conversation(desk, item)
    if args.format == "json":
        if isinstance(item, Mention):
            assert conversation is not None
            shown = flatten.mention(item, conversation)
        else:
            shown = flatten.act(item) if isinstance(item, Act) else flatten.outgoing(item)
        json_object({**shown, "thread": flatten.thread(conversation) if conversation else []})
        return 0
    if conversation is not None:
        _conversation_lines(desk, conversation, flatten)
        if words := ABOVE[conversation.above]:
            _print_line(f"  {words}")
    if isinstance(item, Act):
        _print_line(f"{item.id}  {item.kind.value} of {item.of}: {item.state.value}{_because(item)}")
    elif isinstance(item, Outgoing):
        _outgoing_lines(desk, item, flatten)
    if conversation is not None:
        for text in views.thread(desk, conversation):
            _text_lines(desk, text, item.id)
        for note in views.notes(desk, conversation):
            _note_lines(desk, note)
    return 0


def _show_past(desk: Desk, args: Namespace) -> int:
    moment = past_moment(desk, args.at)
    current = _item(desk, args.id)
    flatten = Flattener(replace(desk, clock=Moment(moment)))
    if isinstance(current, Outgoing) and current.conversation is None:
        item = history.post_at(desk, current, moment)
        if item is not None:
            _print_past_post(flatten, args, item)
            return 0
    else:
        past = history.conversation_at(desk, args.id, moment)
        if past is not None:
            _print_past_conversation(flatten, args, past)
            return 0
    raise NotHereYet(args.id, moment)


def _print_past_post(flatten: Flattener, args: Namespace, item: Outgoing) -> None:
    if args.format == "json":
        json_object({**flatten.outgoing(item), "at": to_iso(flatten.now), "thread": []})
        return
    out(f"at {times.echo(flatten.now, flatten.desk.zone)}:")
    _outgoing_lines(flatten.desk, item, flatten)


def _print_past_conversation(flatten: Flattener, args: Namespace, past: history.PastConversation) -> None:
    desk = flatten.desk
    if args.format == "json":
        objects = [flatten.mention(mention, past.conversation) for mention in past.mentions]
        newest = next(fields for fields in objects if fields["id"] == past.conversation.newest)
        objects += [flatten.outgoing(item) for item in past.outgoing]
        objects += [flatten.context(context) for context in past.context]
        thread = sorted(objects, key=lambda fields: fields["created_at"])
        json_object({**newest, "at": to_iso(flatten.now), "thread": thread})
        return
    out(f"at {times.echo(flatten.now, desk.zone)}:")
    _conversation_lines(desk, past.conversation, flatten)
    texts: list[views.Text] = [*past.mentions, *past.outgoing, *past.context]
    for text in sorted(texts, key=lambda text: text.created_at):
        _text_lines(desk, text, "")
    for note in past.notes:
        _note_lines(desk, note)


def _note_lines(desk: Desk, note: Note) -> None:
    out(f"\n  note by {note.who}, {times.echo(note.at, desk.zone, desk.now)}")
    _print_body(note.text)


def _item(desk: Desk, given: str) -> Mention | Outgoing | Act:
    item_id = resolve.whole_id(desk.store, given)
    if item_id[0] == ids.POST:
        variants = [item.id for item in resolve.outgoing(desk.store, item_id)]
        if len(variants) > 1:
            raise AmbiguousId(item_id, variants)
        item_id = variants[0]
    item = resolve.item(desk.store, item_id)
    if isinstance(item, Conversation):
        newest = desk.store.get(Mention, resolve.elder(desk.store, item).newest)
        if newest is None:
            raise MissingRecord(item.id, "newest mention")
        return newest
    return item


def _conversation(desk: Desk, item: Mention | Outgoing) -> Conversation | None:
    if isinstance(item, Outgoing) and item.conversation is None:
        return None
    return resolve.conversation(desk.store, item.id)


def _conversation_lines(desk: Desk, conversation: Conversation, flatten: Flattener) -> None:
    status = status_of(conversation, desk.now)
    facts = [status]
    if status == "snoozed":
        until = (
            times.echo(conversation.snoozed_until, desk.zone, desk.now) if conversation.snoozed_until else "they answer"
        )
        facts = [f"snoozed until {until}"]
    at = times.echo(conversation.due_at, desk.zone, desk.now) if conversation.due_at else ""
    facts += [due] if (due := whole_deadline(desk, conversation, at)) else []
    if is_muted(conversation, desk.now):
        ends_at = mute_ends_at(conversation)
        facts.append(f"muted until {times.echo(ends_at, desk.zone, desk.now)}" if ends_at else "muted")
    facts += ["unread"] if conversation.unread else []
    facts += [f"for {conversation.assignee}"] if conversation.assignee else ["unassigned"]
    facts += [f"priority {conversation.priority.value}"] if conversation.priority is not Priority.NORMAL else []
    facts += [f"#{tag}" for tag in conversation.tags]
    facts += [f"campaign {flatten.campaign(conversation.campaign)}"] if conversation.campaign else []
    facts += [f"draft {conversation.draft}"] if conversation.draft else []
    _print_line(f"{conversation.id}  {flatten.account(conversation.account)}: {', '.join(facts)}")


def _outgoing_lines(desk: Desk, item: Outgoing, flatten: Flattener) -> None:
    at = item.sent_at or item.scheduled_at
    when = f" {times.echo(at, desk.zone, desk.now)}" if at else ""
    facts = [f"{item.state.value}{when}", item.visibility.value]
    facts += [f"campaign {flatten.campaign(item.campaign)}"] if item.campaign else []
    facts += [f"of series {item.series}"] if item.series else []
    _print_line(f"{item.id}  {flatten.account(item.account)}: {', '.join(facts)}{_because(item)}")
    if words := clock_words(item):
        _print_line(f"  {words}")
    if item.conversation is None or item.state.value in ("draft", "discarded"):  # a thread doesn't show these
        _print_body(item.text)
    for found in item.look_alikes:
        created = f", {times.echo(found.created_at, desk.zone, desk.now)}" if found.created_at else ""
        _print_line(f"  {head_of_look_alike(found)}{created}")
        _print_body(found.text or NOT_READABLE)


def _because(item: Outgoing | Act) -> str:
    return f" ({why(item)})" if item.reason or item.error else ""


def _text_lines(desk: Desk, text: views.Text, chosen: str) -> None:
    out("")
    mark = ">" if text.id == chosen else " "
    at = times.echo(views.when_of(text) if isinstance(text, Outgoing) else text.created_at, desk.zone, desk.now)
    if isinstance(text, Outgoing):
        _print_line(f"{mark} {text.author}, {at}: {text.id} {text.state.value}{_because(text)}")
    elif isinstance(text, Mention):
        changed = " (deleted)" if text.deleted else " (edited)" if text.edited else ""
        changed = " (to accept or reject)" if text.pending else changed
        how = f"{text.via.value}, {text.visibility.value}{changed}"
        how += f", {language}" if desk.settings.detect_language and (language := str(spoken(text))) else ""
        how += f", dated {times.echo(text.dated_at, desk.zone, desk.now)}" if text.dated_at else ""
        _print_line(f"{mark} {text.author} {text.author_name}, {at}: {text.id} {how}")
    else:
        out(f"{mark} {'our account, elsewhere' if text.ours else text.author}, {at}")
    _print_content(text, desk.now)
    if text.url:
        out(f"    {text.url}")


def _print_content(text: views.Text, now: datetime) -> None:
    """Prints the content warning, the text, the files and the poll; where there is none of them, says so."""
    poll = None if isinstance(text, Outgoing) else text.poll
    if text.spoiler:
        _print_line(f"    ({text.spoiler})")
    if text.text or not (text.spoiler or text.media or poll):
        _print_body(text.text or "[no text]")
    for media in text.media:
        _print_line(f"    [{media.kind}] {media.alt or 'no description'} {media.url}")
    for line in poll_lines(poll, now) if poll else ():
        _print_line(f"    {line}")


def _print_line(line: str) -> None:
    """Prints a line; what does not fit the terminal goes on below, indented."""
    for part in hanging(line, 6):
        out(part)


def _print_body(body: str) -> None:
    for line in wrapped(body, "    "):
        out(line)
