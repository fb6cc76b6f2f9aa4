"""Any past state of a conversation, told from the log: the present one with every later change taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from commtui.activity import passive_log, resolve
from commtui.activity.desk import Desk
from commtui.activity.errors import MissingRecord
from commtui.model import ids
from commtui.model.conversations import with_newest
from commtui.model.records import Act, Activity, Context, Conversation, Mention, Note, Outgoing
from commtui.store.codec import to_document
from commtui.store.write import kind_of, record_of

Part = Mention | Outgoing | Note | Context
PARTS: Final[tuple[type[Part], ...]] = (Mention, Outgoing, Note, Context)
Later = Mapping[str, dict[str, Any] | None]
"""What changed after a moment: for each id the fields as they were then, None for what was made after it."""


class Then(Struct, frozen=True):
    """A conversation as it stood at a moment: its state, and what had been said, each list oldest first."""

    conversation: Conversation
    mentions: tuple[Mention, ...]
    outgoing: tuple[Outgoing, ...]
    notes: tuple[Note, ...]
    context: tuple[Context, ...]


def then(desk: Desk, text_id: str, moment: datetime) -> Then | None:
    """A conversation with all that was in it at a moment; None if nothing of it had come in yet.

    What others said in between (context) counts from when they said it, the rest from when it was here. Two that
    became one later are told apart: it is the one that had what is named. Raises UnknownId, Usage.
    """
    named, conversation = resolve.item(desk.store, text_id), resolve.conversation(desk.store, text_id)
    parts: list[Part] = _parts(desk, PARTS, conversation)
    wholes = {conversation.id, named.id, *(ids.conversation_id(each.id) for each in parts if isinstance(each, Mention))}
    later = _changed_since(desk, {*wholes, *(each.id for each in parts)}, moment)
    gone = (_removed(identity, before) for identity, before in later.items() if identity not in wholes)
    parts += [each for each in gone if each is not None]
    past = [_past(each, later) for each in parts]
    here = [each for each in past if each is not None and _began(each) <= moment]
    within = next((each.conversation for each in here if each.id == named.id), None)
    conversation = _conversation_then(
        desk, named.id if isinstance(named, Conversation) else within or conversation.id, later
    )
    here = sorted((each for each in here if each.conversation == conversation.id), key=_began)
    mentions = tuple(each for each in here if isinstance(each, Mention))
    if not mentions:
        return None
    return Then(
        _with_row(conversation, mentions),
        mentions,
        tuple(each for each in here if isinstance(each, Outgoing)),
        tuple(each for each in here if isinstance(each, Note)),
        tuple(each for each in here if isinstance(each, Context)),
    )


def post_then(desk: Desk, item: Outgoing, moment: datetime) -> Outgoing | None:
    """A post of ours as it stood at a moment; None if nobody had begun it."""
    past_record = _past(item, _changed_since(desk, {item.id}, moment))
    return past_record if isinstance(past_record, Outgoing) and past_record.created_at <= moment else None


def _conversation_then(desk: Desk, identity: str, later: Later) -> Conversation:
    """The conversation of an id, or the one that had taken it in by then."""
    while True:
        known = desk.store.get(Conversation, identity)
        if known is None:
            raise MissingRecord(identity)
        past_record: Conversation = record_of(Conversation, {**to_document(known), **(later.get(identity) or {})})
        if not past_record.folded_into:
            return past_record
        identity = past_record.folded_into


def _with_row(conversation: Conversation, mentions: Sequence[Mention]) -> Conversation:
    """What its row showed of its newest mention is not in the log: it follows from the mentions."""
    newest = max(mentions, key=lambda each: (each.created_at, each.id == conversation.newest))
    return replace(with_newest(conversation, newest), mentions=len(mentions))


def _began(part: Part) -> datetime:
    return part.at if isinstance(part, Note) else part.created_at


def _past(part: Part, later: Later) -> Part | None:
    """An item with what was otherwise then; None if a step made it later."""
    before = later.get(part.id, {})
    if not before:
        return None if before is None else part
    past_record: Part = record_of(type(part), {**to_document(part), **before})
    return past_record


def _removed(identity: str, before: dict[str, Any] | None) -> Part | None:
    """What a later step took away whole: a note that was undone, a text that stood twice in a joined thread."""
    if before is None or not before.keys() >= {"id", "conversation"}:
        return None
    past_record: Part = record_of(kind_of(identity), before)
    return past_record


def _changed_since(desk: Desk, about: set[str], moment: datetime) -> Later:
    past_record: dict[str, dict[str, Any] | None] = {}
    for step in desk.store.log.steps(about, newest_first=True):
        if step.at <= moment:
            continue
        if step.verb == passive_log.ARRIVE:
            past_record.update(dict.fromkeys(about.intersection(step.ids)))
        for change in reversed(step.changes):
            if change.id not in about and change.id not in past_record and change.after is not None:
                continue
            if change.before is None:
                past_record[change.id] = None
            else:
                past_record[change.id] = {**(past_record.get(change.id) or {}), **change.before}
    return past_record


def steps_of(desk: Desk, text_id: str, *, newest_first: bool = False) -> Iterator[Activity]:
    """The steps about an item, in order; about a conversation also those about anything in it. Raises UnknownId."""
    return desk.store.log.steps(_about(desk, text_id), newest_first=newest_first)


def _about(desk: Desk, text_id: str) -> set[str]:
    identity = resolve.whole_id(desk.store, text_id)
    if identity[0] == ids.POST:
        return {identity, *(item.id for item in resolve.outgoing(desk.store, identity))}
    past_record = resolve.item(desk.store, identity)
    about = {past_record.id}
    if (isinstance(past_record, Outgoing) and past_record.conversation is None) or isinstance(past_record, Act):
        return about
    conversation = resolve.conversation(desk.store, text_id)
    if not isinstance(past_record, Outgoing):
        about |= {conversation.id, *(each.id for each in _parts(desk, (Mention, Outgoing, Note), conversation))}
    return about


def _parts(desk: Desk, kinds: Iterable[type[Part]], conversation: Conversation) -> list[Part]:
    return [each for kind in kinds for each in desk.store.in_conversation(kind, conversation.id)]
