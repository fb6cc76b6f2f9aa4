"""Service levels: since when somebody waits for us, and when our answer is due. Pure functions.

The clock of a conversation starts at the first message that we have not answered, or when a person reopens it. It stops
when our answer is sent, or when it is marked as done, which without an answer counts as unanswered. Snoozing does not
stop it. Messages of accounts that are marked as bots start none. Every target is working time (model/hours.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from commtui.model.conversations import mute_ends_at
from commtui.model.hours import Hours, add_minutes
from commtui.model.states import ConversationStatus

if TYPE_CHECKING:
    from commtui.model.records import Conversation

_MINUTE: Final = timedelta(minutes=1)


class Level(Protocol):
    """A service level of the config. A target that is None is none; an empty condition fits every conversation."""

    @property
    def name(self) -> str: ...
    @property
    def first(self) -> timedelta | None:
        """Working time to the first answer, in whole minutes."""

    @property
    def next(self) -> timedelta | None:
        """Working time to each answer after that, in whole minutes."""

    @property
    def accounts(self) -> Sequence[str]:
        """Names or ids."""

    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def priorities(self) -> Sequence[str]: ...
    @property
    def via(self) -> Sequence[str]: ...
    @property
    def marks(self) -> Sequence[str]:
        """Marks of the person who wrote the newest message: `vip`."""


class Event(StrEnum):
    """What starts or stops the clock of a conversation."""

    INBOUND = "inbound"
    """They wrote, and are not marked as a bot."""
    REOPENED = "reopened"
    """A person opened it again."""
    SENT = "sent"
    """Our answer went out, at its `sent_at`."""
    DONE = "done"


class Wait(NamedTuple):
    """A time in which somebody waited for our answer."""

    since: datetime
    until: datetime | None
    """When it ended; None: it goes on."""
    answered: bool
    """Whether our answer ended it."""
    first: bool
    """Whether it was for our first answer in that conversation."""


class Deadline(NamedTuple):
    """When an answer is due."""

    level: str
    """The name of the service level."""
    risk_at: datetime
    """When three quarters of the target have passed."""
    due_at: datetime


def waits(events: Iterable[tuple[datetime, Event]]) -> list[Wait]:
    """The waits of a conversation, from its events in any order; those at one moment count as they are given."""
    found: list[Wait] = []
    since: datetime | None = None
    has_answer = False
    for at, event in sorted(events, key=lambda pair: pair[0]):
        if event in (Event.INBOUND, Event.REOPENED):
            since = since or at
            continue
        answered = event is Event.SENT
        if since is not None:
            found.append(Wait(since, at, answered, first=not has_answer))
        since, has_answer = None, has_answer or answered
    if since is not None:
        found.append(Wait(since, None, answered=False, first=not has_answer))
    return found


def level_of(
    levels: Iterable[Level], conversation: Conversation, account_name: str, *, vip: bool = False
) -> Level | None:
    """The first level that fits a conversation; None: none does.

    `account_name`: what the config calls its account. `vip`: the person who wrote its newest message is marked so.
    """
    return next((level for level in levels if _fits(level, conversation, account_name, vip)), None)


def _fits(level: Level, conversation: Conversation, account_name: str, vip: bool) -> bool:
    return (
        (not level.marks or vip)
        and (not level.accounts or account_name in level.accounts or conversation.account in level.accounts)
        and (not level.tags or not set(level.tags).isdisjoint(conversation.tags))
        and (not level.priorities or conversation.priority in level.priorities)
        and (not level.via or conversation.via in level.via)
    )


def deadline(level: Level, hours: Hours, since: datetime, *, first: bool) -> Deadline | None:
    """When the first or the next answer is due to somebody who waits `since` then.

    None: the level has no such target, or the hours do not have as many minutes within ten years.
    """
    due_at, target = due_time(level, hours, since, first=first), _target(level, first)
    if due_at is None or target is None:
        return None
    risk_at = add_minutes(hours, since, target // _MINUTE * 3 // 4)
    return Deadline(level.name, risk_at, due_at) if risk_at else None


def due_time(level: Level, hours: Hours, since: datetime, *, first: bool) -> datetime | None:
    """`due_at` of `deadline`, alone."""
    target = _target(level, first)
    return None if target is None else add_minutes(hours, since, target // _MINUTE)


def _target(level: Level, first: bool) -> timedelta | None:
    return level.first if first else level.next


def deadline_of(
    conversation: Conversation,
    levels: Iterable[Level],
    hours: Hours,
    *,
    account_name: str = "",
    has_answer: bool,
    by_bot: bool = False,
    vip: bool = False,
) -> Deadline | None:
    """When our answer to a conversation is due; None: it waits for them, is done or muted for ever, or has no target.

    `has_answer`: a reply of ours in it was sent. `by_bot`: its author is marked as a bot. `vip`: as for `level_of`. A
    level that fits, but has no target for this answer, is not passed over for a later one.
    """
    muted = conversation.muted and mute_ends_at(conversation) is None
    is_open = conversation.status is ConversationStatus.OPEN and not muted
    if not is_open or conversation.folded_into or by_bot:
        return None
    level = level_of(levels, conversation, account_name, vip=vip)
    return deadline(level, hours, conversation.since, first=not has_answer) if level else None
