"""Campaigns on the screen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commtui.community import intake
from commtui.marketing import campaigns, posts
from commtui.marketing.campaigns import Plan
from commtui.model.records import Outgoing, Via
from tests.triage.desks import sent, status
from tests.ui.fill import OWNER, services_in
from tests.ui.screen import drive, lines, shown, type_into, typed, until
from tests.ui.terminal import inbox

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


def with_campaigns(folder):
    """A home with two campaigns: one with three posts, of which one is out and answered; one without a goal."""
    services = services_in(folder)
    desk = services.desk()
    campaigns.add(desk, Plan(name="Open Day", goal="4 posts by 2099-06-01", intention="people on the quay"))
    services.clock.moment += timedelta(seconds=1)
    campaigns.add(services.desk(), Plan(name="autumn"))
    for number in range(3):
        posts.write_post(desk, f"news {number}", ["brand"], at=f"{number + 2}d", campaign="open day")
    out = sorted(services.store.all(Outgoing), key=lambda item: item.text)[0]
    sent(desk, out, "p0")
    with services.store.write() as write:
        early = status("1", services.clock.moment, answers="p0")
        intake.add_mention(services.store, write, OWNER, early, Via.ANSWER, services.clock.moment)
    return services


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
def test_the_list_has_the_figures_and_follows_what_changes(tmp_path, size):
    services = with_campaigns(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("space", "P")
        await until(pilot, lambda: "Open Day" in shown(app))
        assert "Campaigns" in lines(app)[0] and "state" in lines(app)[1]
        row = lines(app)[2].split()
        figures = ["3", "1", "0", "0", "1", "0"] if size[0] >= 72 else []
        assert row == [">", "Open", "Day", "running", *figures, "1/4", "behind"], shown(app)
        assert lines(app)[3].split()[:2] == ["autumn", "planned"] and lines(app)[3].endswith("none")
        posts.write_post(services.desk(), "news 3", ["brand"], at="9d", campaign="open day")
        await until(pilot, lambda: "on pace" in lines(app)[2])
        await pilot.press("q")
        await pilot.pause()
        assert "Campaigns" not in lines(app)[0]

    drive(services, scenario, size=size)


def test_one_campaign_is_opened_paused_and_undone_and_its_posts_lead_back(tmp_path):
    services = with_campaigns(tmp_path)

    def states():
        return [item.state.value for item in sorted(services.store.all(Outgoing), key=lambda item: item.text)]

    async def scenario(app, pilot):
        await pilot.press("space", "P")
        await until(pilot, lambda: "Open Day" in shown(app))
        await pilot.press("enter")
        await until(pilot, lambda: "1 out + 2 scheduled by then = 3 of 4" in shown(app))
        assert "Open Day: running" in lines(app)[0] and "A post counts once" in shown(app)
        assert "3 planned: 1 out, 2 scheduled" in shown(app) and "1 reply in 1 conversation, 0 answered" in shown(app)
        await pilot.press("h")
        await until(pilot, lambda: "Open Day: paused" in lines(app)[0])
        assert "campaign Open Day paused: 2 posts held" in lines(app)[-1]
        assert states() == ["sent", "held", "held"] and "(campaign paused)" in shown(app)
        await pilot.press("h")
        assert "go on" in lines(app)[-1]
        await pilot.press("n")
        assert states() == ["sent", "held", "held"]
        await pilot.press("h", "y")
        await until(pilot, lambda: "Open Day: running" in lines(app)[0])
        assert states() == ["sent", "scheduled", "scheduled"]
        await pilot.press("u")
        await until(pilot, lambda: "Open Day: paused" in lines(app)[0])
        assert states() == ["sent", "held", "held"]
        await pilot.press("j", "enter")
        await pilot.pause()
        assert "campaign Open Day" in shown(app) and "news 1" in shown(app) and "planned" not in shown(app)
        await pilot.press("q")
        await until(pilot, lambda: "2 held" in shown(app))
        assert "news 1" in next(line for line in lines(app) if line.startswith(">"))
        await pilot.press("q")
        await until(pilot, lambda: "Campaigns" in lines(app)[0])
        await pilot.press("q")
        await pilot.pause()
        assert "Mentions" in lines(app)[0]

    drive(services, scenario)


def test_the_screen_of_a_campaign_whose_making_is_undone_leads_back(tmp_path):
    services = services_in(tmp_path)
    campaigns.add(services.desk(), Plan(name="Open Day"))

    async def scenario(app, pilot):
        await pilot.press("colon")
        await typed(pilot, "campaigns open day")
        await pilot.press("enter")
        await until(pilot, lambda: "Open Day: planned" in lines(app)[0])
        await pilot.press("u")
        await until(pilot, lambda: "no campaigns yet" in shown(app))

    drive(services, scenario)


def test_a_mention_under_a_post_of_a_campaign_names_it_and_one_key_leads_there_and_back(tmp_path):
    services = with_campaigns(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert "campaign Open Day" in shown(app)
        await pilot.press("q", "L")
        await pilot.pause()
        assert "news 0" in shown(app) and "the post under which it began" in shown(app)
        await pilot.press("L")
        await pilot.pause()
        assert "1 under this post" in shown(app)

    drive(services, scenario)


def test_on_a_terminal_what_another_process_pauses_is_seen(tmp_path):
    services = services_in(tmp_path)
    campaigns.add(services.desk(), Plan(name="Open Day"))
    services.store.close()
    with inbox(tmp_path) as terminal:
        terminal.until("open")
        terminal.press(" ", "P")
        terminal.until("Open Day")
        assert "planned" in terminal.text
        desk = services_in(tmp_path).desk()
        campaigns.pause(desk, "open day")
        terminal.until("paused")
        desk.store.close()
