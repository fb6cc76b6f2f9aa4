"""Merging conversations by hand, and splitting them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Desk, Step, recorded_step
from commtui.activity.grouping import Part, count_own, counted, move_each, texts_of, thread_id, thread_of
from commtui.activity.outcome import Outcome
from commtui.activity.parts import MARKED_MOST
from commtui.activity.refusals import CannotMerge, CannotSplit, WouldMix
from commtui.community.joining import by_age
from commtui.model import ids
from commtui.model.merge_records import Decided
from commtui.model.merging import audiences, decided, merged, taken_apart, with_decided
from commtui.model.records import Above, Conversation, Mention, Note, Outgoing
from commtui.model.states import ConversationStatus
from commtui.store.store import Store


def merge(desk: Desk, named: Sequence[str], agreed: bool = False) -> Outcome:
    """Merges conversations of one account into the one that began first. `agreed`: also those that not the same people
    see. Raises CannotMerge, WouldMix.

    Each mention keeps the conversation that it came to, and new ones of their threads join the merged one.
    """
    with recorded_step(desk, "merge", tuple(named)) as step:
        elder, *younger = _to_merge(desk, named)
        seen_by = audiences((elder, *younger))
        if len(seen_by) > 1 and not agreed:
            raise WouldMix(tuple(seen_by))
        own = {conversation.id: count_own(desk.store, conversation) for conversation in (elder, *younger)}
        whole, parts = merged(elder, younger, own, desk.now, desk.who)
        texts = [text for part in parts for text in texts_of(desk.store, part.id)]
        move_each(desk.store, step.write, [(text, thread_of(desk.store, text), elder.id) for text in texts])
        for part in parts:
            step.write.put(part)
        step.write.put(counted(desk.store, whole))
    return Outcome(verb="merge", ids=(elder.id, *(part.id for part in parts)), op_id=step.op_id)


def _to_merge(desk: Desk, named: Sequence[str]) -> list[Conversation]:
    """Returns the conversations that are named, the eldest first. Raises CannotMerge."""
    conversations = resolve.conversations(desk.store, named)
    if len(conversations) < 2:
        raise CannotMerge("one", tuple(named))
    if len(conversations) > MARKED_MOST:
        raise CannotMerge("many", most=MARKED_MOST)
    if len({conversation.account for conversation in conversations}) > 1:
        raise CannotMerge("accounts", tuple(conversation.id for conversation in conversations))
    return by_age(desk.store, conversations)


def split(desk: Desk, given: str) -> Outcome:
    """Takes a merged conversation apart into those that were merged; a mention, with what answers it, out of its
    conversation into one of its own. Raises CannotSplit."""
    with recorded_step(desk, "split", (given,)) as step:
        item = resolve.item(desk.store, given)
        if isinstance(item, Mention):
            return _split_off(desk, step, item)
        conversation = resolve.conversation(desk.store, given)
        threads = merged_threads(desk.store, conversation)
        if len(threads) < 2:
            raise CannotSplit("not-merged", conversation.id)
        return _take_apart(desk, step, conversation, _merged_parts(desk.store, conversation, threads))


def merged_threads(store: Store, conversation: Conversation) -> list[str]:
    """Returns the conversations to which the mentions of this one came, by their ids, the eldest first."""
    mentions = store.mentions.of_conversation(conversation.id)
    return list(dict.fromkeys(thread_of(store, mention) for mention in mentions))


def _merged_parts(store: Store, conversation: Conversation, threads: Sequence[str]) -> list[Conversation]:
    """Returns the conversations that a person merged into this one, also those within them, the last merged first."""
    parts = store.get_each(Conversation, [thread for thread in threads if thread != conversation.id])
    left = list(parts.values())
    while left:
        into = _merged_into(store, left.pop())
        above = store.get(Conversation, into) if into not in (conversation.id, *parts) else None
        if above is not None:  # nothing of it stands here but what was merged into it
            parts[into] = above
            left.append(above)
    return sorted(
        (part for part in parts.values() if part.merge),
        key=lambda part: (_merged_at(part), _merged_into(store, part)),
        reverse=True,
    )


def _merged_at(part: Conversation) -> datetime:
    assert part.merge is not None
    return part.merge.at


def _merged_into(store: Store, part: Conversation) -> str:
    return thread_id(store, part.folded_into or part.id)


def _take_apart(desk: Desk, step: Step, conversation: Conversation, parts: Sequence[Conversation]) -> Outcome:
    store, write = desk.store, step.write
    texts = [(text, thread_of(store, text)) for text in texts_of(store, conversation.id)]
    records = {conversation.id: conversation, **{part.id: part for part in parts}}
    began = {thread: sorted(_dates(texts, thread)) for thread in records}
    home = conversation.id if began[conversation.id] else min(filter(began.get, began), key=began.__getitem__)
    moves = []
    for text, thread in texts:
        into = thread if began.get(thread) else home  # all of its mentions were split off
        if into != conversation.id or text.came_to is not None:
            moves.append((text, into, into))
    move_each(store, write, moves)
    for (thread, _), group in groupby(parts, key=lambda part: (_merged_into(store, part), _merged_at(part))):
        _restore(records, records[thread], list(group), began)
    for record in records.values():
        write.put(counted(store, record) if began[record.id] else replace(record, folded_into=home, draft=None))
    return Outcome(verb="split", ids=tuple(record for record in records if began[record]), op_id=step.op_id)


def _dates(texts: Iterable[tuple[Part, str]], thread: str) -> list[datetime]:
    return [text.created_at for text, within in texts if within == thread and isinstance(text, Mention)]


def _restore(
    records: dict[str, Conversation],
    into: Conversation,
    parts: Sequence[Conversation],
    began: dict[str, list[datetime]],
) -> None:
    """Gives the parts that were merged in one step, and the conversation into which they were, what is their own."""
    step = parts[0].merge
    assert step is not None
    owns: dict[str, Decided] = {into.id: step.before, **{part.id: decided(part) for part in parts}}
    known = {into.id: step.elder_mentions, **{part.id: part.merge.mentions for part in parts if part.merge}}
    came = {identity: began[identity][count:] for identity, count in known.items()}
    now, any_came = decided(into), any(came.values())
    for identity, own in owns.items():
        since = next(iter(came[identity]), None)
        values = taken_apart(own, step.after, now, since, any_came)
        records[identity] = with_decided(records[identity], values)
    for part in parts:
        records[part.id] = replace(records[part.id], folded_into=None, merge=None)


def _split_off(desk: Desk, step: Step, mention: Mention) -> Outcome:
    store, write = desk.store, step.write
    conversation = resolve.conversation(store, mention.id)
    texts = texts_of(store, conversation.id)
    leaving = _below(mention, texts)
    stays = [text for text in texts if isinstance(text, Mention) and text.id not in leaving]
    if not stays:
        raise CannotSplit("whole", mention.id)
    goes = [text for text in texts if isinstance(text, Mention) and text.id in leaving]
    new_id = _free_id(store, mention)
    for text in texts:
        if text.id in leaving:
            write.put(replace(text, conversation=new_id, came_to=None))
    own = replace(conversation, id=new_id, draft=None, parents_known=True, above=Above.WHOLE, merge=None)
    new = counted(store, _waiting_since(own, goes))
    write.put(new)
    write.put(counted(store, _waiting_since(conversation, stays)))
    return Outcome(verb="split", ids=(new_id,), op_id=step.op_id, author=mention.author)


def _below(mention: Mention, texts: Sequence[Part]) -> set[str]:
    """Returns the ids of a mention and of all that answers it among these texts, directly or not."""
    leaving, found = {mention.id}, {mention.remote_id}
    grows = True
    while grows:
        size = len(leaving)
        for text in texts:
            if isinstance(text, Note):
                continue
            above = text.in_reply_to_remote if isinstance(text, Outgoing) else text.in_reply_to
            if above in found or (isinstance(text, Outgoing) and text.in_reply_to in leaving):
                leaving.add(text.id)
                if text.remote_id:
                    found.add(text.remote_id)
        grows = len(leaving) > size
    return leaving


def _free_id(store: Store, mention: Mention) -> str:
    """Returns the id of a conversation that this mention begins; another one where it began one before."""
    own = ids.conversation_id(mention.id)
    return own if store.get(Conversation, own) is None else ids.fresh(ids.CONVERSATION)


def _waiting_since(conversation: Conversation, mentions: Sequence[Mention]) -> Conversation:
    """Returns the conversation with those of its mentions: its author waits since the first of them that is open."""
    if conversation.status is not ConversationStatus.OPEN:
        return conversation
    waiting = [mention.created_at for mention in mentions if mention.created_at >= conversation.since]
    return replace(conversation, since=min(waiting, default=conversation.since))
