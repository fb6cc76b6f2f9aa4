"""The flat object of a campaign in the command line's JSON: what is written down about it, and its figures."""

from __future__ import annotations

from typing import Any

from commtui.activity.desk import Desk
from commtui.model.campaigns import Fate
from commtui.sentences.campaigns import goal_words
from commtui.triage.campaigns import Counted
from commtui.triage.status import iso


def flat_campaign(desk: Desk, counted: Counted) -> dict[str, Any]:
    """Returns the object."""
    campaign, figures = counted
    goal = campaign.goal
    names = {account.id: account.name for account in desk.settings.accounts}
    return {
        "id": campaign.id,
        "lane": "marketing",
        "kind": "campaign",
        "name": campaign.name,
        "state": campaign.state.value,
        "intention": campaign.intention or None,
        "goal": goal_words(goal) if goal else None,
        "goal_what": goal.what.value if goal else None,
        "goal_count": goal.count if goal else None,
        "goal_by": goal.by.isoformat() if goal else None,
        "audience": campaign.audience or None,
        "message": campaign.message or None,
        "accounts": [names.get(account, account) for account in campaign.accounts],
        "slots": list(campaign.slots),
        "tags": list(campaign.tags),
        "zone": campaign.zone,
        "created_at": iso(campaign.created_at),
        "ended_at": iso(campaign.ended_at),
        "planned": figures.planned,
        **{fate.value if fate is not Fate.DRAFT else "drafts": figures.posts[fate] for fate in reversed(Fate)},
        "replies": figures.replies,
        "conversations": figures.conversations,
        "answered": figures.answered,
        "so_far": figures.so_far,
        "expected": figures.expected,
        "pace": figures.pace.value if figures.pace else None,
    }
