"""Campaigns on the screen."""

from __future__ import annotations

import pytest

from commtui.marketing import campaigns, posts
from commtui.marketing.campaigns import Plan
from commtui.model.records import Outgoing
from tests.ui.fill import services_in
from tests.ui.screen import drive, shown, type_into, typed

pytestmark = pytest.mark.usefixtures("waits_for_work")


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
def test_a_post_gets_its_campaign_by_the_list_and_its_row_and_detail_name_it(tmp_path, size):
    services = services_in(tmp_path)
    campaigns.add(services.desk(), Plan(name="Open Day", intention="people on the quay"))
    campaigns.add(services.desk(), Plan(name="autumn"))
    campaigns.add(services.desk(), Plan(name="gone"))
    campaigns.end(services.desk(), "gone")

    async def scenario(app, pilot):
        await type_into(pilot, "c", "The drum runs", "escape", "c")
        assert "Open Day" in shown(app) and "autumn" in shown(app) and "gone" not in shown(app)
        await typed(pilot, "ope")
        await pilot.press("enter")
        await pilot.pause()
        assert "campaign Open Day" in shown(app)
        await pilot.press("t")
        await typed(pilot, "tomorrow 9:00")
        await pilot.press("enter", "y")
        await pilot.pause()
        [item] = services.store.all(Outgoing)
        assert item.campaign == services.store.campaigns.named("open day").id
        await pilot.press("3")
        await pilot.pause()
        if size[0] > 40:
            assert "[Open Day]" in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "campaign Open Day" in shown(app)

    drive(services, scenario, size=size)


def test_without_a_campaign_the_review_offers_none_and_a_campaign_can_be_taken_away(tmp_path):
    services = services_in(tmp_path)

    async def scenario(app, pilot):
        await type_into(pilot, "c", "The drum runs", "escape")
        assert "c campaign" not in shown(app)
        campaigns.add(services.desk(), Plan(name="Open Day"))
        await pilot.press("e", "escape", "c", "enter")
        await pilot.pause()
        assert "campaign Open Day" in shown(app)
        campaigns.pause(services.desk(), "open day")
        await pilot.press("e", "escape")
        await pilot.pause()
        assert "paused: it will be held" in shown(app)
        await pilot.press("c")
        await typed(pilot, "none")
        await pilot.press("enter")
        await pilot.pause()
        assert "Open Day" not in shown(app)
        await pilot.press("p")
        await pilot.pause()
        assert [item.campaign for item in services.store.all(Outgoing)] == [None]

    drive(services, scenario)


def test_a_filter_by_campaign_shows_its_posts(tmp_path):
    services = services_in(tmp_path)
    desk = services.desk()
    campaigns.add(desk, Plan(name="Open Day"))
    posts.write_post(desk, "of the campaign", ["brand"], at="tomorrow 9:00", campaign="open day")
    posts.write_post(desk, "of none", ["brand"], at="tomorrow 9:00")

    async def scenario(app, pilot):
        await pilot.press("3", "backslash")
        await typed(pilot, 'campaign:"open day"')
        await pilot.press("enter")
        await pilot.pause()
        assert "of the campaign" in shown(app) and "of none" not in shown(app)

    drive(services, scenario)
