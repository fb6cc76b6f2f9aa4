"""Finds the conversation that a text belongs to: that of its parent, at once or when its parents are fetched.

Two conversations that turn out to be one are folded. The fetched parents are stored with the conversation.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from commtui.activity.resolve import elder
from commtui.community.known import Owner as Owner
from commtui.community.known import mention_of, mention_with_id, recognize_ours, sent_by_us, was_erased
from commtui.model import ids
from commtui.model.arrival import arrived
from commtui.model.conversations import folded
from commtui.model.incoming import Status
from commtui.model.records import Above, Context, Conversation
from commtui.store.store import Store
from commtui.store.write import Write


def conversation_of_parent(store: Store, owner: Owner, parent: str | None) -> Conversation | None:
    """Returns the conversation of a parent (its remote_id), if that is a mention or a reply of ours; else None."""
    if parent is None:
        return None
    mention = mention_with_id(store, owner, parent)
    within = mention.conversation if mention else None
    if within is None:
        ours = sent_by_us(store, owner, parent)
        within = ours.conversation if ours else None
    if within is None:
        context = store.get(Context, _context_id(owner, parent))
        within = context.conversation if context and _is_answer(store, owner, context) else None
    return unfolded(store, within) if within else None


def _is_answer(store: Store, owner: Owner, context: Context) -> bool:
    """Whether a text of ours from elsewhere answers another person. One that continues a post of ours does not."""
    while context.ours and context.in_reply_to:
        ours = sent_by_us(store, owner, context.in_reply_to)
        if ours is not None:
            return ours.conversation is not None
        parent = store.get(Context, _context_id(owner, context.in_reply_to))
        if parent is None or not parent.ours:
            return True
        context = parent
    return False


def unfolded(store: Store, conversation_id: str) -> Conversation | None:
    """Returns the conversation of an id, or the one that it was folded into."""
    conversation = store.get(Conversation, conversation_id)
    return elder(store, conversation) if conversation else None


def fold(store: Store, write: Write, first: Conversation, second: Conversation) -> Conversation:
    """Folds the younger of two conversations into the elder, and returns that. The younger one's id stays valid."""
    first_at, second_at = (
        min(mention.created_at for mention in store.mentions.of_conversation(conversation.id))
        for conversation in (first, second)
    )
    older, younger = (first, second) if (first_at, first.id) <= (second_at, second.id) else (second, first)
    for mention in store.mentions.of_conversation(younger.id):
        write.put(replace(mention, conversation=older.id))
    for item in store.outgoing.of_conversation(younger.id):
        write.put(replace(item, conversation=older.id))
    _fold_context(store, write, older, younger)
    for note in store.notes.of_conversation(younger.id):
        write.put(replace(note, conversation=older.id))
    merged = folded(older, younger)
    write.put(merged)
    write.put(replace(younger, folded_into=older.id, draft=None))
    return merged


def _fold_context(store: Store, write: Write, older: Conversation, younger: Conversation) -> None:
    by_remote_id = {context.remote_id: context for context in store.context.of_conversation(older.id)}
    for context in store.context.of_conversation(younger.id):
        duplicate = by_remote_id.get(context.remote_id)
        if duplicate is not None:  # the record with the first id stays: texts are looked up by that id
            write.remove(Context, duplicate.id if context.id == _first_context_id(context) else context.id)
        if duplicate is None or context.id == _first_context_id(context):
            write.put(replace(context, conversation=older.id))


def _in_order(chain: Iterable[Status], before: datetime) -> list[Status]:
    """Returns a chain, oldest first, in which each text is dated before those that answer it, and all `before`."""
    parents: list[Status] = []
    for parent in reversed(list(chain)):
        before = arrived(None, parent.created_at, before - timedelta(milliseconds=1))
        parents.append(replace(parent, created_at=before))
    return parents[::-1]


def add_parents(
    store: Store,
    write: Write,
    owner: Owner,
    conversation_id: str,
    chain: Iterable[Status],
    before: datetime,
    missing: bool = False,
) -> None:
    """Stores the parents of a conversation's first mention, oldest first, and folds the conversation if one joins it.

    The nearest parent that is a mention or a reply of ours (from here or elsewhere) decides which conversation it is.
    `before`: when that mention came. `missing`: a parent is deleted, blocked or hidden.
    """
    conversation = unfolded(store, conversation_id)
    if conversation is None:
        return
    parents = _in_order(chain, before)
    remote_ids = {parent.remote_id for parent in parents}
    joined = None
    for parent in parents:
        recognize_ours(store, write, owner, parent)
    for parent in reversed(parents):
        joined = conversation_of_parent(store, owner, parent.remote_id)
        if joined is None and parent.ours and parent.in_reply_to in remote_ids:
            joined = conversation_of_parent(store, owner, parent.in_reply_to)
        if joined is not None:
            break
    for parent in parents:
        add_context(store, write, owner, conversation.id, parent, parent.created_at)
    conversation = store.get(Conversation, conversation.id) or conversation
    conversation = replace(conversation, parents_known=True, above=Above.GONE if missing else Above.WHOLE)
    write.put(conversation)
    if joined is not None and joined.id != conversation.id:
        fold(store, write, joined, conversation)


def _context_id(owner: Owner, remote_id: str, *within: str) -> str:
    """Returns the id of the first record of a text; with `within` that of a further one, in that conversation."""
    return ids.derived(ids.CONTEXT, owner.network, owner.id, remote_id, *within)


def _first_context_id(context: Context) -> str:
    return _context_id(Owner(context.account, context.network), context.remote_id)


def add_context(store: Store, write: Write, owner: Owner, conversation: str, status: Status, now: datetime) -> None:
    """Stores a text of the thread that is neither a mention nor written here, once for each conversation.

    It is dated `now` at the latest.
    """
    if mention_of(store, owner, status) or recognize_ours(store, write, owner, status):
        return
    if was_erased(store, owner, status):
        return
    first_id = _context_id(owner, status.remote_id)
    contexts = store.context.of_conversation(conversation)
    stored = next((context for context in contexts if context.remote_id == status.remote_id), None)
    new_id = first_id if store.get(Context, first_id) is None else _context_id(owner, status.remote_id, conversation)
    write.put(
        Context(
            id=stored.id if stored else new_id,
            account=owner.id,
            network=owner.network,
            remote_id=status.remote_id,
            conversation=conversation,
            author=status.author,
            author_name=status.author_name,
            text=status.text,
            created_at=stored.created_at if stored else arrived(None, status.created_at, now),
            ours=status.ours,
            url=status.url,
            in_reply_to=status.in_reply_to,
            spoiler=status.spoiler,
            media=status.media,
            poll=status.poll,
        )
    )
