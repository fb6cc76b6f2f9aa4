"""Opens a conversation again whose reply will not go out."""

from __future__ import annotations

from commtui.model.conversations import reopened
from commtui.model.records import Conversation
from commtui.store.store import Store
from commtui.store.write import Write


def reopen_unanswered(write: Write, store: Store, conversation: Conversation) -> Conversation:
    """Opens a waiting conversation again, unless another of its replies answers it. Returns it as it is now."""
    changed = reopened(conversation, store.outgoing.of_conversation(conversation.id))
    if changed != conversation:
        write.put(changed)
    return changed
