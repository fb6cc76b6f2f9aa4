"""Likes, boosts and follows: a list of their own, one key away, and never in the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.community import intake, joining
from commtui.config.settings import KEYMAPS
from commtui.marketing import posts
from commtui.model.records import Outgoing
from commtui.triage.engagement import count, engaged
from commtui.ui.keys.keymap import build
from commtui.ui.verbs import copying
from tests.triage.desks import sent, status
from tests.ui.fill import ACCOUNT, OWNER, services_in
from tests.ui.screen import drive, inbox, lines, message, shown, typed, until
from tests.ui.terminal import inbox as on_terminal


def engage(services, kind, target, who, minutes=0, **fields):
    at = services.clock.moment - timedelta(minutes=minutes)
    with services.store.write() as write:
        intake.add_engagement(services.store, write, OWNER, kind, target, f"@{who}@example.org", at, **fields)


def with_post(folder):
    """A home with a post of ours that two liked and one boosted, one from elsewhere that one liked, and a follow."""
    services = services_in(folder, 2)
    desk = services.desk()
    posts.write_post(desk, "Weekend! The roaster runs", [ACCOUNT.name])
    post = sent(desk, services.store.all(Outgoing)[0], "p1")
    engage(services, "like", "p1", "ada", 30)
    engage(services, "like", "p1", "bo", 20)
    engage(services, "boost", "p1", "ada", 10)
    other = status("p2", services.clock.moment, "From the web page", url="https://example.social/p2")
    engage(services, "like", "p2", "cy", 60, status=other)
    engage(services, "follow", None, "dee", 5)
    return services, post


def test_they_are_folded_by_post_the_newest_first(tmp_path):
    services, post = with_post(tmp_path)
    follows, ours, elsewhere = engaged(services.desk())
    assert (follows.target, follows.follows, follows.people) == (None, 1, ("@dee@example.org",))
    assert (ours.likes, ours.boosts, ours.post, ours.text) == (2, 1, post.id, "Weekend! The roaster runs")
    assert ours.people == ("@ada@example.org", "@bo@example.org")
    assert (elsewhere.text, elsewhere.url, elsewhere.post) == ("From the web page", "https://example.social/p2", None)


def test_one_key_shows_them_and_what_is_new_since_the_last_look(tmp_path):
    services, post = with_post(tmp_path)

    async def scenario(app, pilot):
        assert "2 open" in lines(app)[0]
        await pilot.press("X")
        await pilot.pause()
        assert "Engagement" in lines(app)[0] and "3 new" in lines(app)[0], shown(app)
        assert "2 likes 1 boost" in lines(app)[2] and "Weekend! The roaster" in lines(app)[2], shown(app)
        assert "1 follow" in lines(app)[1] and "new followers" in lines(app)[1]
        services.clock.moment += timedelta(minutes=1)
        engage(services, "boost", "p2", "eve")
        await pilot.pause()
        assert "1 like 1 boost" in lines(app)[1], shown(app)
        await pilot.press("q")
        services.clock.moment += timedelta(minutes=1)
        engage(services, "like", "p1", "fay")
        await pilot.press("X")
        await pilot.pause()
        assert "1 new" in lines(app)[0] and lines(app)[1][:3] == "> *" and "3 likes" in lines(app)[1], shown(app)
        await pilot.press("L")
        await pilot.pause()
        assert inbox(app).panes.pane.name == "posts" and inbox(app).thread.open_about == post.id

    drive(services, scenario)


def test_they_are_among_the_views_with_the_number_of_their_rows(tmp_path):
    services, _ = with_post(tmp_path)
    assert count(services.desk()) == len(engaged(services.desk())) == 3

    async def scenario(app, pilot):
        await pilot.press("W")
        await typed(pilot, "engag")
        await pilot.pause()
        assert next(line for line in lines(app) if line.startswith("> engagement ")).split()[2] == "3", shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "Engagement" in lines(app)[0] and "1 follow" in lines(app)[1], shown(app)

    drive(services, scenario)


def test_a_post_from_elsewhere_has_its_link_only(tmp_path, monkeypatch):
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    services, _ = with_post(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("X")
        await pilot.pause()
        await pilot.press("G", "enter")
        await pilot.pause()
        assert "over SSH, open it where you are: https://example.social/p2" in lines(app)[-1], shown(app)
        await pilot.press("L")
        await pilot.pause()
        assert "was not written in commtui: https://example.social/p2" in shown(app)
        await pilot.press("g", "enter")  # the follows
        await pilot.pause()
        assert "it has no link to open" in lines(app)[-1]
        assert "Engagement" in lines(app)[0] and lines(app)[1].startswith(">")  # nothing has ended the list
        await pilot.press("j")
        await pilot.pause()
        assert "open the link" in lines(app)[-1]

    drive(services, scenario)


def test_a_browser_that_fails_says_so_in_the_list_or_where_the_person_went_since(tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "LOOK", 0.01)
    services, _ = with_post(tmp_path)
    fails = tmp_path / "fails"
    waiting = f"while [ ! -e '{fails}' ]; do sleep 0.05; done; false"
    services.settings = replace(services.settings, open=("sh", "-c", waiting))

    async def scenario(app, pilot):
        await pilot.press("X")
        await pilot.pause()
        await pilot.press("G", "enter")
        fails.touch()
        await until(pilot, lambda: "! sh did not open it: https://example.social/p2" in lines(app)[-1])
        fails.unlink()
        await pilot.press("enter", "q")
        await pilot.pause()
        assert "Engagement" not in lines(app)[0]
        fails.touch()
        await until(pilot, lambda: "! sh did not open it" in message(app))

    drive(services, scenario)


def test_out_of_an_opened_post_leads_back_to_its_row(tmp_path):
    services, post = with_post(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("X")
        await pilot.pause()
        await pilot.press("j", "L")
        await pilot.pause()
        assert inbox(app).thread.open_about == post.id
        await pilot.press("q")
        await pilot.pause()
        assert "Engagement" in lines(app)[0] and "3 new" in lines(app)[0], shown(app)
        assert lines(app)[2].startswith(">") and "Weekend!" in lines(app)[2]
        await pilot.press("q")
        await pilot.pause()
        assert "Engagement" not in lines(app)[0]

    drive(services, scenario)


@pytest.mark.parametrize("preset", KEYMAPS)
def test_each_preset_has_its_key(preset):
    assert build(preset, {}).shown("engagement") == "X"


def test_on_a_terminal_of_80_by_24(tmp_path):
    with_post(tmp_path)[0].store.close()
    with on_terminal(tmp_path, 0) as terminal:
        terminal.until("open")
        terminal.press("X")
        text = terminal.until("Engagement")
        assert "2 likes 1 boost" in text and "@ada @bo" in text, text
        terminal.press("q")
        terminal.until(lambda shown: "Engagement" not in shown)


def test_the_text_of_a_post_from_elsewhere_comes_with_an_answer_to_it(tmp_path):
    services = services_in(tmp_path, 0)
    engage(services, "like", "p9", "ada")
    assert engaged(services.desk())[0].text == ""
    with services.store.write() as write:
        ours = status("p9", services.clock.moment, "Said in a browser", ours=True, author="@brand@example.social")
        joining.add_context(services.store, write, OWNER, "c0000000000", ours, services.clock.moment)
    assert engaged(services.desk())[0].text == "Said in a browser"
