"""The figures of a campaign, counted from its posts and from the conversations under them. Pure functions.

A post counts once, whatever the number of its variants, by the first Fate that is true of one of them. A conversation
belongs to the campaign of the post under which it began, with all of its mentions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from commtui.model.campaign_records import Campaign, Goal, GoalKind
from commtui.model.records import Conversation, Outgoing
from commtui.model.states import OutgoingState, Reason, is_late


class Fate(StrEnum):
    """How a post stands; of the fates of its variants the first of these counts."""

    FAILED = "failed"
    """Failed or skipped, or nobody knows whether it is out."""
    LATE = "late"
    """Its time is over, and it is not out."""
    HELD = "held"
    SCHEDULED = "scheduled"
    DRAFT = "draft"
    OUT = "out"


class Pace(StrEnum):
    """How a goal stands."""

    REACHED = "reached"
    ON_PACE = "on pace"
    BEHIND = "behind"
    MISSED = "missed"
    """Its day is over."""
    NOT_BEGUN = "not begun"
    """No post is out yet: nothing tells how fast it goes."""
    NOT_COUNTED = "not counted"
    """Of clicks and followers nobody has said how many there are."""


class Figures(NamedTuple):
    """What is counted of a campaign."""

    posts: Mapping[Fate, int]
    """How many posts have each fate, discarded and deleted ones left out; every fate is there."""
    replies: int
    """Mentions in the conversations under its posts."""
    conversations: int
    answered: int
    """Conversations in which an answer of ours is out."""
    so_far: int | None
    """What counts towards the goal; None: there is none, or nobody has said how many."""
    expected: int | None
    """How much that will be at the end of the goal's day (`_expected`); None: nothing tells."""
    pace: Pace | None
    """None: there is no goal."""

    @property
    def planned(self) -> int:
        """How many posts are out or are to go out: all but drafts."""
        return sum(self.posts.values()) - self.posts[Fate.DRAFT]


_PLACES: Final = {fate: place for place, fate in enumerate(Fate)}
_FATES: Final = {
    OutgoingState.SENT: Fate.OUT,
    OutgoingState.FAILED: Fate.FAILED,
    OutgoingState.UNKNOWN: Fate.FAILED,
    OutgoingState.SKIPPED: Fate.FAILED,
    OutgoingState.HELD: Fate.HELD,
    OutgoingState.DRAFT: Fate.DRAFT,
    OutgoingState.REVIEW: Fate.DRAFT,
    OutgoingState.APPROVED: Fate.DRAFT,
}


def fate_of(item: Outgoing, now: datetime, overdue: timedelta) -> Fate:
    """Returns how a variant stands that is neither discarded nor deleted. `overdue`: after how long it is late."""
    if item.state is OutgoingState.HELD and item.reason == Reason.LATE:
        return Fate.LATE
    if item.state not in _FATES:  # it is on its way
        return Fate.LATE if is_late(item.state, item.scheduled_at, now, overdue) else Fate.SCHEDULED
    return _FATES[item.state]


def figures(
    campaign: Campaign,
    items: Iterable[Outgoing],
    conversations: Iterable[Conversation],
    now: datetime,
    overdue: timedelta,
) -> Figures:
    """Returns the figures of a campaign at a time.

    `items`: the variants of its posts. `conversations`: those of the campaign that no other one took in.
    """
    fates: dict[str, Fate] = {}
    last: dict[str, datetime] = {}
    first_out: datetime | None = None
    for item in items:
        if item.state is OutgoingState.DISCARDED or item.reason == Reason.DELETED:
            continue
        post, fate = item.post or item.id, fate_of(item, now, overdue)
        fates[post] = min(fates.get(post, fate), fate, key=_PLACES.__getitem__)
        last[post] = max(last.get(post, now), item.scheduled_at or now)
        if item.sent_at is not None:
            first_out = min(first_out or item.sent_at, item.sent_at)
    found = list(conversations)
    counts = {fate: list(fates.values()).count(fate) for fate in Fate}
    replies = sum(conversation.mentions for conversation in found)
    so_far = expected = pace = None
    if campaign.goal is not None:
        end = end_of(campaign.goal.by, campaign.zone)
        if campaign.goal.what is GoalKind.POSTS:
            so_far = counts[Fate.OUT]
            expected = so_far + sum(fate is Fate.SCHEDULED and last[post] < end for post, fate in fates.items())
        else:
            so_far = replies if campaign.goal.what is GoalKind.REPLIES else campaign.reached
            expected = None if so_far is None else _expected(so_far, first_out, now, end)
        pace = _pace(campaign.goal, so_far, expected, now, end)
    return Figures(
        posts=counts,
        replies=replies,
        conversations=len(found),
        answered=sum(conversation.answered for conversation in found),
        so_far=so_far,
        expected=expected,
        pace=pace,
    )


def end_of(day: date, zone: str) -> datetime:
    """Returns the moment at which a day ends in an IANA zone."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))


def _expected(so_far: int, first_out: datetime | None, now: datetime, end: datetime) -> int | None:
    """Returns what `so_far` grows to by `end` if it goes on as since `first_out`, rounded down."""
    if first_out is None or now <= first_out:
        return None
    return int(so_far * ((max(end, now) - first_out) / (now - first_out)))


def _pace(goal: Goal, so_far: int | None, expected: int | None, now: datetime, end: datetime) -> Pace:
    if so_far is None:
        return Pace.NOT_COUNTED
    if so_far >= goal.count:
        return Pace.REACHED
    if now >= end:
        return Pace.MISSED
    if expected is None:
        return Pace.NOT_BEGUN
    return Pace.ON_PACE if expected >= goal.count else Pace.BEHIND
