"""The reads of single conversations that views and searches share."""

from __future__ import annotations

from commtui.activity.desk import Desk
from commtui.model.records import Conversation, Mention


def conversation_at(desk: Desk, number: int) -> Conversation | None:
    """The conversation of a row; None if it is gone."""
    return desk.store.at(Conversation, number)


def mentions(desk: Desk, conversation: Conversation) -> list[Mention]:
    """The mentions of a conversation, oldest first."""
    return desk.store.mentions.of_conversation(conversation.id)
