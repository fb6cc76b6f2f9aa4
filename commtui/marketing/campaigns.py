"""Campaigns: what is written down about each, and the pause that keeps its posts from leaving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from commtui.activity.desk import Desk, Step, recorded_step
from commtui.activity.errors import BadGoal, BadSlot, NoCampaignName
from commtui.activity.outcome import Outcome, Released, Skipped
from commtui.activity.refusals import CampaignEnded, CampaignNameTaken
from commtui.activity.resolve_campaign import campaign as campaign_named
from commtui.activity.tags import tag_name
from commtui.marketing.posts import account_named
from commtui.model import goals, ids, text
from commtui.model.campaign_records import HELD_FOR, Campaign, CampaignState, Goal
from commtui.model.outgoing import after_pause
from commtui.model.records import Outgoing
from commtui.model.slots import SlotError, slots_of
from commtui.model.states import HELD_BY_CAMPAIGN, LEAVING, OutgoingState, transition

NO_GOAL: Final = "none"
"""The word that takes a goal away."""
NOT_BEGUN: Final = (OutgoingState.DRAFT, OutgoingState.REVIEW, OutgoingState.DISCARDED)
"""The states of posts with which a campaign is only planned."""


class Plan(Struct, frozen=True, kw_only=True):
    """What a person writes down about a campaign. None: it stays as it is."""

    name: str | None = None
    intention: str | None = None
    goal: str | None = None
    """As typed, such as `5 posts by 2027-06-01`; NO_GOAL takes it away."""
    reached: int | None = None
    """How many clicks or followers there are so far; another goal begins without."""
    audience: str | None = None
    message: str | None = None
    accounts: Sequence[str] | None = None
    """Their names."""
    tags: Sequence[str] | None = None
    slots: Sequence[str] | None = None
    """As typed, such as `mon,thu 9:00`; an empty one among them is left out."""


def add(desk: Desk, plan: Plan) -> Outcome:
    """Makes a campaign. Raises NoCampaignName, CampaignNameTaken, BadGoal, BadTag, BadSlot, UnknownName."""
    new = Campaign(id=ids.fresh(ids.CAMPAIGN), name="", created_at=desk.now, zone=desk.zone)
    with recorded_step(desk, "campaign add", (new.id,)) as step:
        made = _planned(desk, new, replace(plan, name=plan.name or ""))
        step.write.put(made)
        step.detail = made.name
    return Outcome(verb="campaign add", ids=(made.id,), op_id=step.op_id, value=made.name)


def edit(desk: Desk, named: str, plan: Plan) -> Outcome:
    """Changes what is written down about a campaign. Raises as `add`, and UnknownName for the campaign itself."""
    with recorded_step(desk, "campaign edit", (campaign_named(desk.store, named).id,)) as step:
        before = campaign_named(desk.store, named)
        made = _planned(desk, before, plan)
        step.write.put(made)
        step.detail = made.name
    return _outcome("campaign edit", made, step)


def _planned(desk: Desk, campaign: Campaign, plan: Plan) -> Campaign:
    """Returns the campaign as planned. Raises as `add`."""
    given = {name: value for name in ("intention", "audience") if (value := getattr(plan, name)) is not None}
    fields: dict[str, object] = {name: _line(value) for name, value in given.items()}
    if plan.name is not None:
        fields["name"] = _free_name(desk, campaign, plan.name)
    if plan.goal is not None:
        fields["goal"] = goal = _goal(desk, campaign, plan.goal)
        fields["reached"] = campaign.reached if goal == campaign.goal else None
    if plan.reached is not None:
        fields["reached"] = plan.reached
    if plan.message is not None:
        fields["message"] = text.clean(plan.message).strip()
    if plan.accounts is not None:
        fields["accounts"] = tuple(account_named(desk, name).id for name in dict.fromkeys(plan.accounts))
    if plan.tags is not None:
        fields["tags"] = tuple(sorted({tag_name(tag) for tag in plan.tags}))
    if plan.slots is not None:
        fields["slots"] = _slots(plan.slots)
    return replace(campaign, **fields)


def _slots(given: Sequence[str]) -> tuple[str, ...]:
    """Raises BadSlot."""
    lines = tuple(filter(None, map(_line, given)))
    try:
        slots_of(lines)
    except SlotError as error:
        raise BadSlot(error) from error
    return lines


def _line(value: str) -> str:
    return text.one_line(text.clean(value)).strip()


def _free_name(desk: Desk, campaign: Campaign, given: str) -> str:
    """Returns a name that no other campaign has. Raises NoCampaignName, CampaignNameTaken."""
    name = _line(given)
    is_id = len(name) == ids.LENGTH + 1 and name[:1].lower() == ids.CAMPAIGN and ids.prefix_range(name) is not None
    if not name or is_id:
        raise NoCampaignName(given)
    other = desk.store.campaigns.named(name)
    if other is not None and other.id != campaign.id:
        raise CampaignNameTaken(other.name)
    return name


def _goal(desk: Desk, campaign: Campaign, given: str) -> Goal | None:
    """Raises BadGoal."""
    if given.strip().lower() in ("", NO_GOAL):
        return None
    try:
        return goals.parse(given, desk.now, campaign.zone)
    except goals.GoalError as error:
        raise BadGoal(error) from error


def pause(desk: Desk, named: str) -> Outcome:
    """Keeps a campaign's posts from leaving until it goes on: what is scheduled is held, in the same transaction.

    What leaves at this moment is left out, and named. Raises UnknownName, AmbiguousId, CampaignEnded.
    """
    with recorded_step(desk, "campaign pause", (campaign_named(desk.store, named).id,)) as step:
        campaign = campaign_named(desk.store, named)
        if campaign.state is CampaignState.DONE:
            raise CampaignEnded(campaign.name)
        return _stop(desk, step, "campaign pause", replace(campaign, state=CampaignState.PAUSED))


def end(desk: Desk, named: str) -> Outcome:
    """Ends a campaign. What is still scheduled is held, as by a pause. Raises UnknownName, AmbiguousId."""
    with recorded_step(desk, "campaign end", (campaign_named(desk.store, named).id,)) as step:
        campaign = campaign_named(desk.store, named)
        if campaign.state is not CampaignState.DONE:
            campaign = replace(campaign, state=CampaignState.DONE, ended_at=desk.now)
        return _stop(desk, step, "campaign end", campaign)


def _stop(desk: Desk, step: Step, verb: str, campaign: Campaign) -> Outcome:
    """Writes a campaign that is paused or done, and holds what would leave."""
    items = desk.store.outgoing.of_campaign(campaign.id)
    reason = HELD_FOR[campaign.state]
    held = {
        item.id: replace(item, state=transition(item.state, "hold"), reason=reason, force=False)
        for item in items
        if item.state in LEAVING
    }
    step.write.put(campaign)
    step.write.put_each(Outgoing, held)
    step.detail = campaign.name
    leaving = tuple(Skipped(item.id, item.state) for item in items if item.state is OutgoingState.SENDING)
    return replace(_outcome(verb, campaign, step), posts=_posts(held.values()), skipped=leaving)


def resume(desk: Desk, named: str) -> Outcome:
    """Lets a campaign go on that was paused or has ended, and releases what that holds, and nothing else.

    A post whose time is over follows its late policy (`model.outgoing.after_pause`). Raises UnknownName, AmbiguousId.
    """
    with recorded_step(desk, "campaign resume", (campaign_named(desk.store, named).id,)) as step:
        campaign = campaign_named(desk.store, named)
        items = desk.store.outgoing.of_campaign(campaign.id)
        if campaign.state in HELD_FOR:
            has_begun = any(item.state not in NOT_BEGUN for item in items)
            state = CampaignState.RUNNING if has_begun else CampaignState.PLANNED
            campaign = replace(campaign, state=state, ended_at=None)
        kept = [item for item in items if item.state is OutgoingState.HELD and item.reason in HELD_BY_CAMPAIGN]
        freed = {item.id: after_pause(item, desk.now, desk.settings.hold, desk.settings.overdue_post) for item in kept}
        step.write.put(campaign)
        step.write.put_each(Outgoing, freed)
        step.detail = campaign.name
    return replace(_outcome("campaign resume", campaign, step), released=_released(freed))


def _released(freed: Mapping[str, Outgoing]) -> Released:
    """Returns how many posts became what; one of which a variant leaves counts as leaving."""
    by_state = {
        state: {item.post or item.id for item in freed.values() if item.state is state}
        for state in (OutgoingState.SCHEDULED, OutgoingState.HELD, OutgoingState.SKIPPED)
    }
    leaving, held, skipped = by_state.values()
    return Released(len(leaving), len(held - leaving), len(skipped - leaving - held))


def _posts(items: Iterable[Outgoing]) -> int:
    return len({item.post or item.id for item in items})


def _outcome(verb: str, campaign: Campaign, step: Step) -> Outcome:
    return Outcome(verb=verb, ids=(campaign.id,), op_id=step.op_id if step.changed else None, value=campaign.name)
