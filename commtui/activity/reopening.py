"""Reopens a conversation whose reply will not be sent."""

from __future__ import annotations

from commtui.model.conversations import reopened
from commtui.model.records import Conversation
from commtui.store.store import Store
from commtui.store.write import Write


def reopen_unanswered(write: Write, store: Store, conversation: Conversation) -> Conversation:
    """Reopens a waiting conversation, unless another of its replies answers it. Returns its new state."""
    changed = reopened(conversation, store.outgoing.of_conversation(conversation.id))
    if changed != conversation:
        write.put(changed)
    return changed
