"""What is known of a person: from what they said to us, by a number of reads that does not grow with the history."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from commtui.activity.desk import Desk
from commtui.model.records import Conversation, Note
from commtui.triage.query import status_of

MENTIONS_READ: Final = 200
"""The last mentions that name a person and are read."""
NOTES_FROM: Final = 5
"""Conversations whose notes are read, the newest ones."""


class Person(NamedTuple):
    """An author, as the mentions know them that were read."""

    handle: str
    """`@user@host`."""
    name: str
    mentions: int
    is_whole: bool
    """All mentions were read; else there may be more of them, earlier ones."""
    first_at: datetime
    last_at: datetime
    conversations: tuple[Conversation, ...]
    """Those in which they said something, the newest first."""
    open: int
    """How many of them are open."""
    tags: tuple[str, ...]
    """The tags of these, the most frequent first."""
    notes: tuple[Note, ...]
    """The internal notes on the newest of these, the newest first."""


def person_of(desk: Desk, conversation: Conversation) -> Person:
    """Returns what is known of the author whom the row of a conversation names."""
    store = desk.store
    mentions, is_whole = store.mentions.by_author(conversation.author, MENTIONS_READ)
    ids = dict.fromkeys([conversation.id, *(mention.conversation for mention in mentions)])
    found = store.get_each(Conversation, ids)
    conversations = sorted(
        (other for other in found.values() if not other.folded_into), key=lambda other: other.newest_at, reverse=True
    )
    moments = [mention.created_at for mention in mentions] or [conversation.newest_at]
    tags = [tag for other in conversations for tag in other.tags]
    notes = [note for other in conversations[:NOTES_FROM] for note in store.in_conversation(Note, other.id)]
    return Person(
        handle=conversation.author,
        name=conversation.author_name,
        mentions=len(mentions),
        is_whole=is_whole,
        first_at=min(moments),
        last_at=max(moments),
        conversations=tuple(conversations),
        open=sum(status_of(other, desk.now) == "open" and not other.muted for other in conversations),
        tags=tuple(sorted(dict.fromkeys(tags), key=lambda tag: -tags.count(tag))),
        notes=tuple(sorted(notes, key=lambda note: note.at, reverse=True)),
    )
