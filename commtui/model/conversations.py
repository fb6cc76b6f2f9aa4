"""What a conversation becomes when something of it changes: pure functions of its record."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from commtui.model import text
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.states import ConversationStatus, OutgoingState

ROW_TEXT = 300
"""Characters of the newest mention's text that a conversation keeps for its row."""
AWAITED = frozenset(
    (
        OutgoingState.SCHEDULED,
        OutgoingState.SENDING,
        OutgoingState.RETRYING,
        OutgoingState.UNKNOWN,
        OutgoingState.HELD,
    )
)
"""States of a reply that is on its way: the conversation waits for them."""


def waiting(conversation: Conversation) -> Conversation:
    """The conversation once our reply is on its way: it waits for them, awake and read."""
    return replace(
        conversation,
        status=ConversationStatus.WAITING,
        snoozed_until=None,
        snoozed_for_answer=False,
        unread=False,
        done_at=None,
    )


def reopened(conversation: Conversation, replies: Iterable[Outgoing]) -> Conversation:
    """The conversation after one of its `replies` was recalled, refused or failed: open, unless another answers it."""
    if conversation.status is not ConversationStatus.WAITING:
        return conversation
    for reply in replies:
        if reply.state in AWAITED or (
            reply.state is OutgoingState.SENT and (reply.sent_at or reply.created_at) >= conversation.since
        ):
            return conversation
    return replace(conversation, status=ConversationStatus.OPEN)


def with_newest(conversation: Conversation, mention: Mention) -> Conversation:
    """The conversation with `mention` in its row."""
    return replace(
        conversation,
        newest=mention.id,
        newest_at=mention.created_at,
        author=mention.author,
        author_name=mention.author_name,
        text=text.snippet(mention.text, ROW_TEXT),
        via=mention.via,
        visibility=mention.visibility,
        newest_edited=mention.edited,
        newest_deleted=mention.deleted,
    )
