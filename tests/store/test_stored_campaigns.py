"""Campaigns in the store: found by name, kept by a backup, and without the names of people who were erased."""

from datetime import date

import pytest
from msgspec.structs import replace

from commtui.community.erasing import erase
from commtui.config.paths import Home
from commtui.model import ids
from commtui.model.campaign_records import Campaign, CampaignState, Goal, GoalKind
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from commtui.store.store import Store
from commtui.triage.backup import backup, restore
from tests.triage.desks import BRAND, arrive


def campaign(desk, name, **fields):
    given = {"id": ids.fresh(ids.CAMPAIGN), "created_at": desk.now, "zone": "Europe/Berlin"}
    made = Campaign(name=name, **{**given, **fields})
    with desk.store.write() as write:
        write.put(made)
    return made


def variant(desk, of, text="hello"):
    made = Outgoing(
        id=ids.fresh(ids.VARIANT),
        account=BRAND.id,
        network="demo",
        text=text,
        state=OutgoingState.DRAFT,
        created_at=desk.now,
        key=ids.fresh_key(),
        post=ids.fresh(ids.POST),
        campaign=of,
    )
    with desk.store.write() as write:
        write.put(made)
    return made


def test_a_campaign_is_found_by_its_name_in_any_capitals_and_by_no_other(desk):
    spring = campaign(desk, "Spring Sale", goal=Goal(GoalKind.POSTS, 5, date(2027, 6, 1)), tags=("shop",))
    desk.clock.advance(1)
    strasse = campaign(desk, "Straße")
    assert desk.store.campaigns.named("spring SALE") == spring
    assert desk.store.campaigns.named("STRASSE") == strasse
    assert desk.store.campaigns.named("spring") is None
    with desk.store.write() as write:
        write.put(replace(spring, name="Summer Sale"))
    assert desk.store.campaigns.named("spring sale") is None
    assert desk.store.campaigns.names() == {spring.id: "Summer Sale", strasse.id: "Straße"}
    assert [found.id for found in desk.store.campaigns.all()] == [spring.id, strasse.id]


def test_the_variants_of_a_campaign_are_found_by_it(desk):
    spring, autumn = campaign(desk, "spring"), campaign(desk, "autumn")
    first, second = variant(desk, spring.id), variant(desk, spring.id)
    variant(desk, autumn.id)
    variant(desk, None)
    assert desk.store.outgoing.of_campaign(spring.id) == [first, second]


def test_a_backup_has_the_campaigns(desk, home, tmp_path):
    goal = Goal(GoalKind.REPLIES, 40, date(2027, 1, 31))
    spring = campaign(desk, "spring", goal=goal, state=CampaignState.PAUSED, accounts=(BRAND.id,), message="two\nlines")
    post = variant(desk, spring.id)
    backup(desk, home, tmp_path / "copy.jsonl")
    other = Home.at(tmp_path / "other")
    other.prepare()
    restore(other, tmp_path / "copy.jsonl")
    store = Store(other.data)
    assert store.campaigns.named("SPRING") == spring
    assert [item.id for item in store.outgoing.of_campaign(spring.id)] == [post.id]
    store.close()


@pytest.mark.parametrize("field", ["name", "intention", "audience", "message"])
def test_an_erasure_takes_the_name_of_a_person_out_of_a_campaign(desk, field):
    words = "as @ada@example.org asked"
    made = campaign(desk, **{"name": "spring", field: words})
    mention = arrive(desk, "1")
    erase(desk, mention.id)
    left = desk.store.get(Campaign, made.id)
    assert left is not None
    assert "ada" not in getattr(left, field) and getattr(left, field).startswith("as ")
    assert replace(left, **{field: words}) == made
