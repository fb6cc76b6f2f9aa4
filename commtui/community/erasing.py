"""Erasing a person: their words and names leave the store and the bytes of its file. It cannot be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec.structs import replace

from commtui.activity import resolve_author
from commtui.activity.desk import Desk, fresh_op_id
from commtui.activity.outcome import Erased
from commtui.activity.refusals import WrongItemState
from commtui.activity.reopening import reopen_unanswered
from commtui.activity.resolve import elder
from commtui.community.personal_data import PersonalData, data_of
from commtui.model import erasing
from commtui.model.conversations import AWAITED
from commtui.model.people import Link, Person
from commtui.model.records import Act, Activity, Context, Conversation, Mention, Note, Outgoing
from commtui.model.states import LEAVING, PERSON_EVENTS, TRANSITIONS, OutgoingState, Reason
from commtui.store.write import Write

BUSY: Final = (OutgoingState.SENDING, OutgoingState.UNKNOWN)
"""Nobody knows whether these are out, and their texts are needed to find that out."""


def erase(desk: Desk, given: str) -> Erased:
    """Erases all authors who are the person that is named, and all that is held of them here, whole or not at all.

    Raises UnknownPerson, UnknownId, AmbiguousId; WrongItemState for a reply to them of which nobody knows whether it
    is out. Somebody who was erased before, and is named by an id, is taken out of the file's bytes again.
    """
    store = desk.store
    author = resolve_author.author(store, given)
    with store.write() as write:
        data = data_of(store, author)
        _refuse_busy(data)
        if data.mentions:
            _erase(desk, write, data)
    named = [record for record in data.naming if isinstance(record, Outgoing)]
    return Erased(
        authors=data.authors,
        handles=data.handles,
        mentions=len(data.mentions),
        replies=len(data.replies),
        held=sum(item.state in LEAVING for item in named),
        texts=tuple(item.id for item in (*data.replies, *named)),
        notes=len(data.notes) + sum(len(person.notes) for person in data.people),
        conversations=len(data.alone),
        is_wiped=store.erasure.wipe(),
    )


def _refuse_busy(data: PersonalData) -> None:
    """Raises WrongItemState."""
    named = (record for record in data.naming if isinstance(record, Outgoing | Act))
    items: list[Outgoing | Act] = [*data.replies, *data.acts, *named]
    for item in items:
        if item.state in BUSY:
            possible = tuple(event for event in PERSON_EVENTS if item.state in TRANSITIONS[event])
            raise WrongItemState(item.id, "erase", item.state.value, possible)


def _erase(desk: Desk, write: Write, data: PersonalData) -> None:
    store, now = desk.store, desk.now
    own = {mention.id for mention in data.mentions}
    replies = {item.id: item for item in data.replies}
    taken_out = erasing.without(data.handles)
    for record in data.naming:
        write.put(_without_name(desk, record, taken_out))
    conversations = {}
    for conversation in data.conversations:
        if conversation.folded_into and conversation.newest not in own:
            continue  # of somebody else, and merged into theirs
        shared = conversation.id not in data.alone and not conversation.folded_into
        within = store.mentions.of_conversation(conversation.id) if shared else ()
        others = [each for each in within if each.id not in own]
        left = erasing.conversation(conversation, others, now)
        if left.draft in replies:
            left = replace(left, draft=None)
        whole = elder(store, conversation).id in data.alone
        conversations[conversation.id] = erasing.merged(left) if whole else left
    write.put_each(Conversation, conversations)
    write.put_each(Mention, {mention.id: erasing.mention(mention) for mention in data.mentions})
    write.put_each(Outgoing, {identity: erasing.reply(item) for identity, item in replies.items()})
    for identity in {item.conversation for item in data.replies if item.conversation and item.state in AWAITED}:
        if (answered := store.get(Conversation, identity)) is not None:  # by a reply that is discarded
            reopen_unanswered(write, store, answered)
    for act in data.acts:
        write.put(erasing.act(act))
    for run in data.rule_runs:
        write.put(replace(run, why="", notice="", fault={}))
    for engagement in data.engagement:
        write.put(store.erasure.replaced(engagement, taken_out))
    for kind, records in ((Context, data.context), (Note, data.notes), (Link, data.links)):
        for each in records:
            write.remove(kind, each.id)
    for author in data.authors:
        write.put(Person(id=author, erased_at=now))
    store.erasure.forget_steps(
        store.erasure.redact_log(data.ids, [handle.casefold() for handle in data.handles], taken_out)
    )
    write.log(_step(desk, data))


def _without_name(desk: Desk, record: Any, taken_out: Callable[[Any], Any]) -> Any:
    """Returns a record that is not theirs without their handle. What others wrote stays as they wrote it: the network
    would show it again. A text of ours that is still to be sent is held, so that somebody looks at it first."""
    match record:
        case Mention():
            return replace(record, others=tuple(taken_out(list(record.others))))
        case Context() | Conversation():
            return record
    fresh = desk.store.erasure.replaced(record, taken_out)
    if isinstance(fresh, Outgoing) and fresh.state in LEAVING:
        return replace(fresh, state=OutgoingState.HELD, reason=Reason.BY_HAND, next_try_at=None)
    return fresh


def _step(desk: Desk, data: PersonalData) -> Activity:
    """Returns the step for the log: who erased whom when, by ids alone."""
    return Activity(op_id=fresh_op_id(), at=desk.now, who=desk.who, verb="erase", ids=data.authors, changes=())
