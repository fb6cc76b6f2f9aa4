"""What a campaign means for a post of it that is scheduled."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.activity.refusals import CampaignEnded
from commtui.activity.resolve_campaign import campaign as campaign_named
from commtui.model.campaign_records import HELD_FOR, Campaign, CampaignState
from commtui.model.records import Outgoing
from commtui.model.states import transition
from commtui.store.write import Write


def open_campaign(desk: Desk, named: str) -> Campaign:
    """Returns the campaign that a post is written for. Raises UnknownName, AmbiguousId, CampaignEnded."""
    campaign = campaign_named(desk.store, named)
    if campaign.state is CampaignState.DONE:
        raise CampaignEnded(campaign.name)
    return campaign


def begin(write: Write, variants: Sequence[Outgoing]) -> tuple[list[Outgoing], str]:
    """Returns the scheduled variants of a post as its campaign lets them be, and the campaign's name if it is paused.

    While it is paused they are held. A planned campaign is running from now on. Raises CampaignEnded.
    """
    campaign = write.get(Campaign, variants[0].campaign or "") if variants else None
    if campaign is None:
        return list(variants), ""
    if campaign.state is CampaignState.DONE:
        raise CampaignEnded(campaign.name)
    if campaign.state is CampaignState.PLANNED:
        write.put(replace(campaign, state=CampaignState.RUNNING))
    reason = HELD_FOR.get(campaign.state)
    if reason is None:
        return list(variants), ""
    return [replace(item, state=transition(item.state, "hold"), reason=reason) for item in variants], campaign.name
