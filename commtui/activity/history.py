"""The state of a conversation or a post at a past time: the current state with every later logged change reverted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from commtui.activity import passive_log, resolve, resolve_author, resolve_campaign, resolve_series
from commtui.activity.desk import Desk
from commtui.activity.errors import MissingRecord
from commtui.activity.grouping import PARTS, Part, texts_of
from commtui.model import ids
from commtui.model.conversations import with_newest
from commtui.model.records import Act, Activity, Context, Conversation, Mention, Note, Outgoing
from commtui.store.codec import to_document
from commtui.store.write import kind_of, record_of

Earlier = Mapping[str, dict[str, Any] | None]
"""Id -> the fields that changed after a given time, with their values at that time; None: the record is newer."""


class PastConversation(Struct, frozen=True):
    """A conversation at a past time, and its texts at that time, each tuple oldest first."""

    conversation: Conversation
    mentions: tuple[Mention, ...]
    outgoing: tuple[Outgoing, ...]
    notes: tuple[Note, ...]
    context: tuple[Context, ...]


def conversation_at(desk: Desk, given: str, moment: datetime) -> PastConversation | None:
    """Returns the conversation of an id as it was at `moment`; None if none of its mentions had arrived by then.

    A context text counts from the time it was written, the others from the time they were stored here. If two
    conversations were folded into one later, it is the one that then contained the item. Raises UnknownId, Usage.
    """
    item = resolve.item(desk.store, given)
    found = {resolve.conversation(desk.store, given).id}
    moved: set[str] = set()
    while True:  # what stood together then may stand apart now: each round knows more of it
        parts = _texts_of(desk, found, moved)
        conversation_ids = {
            *found,
            item.id,
            *(ids.conversation_id(part.id) for part in parts if isinstance(part, Mention)),
        }
        earlier = _changed_since(desk, {*conversation_ids, *(part.id for part in parts)}, moment)
        known = {*conversation_ids, *(part.id for part in parts)}
        removed = (_removed(part_id, fields) for part_id, fields in earlier.items() if part_id not in known)
        past = [_reverted(part, earlier) for part in (*parts, *(part for part in removed if part is not None))]
        existing = [part for part in past if part is not None and _began(part) <= moment]
        within = next((part.conversation for part in existing if part.id == item.id), None)
        begin = item.id if isinstance(item, Conversation) else within or min(found)
        conversation = _unfolded_at(desk, begin, earlier)
        news = {part_id for part_id in earlier if part_id not in known and _is_there(desk, part_id)}
        if conversation.id in found and not news:
            break
        found.add(conversation.id)
        moved |= news
    members = sorted((part for part in existing if part.conversation == conversation.id), key=_began)
    mentions = tuple(part for part in members if isinstance(part, Mention))
    if not mentions:
        return None
    conversation = _with_row(conversation, mentions)
    if desk.store.deadlines:  # by the hours and levels of today: the log has no others
        conversation = desk.store.deadlines(conversation, desk.store.people.is_vip)
    return PastConversation(
        conversation,
        mentions,
        tuple(part for part in members if isinstance(part, Outgoing)),
        tuple(part for part in members if isinstance(part, Note)),
        tuple(part for part in members if isinstance(part, Context)),
    )


def post_at(desk: Desk, item: Outgoing, moment: datetime) -> Outgoing | None:
    """Returns a post of ours as it was at `moment`; None if it did not exist yet."""
    past = _reverted(item, _changed_since(desk, {item.id}, moment))
    return past if isinstance(past, Outgoing) and past.created_at <= moment else None


def _unfolded_at(desk: Desk, conversation_id: str, earlier: Earlier) -> Conversation:
    """Returns the conversation of an id, or the one that it was folded into by then. Raises MissingRecord."""
    while True:
        current = desk.store.get(Conversation, conversation_id)
        if current is None:
            raise MissingRecord(conversation_id)
        fields = earlier.get(conversation_id) or {}
        past: Conversation = record_of(Conversation, {**to_document(current), **fields})
        if not past.folded_into:
            return past
        conversation_id = past.folded_into


def _with_row(conversation: Conversation, mentions: Sequence[Mention]) -> Conversation:
    """Sets what its row shows of its newest mention: the log does not have it, it follows from the mentions."""
    newest = max(mentions, key=lambda mention: (mention.created_at, mention.id == conversation.newest))
    return replace(with_newest(conversation, newest), mentions=len(mentions))


def _texts_of(desk: Desk, conversation_ids: Iterable[str], moved: Iterable[str]) -> list[Part]:
    """Returns the texts that stand in some conversations now, and those that stood there and were moved since."""
    texts = {text.id: text for conversation in conversation_ids for text in texts_of(desk.store, conversation)}
    for part_id in moved:
        text = desk.store.get(kind_of(part_id), part_id)
        if text is not None:
            texts[part_id] = text
    return list(texts.values())


def _is_there(desk: Desk, part_id: str) -> bool:
    return kind_of(part_id) in PARTS and desk.store.get(kind_of(part_id), part_id) is not None


def _began(part: Part) -> datetime:
    return part.at if isinstance(part, Note) else part.created_at


def _reverted(part: Part, earlier: Earlier) -> Part | None:
    """Returns a record with its earlier fields; None if it was made later."""
    fields = earlier.get(part.id, {})
    if not fields:
        return None if fields is None else part
    past: Part = record_of(type(part), {**to_document(part), **fields})
    return past


def _removed(part_id: str, fields: dict[str, Any] | None) -> Part | None:
    """Returns a record that a later step removed: a note that was undone, a duplicate in a folded thread."""
    if fields is None or not fields.keys() >= {"id", "conversation"}:
        return None
    part: Part = record_of(kind_of(part_id), fields)
    return part


def _changed_since(desk: Desk, about: set[str], moment: datetime) -> Earlier:
    earlier: dict[str, dict[str, Any] | None] = {}
    for step in desk.store.log.steps(about, newest_first=True):
        if step.at <= moment:
            continue
        if step.verb == passive_log.ARRIVE:
            earlier.update(dict.fromkeys(about.intersection(step.ids)))
        for change in reversed(step.changes):
            moved_away = change.before is not None and change.before.get("conversation") in about
            if change.id not in about and change.id not in earlier and change.after is not None and not moved_away:
                continue
            if change.before is None:
                earlier[change.id] = None
            else:
                earlier[change.id] = {**(earlier.get(change.id) or {}), **change.before}
    return earlier


def steps_of(desk: Desk, given: str, *, newest_first: bool = False) -> Iterator[Activity]:
    """Yields the steps about an item, in order; for a conversation also those about its parts. Raises UnknownId."""
    return desk.store.log.steps(related_ids(desk, given), newest_first=newest_first)


def related_ids(desk: Desk, given: str) -> set[str]:
    """Returns the ids of an item and, for a conversation or a mention, of all its parts. Raises UnknownId."""
    if given[:1] == ids.PERSON:
        return {resolve_author.author(desk.store, given)}
    if given[:1] == ids.CAMPAIGN:
        return {resolve_campaign.campaign(desk.store, given).id}
    if given[:1] == ids.SERIES:
        is_whole = len(given) == ids.LENGTH + 1  # one that was undone is in the log still
        return {given if is_whole else resolve_series.series(desk.store, given).id}
    item_id = resolve.whole_id(desk.store, given)
    if item_id[0] == ids.POST:
        return {item_id, *(item.id for item in resolve.outgoing(desk.store, item_id))}
    item = resolve.item(desk.store, item_id)
    related = {item.id}
    if (isinstance(item, Outgoing) and item.conversation is None) or isinstance(item, Act):
        return related
    conversation = resolve.conversation(desk.store, given)
    if not isinstance(item, Outgoing):
        related |= {conversation.id, *(part.id for part in _parts(desk, (Mention, Outgoing, Note), conversation))}
    return related


def _parts(desk: Desk, kinds: Iterable[type[Part]], conversation: Conversation) -> list[Part]:
    return [part for kind in kinds for part in desk.store.in_conversation(kind, conversation.id)]
