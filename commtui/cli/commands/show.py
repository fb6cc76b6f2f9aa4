"""`commtui show`: one item and its thread, oldest first."""

from __future__ import annotations

from argparse import Namespace

from msgspec.structs import replace

from commtui.activity import history, resolve
from commtui.activity.desk import Desk
from commtui.activity.errors import AmbiguousId, BadTime, MissingRecord, NotHereYet
from commtui.cli.flat import Flattener
from commtui.cli.output import json_object, out, wrapped
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.model import ids, past_time, times
from commtui.model.clock import Moment, to_iso
from commtui.model.records import Act, Conversation, Mention, Note, Outgoing
from commtui.sentences.thread import ABOVE
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
        return _show_then(desk, args)
    found = _item(desk, args.id)
    flatten = Flattener(desk)
    held = None if isinstance(found, Act) else _conversation(desk, found)
    if args.format == "json":
        if isinstance(found, Mention):
            assert held is not None
            shown = flatten.mention(found, held)
        else:
            shown = flatten.act(found) if isinstance(found, Act) else flatten.outgoing(found)
        json_object({**shown, "thread": flatten.thread(held) if held else []})
        return 0
    if held is not None:
        _conversation_lines(desk, held, flatten)
        if words := ABOVE[held.above]:
            out(f"  {words}")
    if isinstance(found, Act):
        out(f"{found.id}  {found.kind.value} of {found.of}: {found.state.value}{_because(found)}")
    elif isinstance(found, Outgoing):
        _outgoing_lines(desk, found, flatten)
    if held is not None:
        for said in views.thread(desk, held):
            _said_lines(desk, said, found.id)
        for note in views.notes(desk, held):
            _note_lines(desk, note)
    return 0


def _show_then(desk: Desk, args: Namespace) -> int:
    try:
        moment = past_time.parse(args.at, desk.now, desk.zone)
    except times.WhenError as error:
        raise BadTime(error) from None
    named = _item(desk, args.id)
    flatten = Flattener(replace(desk, clock=Moment(moment)))
    if isinstance(named, Outgoing) and named.conversation is None:
        item = history.post_at(desk, named, moment)
        if item is not None:
            _post_then(flatten, args, item)
            return 0
    else:
        found = history.conversation_at(desk, args.id, moment)
        if found is not None:
            _conversation_then(flatten, args, found)
            return 0
    raise NotHereYet(args.id, moment)


def _post_then(flatten: Flattener, args: Namespace, item: Outgoing) -> None:
    if args.format == "json":
        json_object({**flatten.outgoing(item), "at": to_iso(flatten.now), "thread": []})
        return
    out(f"at {times.echo(flatten.now, flatten.desk.zone)}:")
    _outgoing_lines(flatten.desk, item, flatten)


def _conversation_then(flatten: Flattener, args: Namespace, found: history.PastConversation) -> None:
    desk = flatten.desk
    if args.format == "json":
        said = [flatten.mention(each, found.conversation) for each in found.mentions]
        newest = next(each for each in said if each["id"] == found.conversation.newest)
        said += [flatten.outgoing(each) for each in found.outgoing]
        said += [flatten.context(each) for each in found.context]
        thread = sorted(said, key=lambda each: each["created_at"])
        json_object({**newest, "at": to_iso(flatten.now), "thread": thread})
        return
    out(f"at {times.echo(flatten.now, desk.zone)}:")
    _conversation_lines(desk, found.conversation, flatten)
    parts: list[views.Text] = [*found.mentions, *found.outgoing, *found.context]
    for each in sorted(parts, key=lambda part: part.created_at):
        _said_lines(desk, each, "")
    for note in found.notes:
        _note_lines(desk, note)


def _note_lines(desk: Desk, note: Note) -> None:
    out(f"\n  note by {note.who}, {times.echo(note.at, desk.zone, desk.now)}")
    _text(note.text)


def _item(desk: Desk, given: str) -> Mention | Outgoing | Act:
    identity = resolve.whole_id(desk.store, given)
    if identity[0] == ids.POST:
        variants = [item.id for item in resolve.outgoing(desk.store, identity)]
        if len(variants) > 1:
            raise AmbiguousId(identity, variants)
        identity = variants[0]
    found = resolve.item(desk.store, identity)
    if isinstance(found, Conversation):
        newest = desk.store.get(Mention, resolve.elder(desk.store, found).newest)
        if newest is None:
            raise MissingRecord(found.id, "newest mention")
        return newest
    return found


def _conversation(desk: Desk, found: Mention | Outgoing) -> Conversation | None:
    if isinstance(found, Outgoing) and found.conversation is None:
        return None
    return resolve.conversation(desk.store, found.id)


def _conversation_lines(desk: Desk, held: Conversation, flatten: Flattener) -> None:
    status = status_of(held, desk.now)
    facts = [status]
    if status == "snoozed":
        until = times.echo(held.snoozed_until, desk.zone, desk.now) if held.snoozed_until else "they answer"
        facts = [f"snoozed until {until}"]
    facts += ["muted"] if held.muted else []
    facts += ["unread"] if held.unread else []
    facts += [f"for {held.assignee}"] if held.assignee else ["unassigned"]
    facts += [f"#{tag}" for tag in held.tags]
    facts += [f"draft {held.draft}"] if held.draft else []
    out(f"{held.id}  {flatten.account(held.account)}: {', '.join(facts)}")


def _outgoing_lines(desk: Desk, item: Outgoing, flatten: Flattener) -> None:
    at = item.sent_at or item.scheduled_at
    told = f" {times.echo(at, desk.zone, desk.now)}" if at else ""
    out(
        f"{item.id}  {flatten.account(item.account)}: {item.state.value}{told}, {item.visibility.value}{_because(item)}"
    )
    if item.conversation is None or item.state.value in ("draft", "discarded"):  # a thread doesn't show these
        _text(item.text)


def _because(item: Outgoing | Act) -> str:
    told = [each for each in (item.reason, item.error) if each]
    return f" ({'; '.join(told)})" if told else ""


def _said_lines(desk: Desk, said: views.Text, chosen: str) -> None:
    out("")
    mark = ">" if said.id == chosen else " "
    at = times.echo(views.when_of(said) if isinstance(said, Outgoing) else said.created_at, desk.zone, desk.now)
    if isinstance(said, Outgoing):
        out(f"{mark} we ({said.author}), {at}: {said.id} {said.state.value}{_because(said)}")
        body, spoiler = said.text, said.spoiler
    elif isinstance(said, Mention):
        changed = " (deleted)" if said.deleted else " (edited)" if said.edited else ""
        how = f"{said.via.value}, {said.visibility.value}{changed}"
        out(f"{mark} {said.author} {said.author_name}, {at}: {said.id} {how}")
        body, spoiler = said.text, said.spoiler
    else:
        out(f"{mark} {'we, from elsewhere' if said.ours else said.author}, {at}")
        body, spoiler = said.text, ""
    if spoiler:
        out(f"    ({spoiler})")
    _text(body)
    for media in () if not hasattr(said, "media") else said.media:
        out(f"    [{media.kind}] {media.alt or 'no description'} {media.url}")
    if said.url:
        out(f"    {said.url}")


def _text(body: str) -> None:
    for line in wrapped(body, "    "):
        out(line)
