"""Puts every text into the conversation where it belongs, and counts a conversation anew from its mentions.

A text belongs to the thread that it came to. While a person has merged that thread's conversation into another one, it
stands there, and `came_to` names its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from commtui.activity.resolve import elder
from commtui.model.conversations import awaited, with_newest
from commtui.model.records import Context, Conversation, Mention, Note, Outgoing
from commtui.model.states import OutgoingState
from commtui.store.store import Store
from commtui.store.write import Write

Part = Mention | Outgoing | Note | Context
PARTS: Final[tuple[type[Part], ...]] = (Mention, Outgoing, Note, Context)


def thread_id(store: Store, conversation_id: str) -> str:
    """Returns the conversation of a thread, by one of its ids: what a person merged counts as threads of their own."""
    conversation = store.get(Conversation, conversation_id)
    while conversation is not None and conversation.folded_into and conversation.merge is None:
        conversation_id = conversation.folded_into
        conversation = store.get(Conversation, conversation_id)
    return conversation_id


def thread_of(store: Store, text: Part) -> str:
    """Returns the conversation of the thread that a text belongs to. A reply belongs to that of what it answers."""
    own = text.came_to or (text.conversation or "")
    if isinstance(text, Outgoing) and text.came_to is None and text.in_reply_to:
        answered = store.get(Mention, text.in_reply_to)
        if answered is not None and answered.conversation == text.conversation:
            own = answered.came_to or answered.conversation
    return thread_id(store, own)


def texts_of(store: Store, conversation_id: str) -> list[Part]:
    """Returns all texts that stand in a conversation."""
    return [text for kind in PARTS for text in store.in_conversation(kind, conversation_id)]


def count_own(store: Store, conversation: Conversation) -> int:
    """Returns how many mentions of a conversation are of its own thread, those of merged ones left out."""
    mentions = store.mentions.of_conversation(conversation.id)
    return sum(mention.came_to is None for mention in mentions)


def move_each(store: Store, write: Write, texts: Iterable[tuple[Part, str, str]]) -> None:
    """Puts texts into conversations: each with its thread, and the conversation, another one than those of all texts
    that are moved. Of two records of one text above them, the second stays behind."""
    above: dict[str, set[str]] = {}
    for text, thread, into in texts:
        if isinstance(text, Context) and text.conversation != into:
            if into not in above:
                above[into] = {other.remote_id for other in store.in_conversation(Context, into)}
            if text.remote_id in above[into]:
                continue
            above[into].add(text.remote_id)
        write.put(replace(text, conversation=into, came_to=None if thread == into else thread))


def settle(store: Store, write: Write, conversation_ids: Iterable[str]) -> None:
    """Puts the texts of these conversations where they belong by what is merged now, and counts all of these anew.

    One with mentions that its record does not count is open and unread: they came while it was merged, or was not.
    """
    involved = dict.fromkeys(conversation_ids)
    for conversation_id in list(involved):
        moves: list[tuple[Part, str, str]] = []
        for text in texts_of(store, conversation_id):
            thread = thread_of(store, text)
            conversation = store.get(Conversation, thread)
            into = elder(store, conversation).id if conversation else conversation_id
            involved[into] = None
            if (into, None if thread == into else thread) != (text.conversation, text.came_to):
                moves.append((text, thread, into))
        move_each(store, write, moves)
    for conversation_id in involved:
        conversation = store.get(Conversation, conversation_id)
        if conversation is not None and not conversation.folded_into:
            for mention in store.mentions.of_conversation(conversation_id)[conversation.mentions :]:
                conversation = awaited(conversation, mention.created_at, by_bot=mention.bot)
            write.put(counted(store, conversation))


def counted(store: Store, conversation: Conversation) -> Conversation:
    """Returns a conversation with what follows from its texts: the number of its mentions, the newest one in its row,
    its draft, and whether a reply was sent in it."""
    mentions = store.mentions.of_conversation(conversation.id)
    replies = store.outgoing.of_conversation(conversation.id)
    drafts = [item.id for item in replies if item.state is OutgoingState.DRAFT]
    draft = conversation.draft if conversation.draft in drafts else next(iter(drafts[-1:]), None)
    answered = any(item.state is OutgoingState.SENT for item in replies)
    conversation = replace(conversation, mentions=len(mentions), draft=draft, answered=answered)
    if not mentions:
        return conversation
    newest = max(mentions, key=lambda mention: (mention.created_at, mention.id == conversation.newest))
    return with_newest(conversation, newest)
