"""The states of conversations, outgoing items and accounts, and every transition between those of outgoing items."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class ConversationStatus(StrEnum):
    """Stored statuses. `snoozed` is derived from the present time: a conversation wakes without a write."""

    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"


class Queue(StrEnum):
    """Where a conversation stands for the mentions pane. Snoozed ones wake by their time, without a write."""

    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    DONE = "done"
    MUTED = "muted"
    FOLDED = "folded"
    """Taken in by an elder conversation."""


class Priority(StrEnum):
    """How urgent a person finds a conversation, the most urgent first."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Order(StrEnum):
    """What sorts the conversations of a list. The store has an index for each (`schema.SORTED_BY`)."""

    WAIT = "longest waiting"
    NEWEST = "newest"
    AUTHOR = "author"
    PRIORITY = "priority"
    DUE = "due"


class Lane(StrEnum):
    """What something outgoing is for: a reply belongs to the community lane, a post to the marketing lane."""

    COMMUNITY = "community"
    MARKETING = "marketing"


class OutgoingState(StrEnum):
    """How far a reply, a variant of a post or an act is on its way."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    RETRYING = "retrying"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"
    DISCARDED = "discarded"
    SKIPPED = "skipped"


class Reason(StrEnum):
    """Why an outgoing item or act is as it is, where that is not the error text of its network."""

    BY_HAND = "by-hand"
    ALL_BY_HAND = "all-by-hand"
    LATE = "late"
    """Its time was over, and its policy is not to publish late."""
    NEWER_ANSWER = "newer-answer"
    RESTORED = "restored"
    """It comes from a backup and may have been sent since."""
    DELETED = "deleted"
    """An act deleted it on the network."""
    STOPPED = "stopped"
    """The engine ended while it was being sent."""
    OTHER_ENGINE = "other-engine"
    """An engine of another machine or home, or one that may still run, began to send it."""
    GIVEN_UP = "given-up"
    """No try has arrived for days."""
    ANSWERED_GONE = "answered-gone"
    """What it answers is gone."""
    NO_READ_BACK = "no-read-back"
    """The network has no way to tell whether it was sent."""
    NOT_SHOWN = "not-shown"
    """The network does not show it, and nothing proves that it did not arrive."""
    LOOK_ALIKE = "look-alike"
    """The network shows texts of ours that no item of this home claims: one of them may be it."""
    ANOTHERS = "anothers"
    """The network answered with a text that another item of ours is out as."""
    UNANSWERED = "unanswered"
    """It is no text that can be looked for, and to do it again would be seen."""
    SUPERSEDED = "superseded"
    """A later edit of the same text took its place."""
    AFTER = "after"
    """It leaves after the post before it in its thread."""
    THREAD_BROKEN = "thread-broken"
    """The post before it in its thread will not leave by itself, or is not known by an address."""
    SERIES = "series"
    """Its series has no post at that time any more."""
    CONFIRMED = "confirmed"
    """A person said that it is out."""
    CAMPAIGN_PAUSED = "campaign-paused"
    """It leaves once its campaign goes on."""
    CAMPAIGN_ENDED = "campaign-ended"


class Health(StrEnum):
    """Whether an account works."""

    UNKNOWN = "unknown"
    OK = "ok"
    OFFLINE = "offline"
    LIMITED = "limited"
    REFUSED = "refused"
    PAUSED = "paused"


_S = OutgoingState

TRANSITIONS: Final[dict[str, dict[OutgoingState, OutgoingState]]] = {
    # what a person does
    "submit": {_S.DRAFT: _S.REVIEW},
    "approve": {_S.REVIEW: _S.APPROVED},
    "schedule": {_S.DRAFT: _S.SCHEDULED, _S.APPROVED: _S.SCHEDULED},
    "reschedule": {
        _S.SCHEDULED: _S.SCHEDULED,
        _S.RETRYING: _S.SCHEDULED,
        _S.HELD: _S.SCHEDULED,
        _S.FAILED: _S.SCHEDULED,
        _S.SKIPPED: _S.SCHEDULED,
        _S.DRAFT: _S.SCHEDULED,
        _S.APPROVED: _S.SCHEDULED,
    },
    "hold": {_S.SCHEDULED: _S.HELD, _S.APPROVED: _S.HELD, _S.RETRYING: _S.HELD},
    "release": {_S.HELD: _S.SCHEDULED},
    "recall": {
        _S.SCHEDULED: _S.DRAFT,
        _S.RETRYING: _S.DRAFT,
        _S.HELD: _S.DRAFT,
        _S.FAILED: _S.DRAFT,
        _S.REVIEW: _S.DRAFT,
        _S.APPROVED: _S.DRAFT,
        _S.SKIPPED: _S.DRAFT,
    },
    "retry": {_S.FAILED: _S.SCHEDULED, _S.RETRYING: _S.SCHEDULED, _S.UNKNOWN: _S.SCHEDULED},
    "confirm": {_S.UNKNOWN: _S.SENT},
    "discard": {
        _S.DRAFT: _S.DISCARDED,
        _S.REVIEW: _S.DISCARDED,
        _S.APPROVED: _S.DISCARDED,
        _S.SCHEDULED: _S.DISCARDED,
        _S.RETRYING: _S.DISCARDED,
        _S.FAILED: _S.DISCARDED,
        _S.HELD: _S.DISCARDED,
        _S.UNKNOWN: _S.DISCARDED,
        _S.SKIPPED: _S.DISCARDED,
    },
    "edit": {
        _S.DRAFT: _S.DRAFT,
        _S.REVIEW: _S.REVIEW,
        _S.APPROVED: _S.REVIEW,
        _S.SCHEDULED: _S.SCHEDULED,
        _S.RETRYING: _S.RETRYING,
        _S.HELD: _S.HELD,
        _S.FAILED: _S.FAILED,
    },
    # what delivery does
    "begin": {_S.SCHEDULED: _S.SENDING, _S.RETRYING: _S.SENDING},
    "accept": {_S.SENDING: _S.SENT},
    "delay": {_S.SENDING: _S.RETRYING},
    "refuse": {_S.SENDING: _S.FAILED, _S.SCHEDULED: _S.FAILED, _S.RETRYING: _S.FAILED},
    "lose": {_S.SENDING: _S.UNKNOWN},
    "doubt": {_S.SCHEDULED: _S.UNKNOWN, _S.RETRYING: _S.UNKNOWN},
    "find": {_S.UNKNOWN: _S.SENT},
    "miss": {_S.UNKNOWN: _S.SCHEDULED},
    "stop": {_S.SCHEDULED: _S.HELD, _S.RETRYING: _S.HELD},
    "skip": {_S.SCHEDULED: _S.SKIPPED, _S.RETRYING: _S.SKIPPED},
    "supersede": {_S.SCHEDULED: _S.DISCARDED, _S.RETRYING: _S.DISCARDED},
}
"""Event -> state -> the state after it."""

NEEDS_PERSON: Final = frozenset((_S.FAILED, _S.UNKNOWN, _S.HELD))

LEAVING: Final = frozenset((_S.SCHEDULED, _S.RETRYING))
"""These are sent without another word from a person."""

HELD_BY_CAMPAIGN: Final = frozenset((Reason.CAMPAIGN_PAUSED, Reason.CAMPAIGN_ENDED))
"""The reasons of posts that a campaign which goes on lets go again."""

HELD_BY_PERSON: Final = frozenset((Reason.BY_HAND, Reason.ALL_BY_HAND)) | HELD_BY_CAMPAIGN
"""The reasons of items that a person holds: they need no attention, the person knows of them."""


class WrongState(ValueError):
    """An event leads nowhere from a state. `possible`: the events of a person that lead somewhere."""

    def __init__(self, event: str, state: OutgoingState, possible: tuple[str, ...]) -> None:
        super().__init__(event, state, possible)
        self.event, self.state, self.possible = event, state, possible


def transition(state: OutgoingState, event: str) -> OutgoingState:
    """The state that `event` leads to. Raises WrongState, with what is possible instead."""
    after = TRANSITIONS[event].get(state)
    if after is not None:
        return after
    possible = tuple(name for name in PERSON_EVENTS if state in TRANSITIONS[name])
    raise WrongState(event, state, possible)


PERSON_EVENTS: Final = (
    "submit", "approve", "schedule", "reschedule", "hold", "release", "recall", "retry", "confirm", "discard", "edit",
)  # fmt: skip


def is_late(state: OutgoingState, at: datetime | None, now: datetime, overdue_post: timedelta) -> bool:
    """Whether what is in a state should have been sent: its time is longer ago than the config's `overdue_post`."""
    not_sent = (_S.SCHEDULED, _S.RETRYING, _S.UNKNOWN, _S.SENDING)
    return state in not_sent and at is not None and at < now - overdue_post
