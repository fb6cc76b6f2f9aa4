"""What a conversation becomes when something of it changes: pure functions of its record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from commtui.model import text
from commtui.model.content import kinds_of, row_text
from commtui.model.states import ConversationStatus, OutgoingState, Priority, Queue

if TYPE_CHECKING:  # the store counts by queue_of without the records, whose import costs 10 ms
    from commtui.model.records import Conversation, Mention, Outgoing

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


def queue_of(conversation: Conversation) -> Queue:
    """Where a conversation stands; whether a snoozed one has woken, or a mute has ended, by now depends on its time."""
    if conversation.folded_into:
        return Queue.FOLDED
    if conversation.status is ConversationStatus.DONE:
        return Queue.DONE
    if conversation.muted:
        return Queue.MUTED
    if is_snoozed(conversation):
        return Queue.SNOOZED
    return Queue(conversation.status.value)


def is_snoozed(conversation: Conversation) -> bool:
    """Whether it was snoozed until a time (which may have passed) or until they answer."""
    return conversation.snoozed_for_answer or conversation.snoozed_until is not None


def waits_for_us(conversation: Conversation, now: datetime) -> bool:
    """Whether its author waits for our answer at this time, snoozed or not."""
    return conversation.status is ConversationStatus.OPEN and conversation.since <= now


def awaited(conversation: Conversation, since: datetime, *, by_bot: bool) -> Conversation:
    """The conversation after a message that came at `since`: open, unread and awake.

    Where a person waits for us already, the earlier time counts. `by_bot`: the message is of an account that is marked
    as a bot; it changes nothing for a person who waits, and no answer is due where only bots wait.
    """
    is_open = conversation.status is ConversationStatus.OPEN
    if is_open and conversation.by_bot == by_bot:
        since = min(conversation.since, since)
    elif is_open and by_bot:
        since = conversation.since
    return replace(
        conversation,
        status=ConversationStatus.OPEN,
        since=since,
        by_bot=by_bot and (conversation.by_bot or not is_open),
        snoozed_until=None,
        snoozed_for_answer=False,
        done_at=None,
        unread=True,
    )


def mute_ends_at(conversation: Conversation) -> datetime | None:
    """When its mute ends by itself, or its snooze, if that is later. None: never, or it is not muted."""
    if not conversation.muted or conversation.muted_until is None or conversation.snoozed_for_answer:
        return None
    return max(conversation.muted_until, conversation.snoozed_until or conversation.muted_until)


def is_muted(conversation: Conversation, now: datetime) -> bool:
    """Whether it is muted at this time. One that is done is not, if its mute ends: it is out of the way without it."""
    ends_at, is_done = mute_ends_at(conversation), conversation.status is ConversationStatus.DONE
    return conversation.muted and (ends_at is None or (ends_at > now and not is_done))


def queue_after_mute(conversation: Conversation) -> Queue | None:
    """Where it stands once its mute has ended by itself: open or waiting. None: no mute of it ends."""
    if queue_of(conversation) is not Queue.MUTED or mute_ends_at(conversation) is None:
        return None
    return Queue(conversation.status.value)


def without_ended_mute(conversation: Conversation, now: datetime) -> Conversation:
    """The conversation, no longer muted if its mute has ended by now."""
    ends_at = mute_ends_at(conversation)
    if ends_at is None or ends_at > now:
        return conversation
    return replace(conversation, muted=False, muted_until=None)


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
    """The conversation after one of its `replies` was recalled, refused or failed.

    It is open, unless another one answers it, or it was snoozed until they answer.
    """
    if conversation.status is not ConversationStatus.WAITING or conversation.snoozed_for_answer:
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
        text=text.snippet(row_text(mention.text, mention.media, mention.poll), ROW_TEXT),
        via=mention.via,
        visibility=mention.visibility,
        newest_edited=mention.edited,
        newest_deleted=mention.deleted,
        newest_pending=mention.pending,
        spoiler=mention.spoiler,
        language=mention.language,
        language_guess=mention.language_guess,
        attached=kinds_of(mention.media, mention.poll),
    )


def _more_urgent(one: Priority, other: Priority) -> Priority:
    """Of two priorities the one that was chosen; of two that were, the more urgent."""
    chosen = [priority for priority in (one, other) if priority is not Priority.NORMAL]
    return min(chosen, key=list(Priority).index, default=Priority.NORMAL)


def _later_end(muted: Sequence[Conversation]) -> datetime | None:
    """When the last of some mutes ends; None: one never does, or there are none."""
    ends = [conversation.muted_until for conversation in muted]
    return max((end for end in ends if end), default=None) if None not in ends else None


def folded(elder: Conversation, younger: Conversation) -> Conversation:
    """The elder conversation with all of the younger one in it: the more urgent status, every tag, the newest row."""
    both = (elder, younger)
    open_ones = [conversation for conversation in both if conversation.status is ConversationStatus.OPEN]
    by_bot = all(conversation.by_bot for conversation in open_ones or both)
    # one that is awake is not put to sleep by the other
    awake = any(not is_snoozed(conversation) for conversation in open_ones)
    newest = max(both, key=lambda conversation: conversation.newest_at)
    by_urgency = (ConversationStatus.OPEN, ConversationStatus.WAITING, ConversationStatus.DONE)
    return replace(
        elder,
        status=min((conversation.status for conversation in both), key=by_urgency.index),
        since=min((each.since for each in open_ones if each.by_bot == by_bot), default=elder.since),
        by_bot=by_bot,
        mentions=elder.mentions + younger.mentions,
        unread=elder.unread or younger.unread,
        muted=elder.muted or younger.muted,
        muted_until=_later_end([conversation for conversation in both if conversation.muted]),
        answered=elder.answered or younger.answered,
        snoozed_until=None if awake else elder.snoozed_until or younger.snoozed_until,
        snoozed_for_answer=not awake and (elder.snoozed_for_answer or younger.snoozed_for_answer),
        assignee=elder.assignee or younger.assignee,
        tags=tuple(sorted({*elder.tags, *younger.tags})),
        priority=_more_urgent(elder.priority, younger.priority),
        campaign=elder.campaign or younger.campaign,
        draft=elder.draft or younger.draft,
        newest=newest.newest,
        newest_at=newest.newest_at,
        author=newest.author,
        author_name=newest.author_name,
        text=newest.text,
        via=newest.via,
        visibility=newest.visibility,
        newest_edited=newest.newest_edited,
        newest_deleted=newest.newest_deleted,
        newest_pending=newest.newest_pending,
        spoiler=newest.spoiler,
        language=newest.language,
        language_guess=newest.language_guess,
        attached=newest.attached,
    )
