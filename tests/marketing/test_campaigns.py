"""Campaigns: what is written down, the pause and what it holds, undo of each, and the figures against a slow count."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from commtui.activity.errors import BadGoal, BadSlot, NoCampaignName, UnknownName
from commtui.activity.refusals import CampaignEnded, CampaignNameTaken
from commtui.activity.undo import redo, undo
from commtui.marketing import campaigns, post_drafts, posts
from commtui.marketing.campaigns import Plan
from commtui.model import ids
from commtui.model.campaign_records import Campaign, CampaignState, Goal, GoalKind
from commtui.model.campaigns import Pace
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState, Reason
from commtui.outgoing import changes, rescheduling
from commtui.outgoing.form import Form
from commtui.triage.campaigns import counted
from tests.at_once import run_at_once
from tests.sentences import refused, told
from tests.triage.desks import BRAND, OTHER, desk_on


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


@pytest.fixture
def spring(desk):
    campaigns.add(desk, Plan(name="Spring"))
    return desk.store.campaigns.named("spring")


def write(desk, text="news", at="tomorrow 10:00", accounts=("brand",), campaign="spring", **fields):
    return posts.write_post(desk, text, accounts, at=at, campaign=campaign, **fields)[0]


def now_of(desk, item):
    return desk.store.get(Outgoing, item.id)


def standing(desk, *items):
    found = [now_of(desk, item) for item in items]
    return [(item.state.value, item.reason) for item in found]


def state_of(desk):
    return desk.store.campaigns.named("spring").state


def test_a_plan_is_kept_as_it_was_given_and_changed_field_by_field(desk):
    plan = Plan(
        name="  Open  Day ",
        intention="people on\nthe quay",
        goal="40 replies by 31.12.",
        audience="home roasters",
        message="one\ntwo",
        accounts=["brand", "other", "brand"],
        tags=["#Quay", "event"],
    )
    outcome = campaigns.add(desk, plan)
    made = desk.store.get(Campaign, outcome.ids[0])
    assert told(desk, outcome) == "campaign Open Day made"
    assert (made.name, made.intention, made.message) == ("Open Day", "people on the quay", "one\ntwo")
    assert made.goal == Goal(GoalKind.REPLIES, 40, date(2026, 12, 31))
    assert (made.accounts, made.tags) == ((BRAND.id, OTHER.id), ("event", "quay"))
    assert (made.state, made.zone) == (CampaignState.PLANNED, "Europe/Berlin")
    changed = campaigns.edit(desk, "open day", Plan(goal="none", name="OPEN day"))
    now = desk.store.get(Campaign, made.id)
    assert (now.goal, now.name, now.audience) == (None, "OPEN day", "home roasters")
    assert told(desk, changed) == "campaign OPEN day changed"
    assert told(desk, campaigns.edit(desk, made.id[:6], Plan(tags=["event", "quay"]))) == (
        "campaign OPEN day is so already"
    )
    undo(desk)
    assert desk.store.get(Campaign, made.id) == made
    undo(desk)
    assert desk.store.campaigns.all() == []
    redo(desk)
    assert desk.store.campaigns.all() == [made]


def test_a_name_is_unique_and_no_id(desk, spring):
    with refused(desk, CampaignNameTaken, "a campaign Spring already"):
        campaigns.add(desk, Plan(name="SPRING"))
    campaigns.add(desk, Plan(name="autumn"))
    with refused(desk, CampaignNameTaken, "a campaign Spring already"):
        campaigns.edit(desk, "autumn", Plan(name="spring"))
    for name in ("", " \n ", spring.id):
        with refused(desk, NoCampaignName):
            campaigns.add(desk, Plan(name=name))
    with refused(desk, UnknownName, "there are: Spring, autumn|there are: autumn, Spring"):
        campaigns.pause(desk, "winter")
    assert sorted(desk.store.campaigns.names().values()) == ["Spring", "autumn"]


def test_what_nothing_here_counts_is_said_by_hand_and_another_goal_begins_anew(desk):
    campaigns.add(desk, Plan(name="spring", goal="500 clicks by 2027-01-01", reached=20))
    campaigns.edit(desk, "spring", Plan(reached=120, audience="roasters"))
    assert counted(desk, desk.store.campaigns.named("spring")).figures.so_far == 120
    campaigns.edit(desk, "spring", Plan(audience="all"))
    assert desk.store.campaigns.named("spring").reached == 120
    campaigns.edit(desk, "spring", Plan(goal="50 followers by 2027-01-01"))
    assert counted(desk, desk.store.campaigns.named("spring")).figures.pace is Pace.NOT_COUNTED
    undo(desk)
    assert desk.store.campaigns.named("spring").reached == 120


def test_the_slots_of_a_campaign_go_before_those_of_its_accounts(desk):
    with refused(desk, BadSlot, "25:00"):
        campaigns.add(desk, Plan(name="spring", slots=["mon 25:00"]))
    campaigns.add(desk, Plan(name="spring", slots=["wed 9:00", "", "sat 10am,11am"]))
    assert desk.store.campaigns.named("spring").slots == ("wed 9:00", "sat 10am,11am")
    times = [write(desk, at="next slot")[0].scheduled_at.isoformat()[:16] for _ in range(3)]
    assert times == ["2026-11-25T08:00", "2026-11-28T09:00", "2026-11-28T10:00"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("five posts", "is no goal"),
        ("5 tweets by friday", "no goal counts tweets"),
        ("0 posts by friday", "no goal of 0"),
        ("5 posts by 2026-11-22", "is over"),
        ("5 posts by 9999-12-31", "too far away"),
        ("5 posts by whenever", "whenever"),
    ],
)
def test_what_is_no_goal_says_why(desk, text, words):
    with refused(desk, BadGoal, words):
        campaigns.add(desk, Plan(name="spring", goal=text))
    assert desk.store.campaigns.all() == []


def test_a_campaign_runs_once_something_of_it_is_scheduled(desk, spring):
    write(desk, draft=True)
    assert state_of(desk) is CampaignState.PLANNED
    item, other = write(desk, accounts=("brand", "other"))
    assert (item.campaign, other.campaign) == (spring.id, spring.id)
    assert state_of(desk) is CampaignState.RUNNING
    undo(desk)
    assert state_of(desk) is CampaignState.PLANNED


def test_a_pause_holds_what_is_scheduled_and_going_on_releases_that_and_nothing_else(desk, spring):
    scheduled, by_hand, drafted = write(desk)[0], write(desk)[0], write(desk, draft=True)[0]
    others = write(desk, campaign=None)[0]
    changes.hold(desk, [by_hand.id])
    before = [now_of(desk, item) for item in (scheduled, by_hand, drafted, others)]
    steps = len(list(desk.store.log.steps()))
    outcome = campaigns.pause(desk, "spring")
    assert told(desk, outcome) == "campaign Spring paused: 1 post held"
    assert len(list(desk.store.log.steps())) == steps + 1
    assert standing(desk, scheduled, by_hand, drafted, others) == [
        ("held", Reason.CAMPAIGN_PAUSED), ("held", Reason.BY_HAND), ("draft", None), ("scheduled", None),
    ]  # fmt: skip
    assert state_of(desk) is CampaignState.PAUSED
    assert told(desk, campaigns.pause(desk, "spring")) == "campaign Spring is paused already"
    outcome = campaigns.resume(desk, "spring")
    assert told(desk, outcome) == "campaign Spring goes on: 1 post scheduled again"
    assert [now_of(desk, item) for item in (scheduled, by_hand, drafted, others)] == before
    assert state_of(desk) is CampaignState.RUNNING


def test_what_a_person_holds_during_the_pause_stays_held(desk, spring):
    item = write(desk)[0]
    campaigns.pause(desk, "spring")
    changes.hold(desk, [item.id])
    campaigns.resume(desk, "spring")
    assert standing(desk, item) == [("held", Reason.BY_HAND)]


def test_a_post_with_two_accounts_is_one_post(desk, spring):
    write(desk, accounts=("brand", "other"))
    assert told(desk, campaigns.pause(desk, "spring")).endswith("paused: 1 post held")
    assert told(desk, campaigns.resume(desk, "spring")).endswith("goes on: 1 post scheduled again")


@pytest.mark.parametrize(
    ("late", "became", "words"),
    [
        ("publish", ("scheduled", None), "1 post scheduled again"),
        ("hold", ("held", Reason.LATE), "1 held for being late"),
        ("skip", ("skipped", Reason.LATE), "1 skipped for being late"),
    ],
)
def test_what_is_past_its_time_follows_its_late_policy(desk, spring, late, became, words):
    item, later = write(desk, at="1h", late=late)[0], write(desk, at="3h", late=late)[0]
    campaigns.pause(desk, "spring")
    desk.clock.advance(2 * 3600)
    assert words in told(desk, campaigns.resume(desk, "spring")).replace("2 posts", "1 post")
    assert standing(desk, item, later) == [became, ("scheduled", None)]
    assert now_of(desk, item).scheduled_at == item.scheduled_at
    assert now_of(desk, later) == later
    if late == "publish":  # there is a moment to take it back
        assert now_of(desk, item).next_try_at == desk.now + desk.settings.hold


def test_undo_and_redo_of_a_pause_and_of_what_follows(desk, spring):
    item = write(desk)[0]
    campaigns.pause(desk, "spring")
    held = now_of(desk, item)
    assert "scheduled again: 'news'" in told(desk, undo(desk))
    assert now_of(desk, item) == item and state_of(desk) is CampaignState.RUNNING
    redo(desk)
    assert now_of(desk, item) == held and state_of(desk) is CampaignState.PAUSED
    campaigns.resume(desk, "spring")
    undo(desk)
    assert now_of(desk, item) == held and state_of(desk) is CampaignState.PAUSED


def test_an_undo_of_a_campaign_that_has_posts_leaves_it(desk, spring):
    anna = desk_on(desk.store.folder, desk.clock, who="anna")
    write(anna)
    assert "campaign Spring has posts: it stays" in told(desk, undo(desk))
    assert desk.store.campaigns.named("spring") is not None


def test_what_is_scheduled_while_it_is_paused_is_held(desk, spring):
    draft = post_drafts.store_post(
        desk, None, "typed", ["brand"], desk.now + timedelta(days=1), Form(campaign=spring.id)
    )
    campaigns.pause(desk, "spring")
    items, outcome = posts.write_post(desk, "news", ["brand"], at="fri 10:00", campaign="spring")
    assert told(desk, outcome) == "post on brand held: campaign Spring is paused"
    assert told(desk, post_drafts.send_post(desk, draft)) == "post on brand held: campaign Spring is paused"
    [typed] = desk.store.outgoing.of_post(draft)
    assert standing(desk, items[0], typed) == [("held", Reason.CAMPAIGN_PAUSED)] * 2
    moved = rescheduling.reschedule(desk, [items[0].id], "sat 12:00")
    assert told(desk, moved).endswith("held until the campaign goes on")
    assert standing(desk, items[0]) == [("held", Reason.CAMPAIGN_PAUSED)]
    campaigns.resume(desk, "spring")
    assert standing(desk, items[0], typed) == [("scheduled", None)] * 2
    assert now_of(desk, items[0]).scheduled_at.isoformat() == "2026-11-28T11:00:00+00:00"


def test_an_ended_campaign_takes_no_posts_until_it_goes_on(desk, spring):
    item = write(desk)[0]
    desk.clock.advance(60)
    assert told(desk, campaigns.end(desk, "spring")) == "campaign Spring ended: 1 post held"
    assert standing(desk, item) == [("held", Reason.CAMPAIGN_ENDED)]
    assert desk.store.campaigns.named("spring").ended_at == desk.now
    assert told(desk, campaigns.end(desk, "spring")) == "campaign Spring has ended already"
    with refused(desk, CampaignEnded, "campaign resume"):
        write(desk)
    with refused(desk, CampaignEnded):
        campaigns.pause(desk, "spring")
    campaigns.resume(desk, "spring")
    assert desk.store.campaigns.named("spring").ended_at is None
    assert standing(desk, item) == [("scheduled", None)]


def test_a_campaign_of_which_nothing_was_scheduled_goes_on_as_planned(desk, spring):
    campaigns.pause(desk, "spring")
    campaigns.resume(desk, "spring")
    assert state_of(desk) is CampaignState.PLANNED


def test_a_draft_changes_its_campaign_in_all_variants(desk, spring):
    post = post_drafts.store_post(desk, None, "a", ["brand", "other"], form=Form(campaign=spring.id))
    assert {item.campaign for item in desk.store.outgoing.of_post(post)} == {spring.id}
    post_drafts.store_post(desk, post, "ab", ["brand", "other"])
    assert {item.campaign for item in desk.store.outgoing.of_post(post)} == {spring.id}
    post_drafts.store_post(desk, post, "abc", ["brand", "other"], form=Form(campaign=""))
    assert {item.campaign for item in desk.store.outgoing.of_post(post)} == {None}


PAUSER = """
import json, sys
from pathlib import Path
from commtui.marketing import campaigns
from tests.triage.desks import desk_on

desk = desk_on(Path(sys.argv[1]), who=sys.argv[2])
print("ready", flush=True)
input()
outcome = campaigns.pause(desk, "spring")
print(json.dumps([bool(outcome.op_id), outcome.posts]))
"""


def test_two_processes_that_pause_at_once_hold_each_post_once(desk, spring, tmp_path):
    for number in range(30):
        write(desk, f"news {number}", at=f"{number + 1}h")
    ended = run_at_once(*(["-c", PAUSER, str(tmp_path), who] for who in ("anna", "ben")))
    assert sorted(map(json.loads, ended)) == [[False, 0], [True, 30]]
    found = desk.store.outgoing.of_campaign(spring.id)
    assert {(item.state, item.reason) for item in found} == {(OutgoingState.HELD, Reason.CAMPAIGN_PAUSED)}
    assert sum(step.verb == "campaign pause" for step in desk.store.log.steps()) == 1


def test_the_log_tells_the_steps_of_a_campaign(desk, spring):
    campaigns.pause(desk, "spring")
    from commtui.activity.history import steps_of

    assert [step.verb for step in steps_of(desk, spring.id)] == ["campaign add", "campaign pause"]
    assert ids.prefix_range(spring.id) is not None
