"""Finds the conversation that a text belongs to: that of its parent, at once or when its parents are fetched.

Two conversations that turn out to be one are folded. The fetched parents are stored with the conversation.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from commtui.activity.grouping import Part, count_own, move_each, texts_of, thread_id, thread_of
from commtui.activity.resolve import elder
from commtui.community.known import Owner as Owner
from commtui.community.known import mention_of, mention_with_id, recognize_ours, sent_by_us, was_erased
from commtui.model import ids
from commtui.model.arrival import arrived
from commtui.model.conversations import folded
from commtui.model.incoming import Status
from commtui.model.merging import decided
from commtui.model.records import Above, Context, Conversation
from commtui.store.store import Store
from commtui.store.write import Write


def thread_of_parent(store: Store, owner: Owner, parent: str | None) -> str | None:
    """Returns the conversation of the thread of a parent (its remote_id), if that is a mention or a reply of ours."""
    if parent is None:
        return None
    text: Part | None = mention_with_id(store, owner, parent)
    if text is None:
        ours = sent_by_us(store, owner, parent)
        text = ours if ours and ours.conversation else None
    if text is None:
        context = store.get(Context, _context_id(owner, parent))
        text = context if context and _is_answer(store, owner, context) else None
    return thread_of(store, text) if text else None


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


def by_age(store: Store, conversations: Iterable[Conversation]) -> list[Conversation]:
    """Returns conversations, the one with the earliest mention first."""

    def began(conversation: Conversation) -> tuple[datetime, str]:
        first = store.mentions.first_of(conversation.id)
        return (first.created_at if first else conversation.newest_at), conversation.id

    return sorted(conversations, key=began)


def fold(store: Store, write: Write, first_thread: str, second_thread: str) -> None:
    """Makes two threads one: folds the younger of their conversations into the elder, whose id stays valid.

    What a person merged into either of them stays a part that can be split off.
    """
    first, second = unfolded(store, first_thread), unfolded(store, second_thread)
    if first is None or second is None or first.id == second.id:
        return
    older, younger = by_age(store, (first, second))
    into, joined = (first_thread, second_thread) if older is first else (second_thread, first_thread)
    new_thread = {joined: into}
    own = {head.id: count_own(store, head) for head in (older, younger)}
    texts = [(text, thread_of(store, text)) for text in texts_of(store, younger.id)]
    for text, thread in texts:
        thread = new_thread.get(thread, thread)
        if isinstance(text, Context):
            _fold_context(store, write, older, text, thread)
        else:
            move_each(store, write, [(text, thread, older.id)])
    whole = folded(older, younger)
    write.put(whole)
    part = store.get(Conversation, joined)
    if part is None or part.merge is None:
        write.put(replace(younger, folded_into=into, draft=None))
    else:  # a person had merged it into the younger one, which now is a part of the elder one by that
        write.put(replace(part, folded_into=into, merge=None))
        merge = replace(
            part.merge,
            before=decided(older),
            after=decided(whole),
            mentions=own[younger.id],
            elder_mentions=own[older.id],
        )
        write.put(replace(younger, folded_into=older.id, draft=None, merge=merge))


def _fold_context(store: Store, write: Write, older: Conversation, context: Context, thread: str) -> None:
    there = store.context.of_conversation(older.id)
    duplicate = next((other for other in there if other.remote_id == context.remote_id), None)
    if duplicate is not None:  # the record with the first id stays: texts are looked up by that id
        write.remove(Context, duplicate.id if context.id == _first_context_id(context) else context.id)
    if duplicate is None or context.id == _first_context_id(context):
        write.put(replace(context, conversation=older.id, came_to=None if thread == older.id else thread))


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

    The nearest parent that is a mention or a reply of ours (from here or elsewhere) decides which conversation it is;
    of the nearest post of ours it has the campaign. `before`: when that mention came. `missing`: a parent is deleted,
    blocked or hidden.
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
        joined = thread_of_parent(store, owner, parent.remote_id)
        if joined is None and parent.ours and parent.in_reply_to in remote_ids:
            joined = thread_of_parent(store, owner, parent.in_reply_to)
        if joined is not None:
            break
    thread = thread_id(store, conversation_id)
    for parent in parents:
        add_context(store, write, owner, conversation.id, parent, parent.created_at, thread)
    record = store.get(Conversation, thread) or conversation
    posts = (sent_by_us(store, owner, parent.remote_id) for parent in reversed(parents))
    campaign = next((post.campaign for post in posts if post and post.conversation is None), None)
    write.put(
        replace(
            record,
            parents_known=True,
            above=Above.GONE if missing else Above.WHOLE,
            campaign=record.campaign or campaign,
        )
    )
    if joined is not None:
        fold(store, write, joined, thread)


def _context_id(owner: Owner, remote_id: str, *within: str) -> str:
    """Returns the id of the first record of a text; with `within` that of a further one, in that conversation."""
    return ids.derived(ids.CONTEXT, owner.network, owner.id, remote_id, *within)


def _first_context_id(context: Context) -> str:
    return _context_id(Owner(context.account, context.network), context.remote_id)


def add_context(
    store: Store,
    write: Write,
    owner: Owner,
    conversation: str,
    status: Status,
    now: datetime,
    thread: str | None = None,
) -> None:
    """Stores a text of the thread that is neither a mention nor written here, once for each conversation.

    It is dated `now` at the latest. `thread`: the conversation of its thread; None: that of what it answers.
    """
    if mention_of(store, owner, status) or recognize_ours(store, write, owner, status):
        return
    if was_erased(store, owner, status):
        return
    first_id = _context_id(owner, status.remote_id)
    contexts = store.context.of_conversation(conversation)
    stored = next((context for context in contexts if context.remote_id == status.remote_id), None)
    thread = thread or thread_of_parent(store, owner, status.in_reply_to) or conversation
    is_part = thread != conversation and (head := unfolded(store, thread)) is not None and head.id == conversation
    new_id = first_id if store.get(Context, first_id) is None else _context_id(owner, status.remote_id, conversation)
    write.put(
        Context(
            id=stored.id if stored else new_id,
            account=owner.id,
            network=owner.network,
            remote_id=status.remote_id,
            conversation=conversation,
            came_to=stored.came_to if stored else thread if is_part else None,
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
