"""The record of a campaign: posts that belong together, what they are for, and the goal they are measured by."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from msgspec import Struct

from commtui.model.clock import AwareDatetime
from commtui.model.states import Reason
from commtui.model.strings import Id, Text


class GoalKind(StrEnum):
    """What a goal counts."""

    POSTS = "posts"
    """Posts that are out; the variants of one post count once."""
    REPLIES = "replies"
    """Mentions in the conversations of the campaign."""
    CLICKS = "clicks"
    FOLLOWERS = "followers"


class CampaignState(StrEnum):
    """How far a campaign is."""

    PLANNED = "planned"
    """Nothing of it was scheduled yet."""
    RUNNING = "running"
    PAUSED = "paused"
    """Its posts do not leave until it goes on."""
    DONE = "done"
    """It has ended: nothing of it leaves any more."""


HELD_FOR: Final = {
    CampaignState.PAUSED: Reason.CAMPAIGN_PAUSED,
    CampaignState.DONE: Reason.CAMPAIGN_ENDED,
}
"""The states of a campaign whose posts do not leave, and why these are held."""


class Goal(Struct, frozen=True):
    """What a campaign is to reach: so many, by the end of a day in the campaign's zone."""

    what: GoalKind
    count: int
    by: date


class Campaign(Struct, frozen=True, kw_only=True):
    """A campaign. Its name is unique; capitals do not count."""

    id: Id
    name: str
    state: CampaignState = CampaignState.PLANNED
    created_at: AwareDatetime
    zone: Id
    """The IANA zone of its goal's day and of its slots."""
    intention: str = ""
    """What it is for, in a sentence."""
    goal: Goal | None = None
    reached: int | None = None
    """How many clicks or followers somebody counted so far; nothing here counts them."""
    audience: str = ""
    message: Text = ""
    accounts: tuple[Id, ...] = ()
    """The accounts (their ids) that its posts go out from, where a post names none."""
    slots: tuple[str, ...] = ()
    """When its posts go out, as typed: `mon,thu 9:00`."""
    tags: tuple[str, ...] = ()
    ended_at: AwareDatetime | None = None
