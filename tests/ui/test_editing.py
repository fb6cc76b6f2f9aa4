"""Editing what is scheduled or out: what `y` does is named, the copies of a post are told apart, words are kept."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commtui.config.settings import Account
from commtui.marketing import posts
from commtui.model.records import AccountState, Outgoing
from commtui.model.states import OutgoingState
from tests.ui.fill import ACCOUNT, services_in
from tests.ui.screen import drive, message, shown, typed

SHOP = Account(name="shop", network="mastodon", server="https://shop.example", user="shop@shop.example")


@pytest.fixture
def services(tmp_path):
    """A post that is scheduled on two accounts."""
    services = services_in(tmp_path, 1, accounts=(ACCOUNT, SHOP))
    state = services.store.get(AccountState, ACCOUNT.id)
    with services.store.write() as write:
        write.put(replace(state, id=SHOP.id, name="shop"))
    posts.write_post(services.desk(), "Open on Saturday", ["brand", "shop"], at="2d")
    return services


def texts(services):
    return sorted(item.text for item in services.store.all(Outgoing))


async def edited(pilot, words, *keys):
    await pilot.press("3", "r")
    await pilot.pause()
    await typed(pilot, words)
    await pilot.press("escape", *keys)
    await pilot.pause()


def test_the_review_says_save_and_which_copy_stays_as_it_is(services):
    async def scenario(app, pilot):
        await edited(pilot, " X")
        assert "y save" in shown(app) and "y send" not in shown(app) and "save draft" not in shown(app)
        assert "scheduled, on brand, not on shop" in shown(app) or "scheduled, on shop, not on brand" in shown(app)
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario)
    assert texts(services) == ["Open on Saturday", "Open on Saturday X"]
    assert {item.state for item in services.store.all(Outgoing)} == {OutgoingState.SCHEDULED}


def test_a_key_edits_all_copies_as_one_step(services):
    async def scenario(app, pilot):
        await edited(pilot, " X", "a")
        assert "scheduled, on brand, shop" in shown(app) and "a this one only" in shown(app)
        await pilot.press("y")
        await pilot.pause()
        assert texts(services) == ["Open on Saturday X", "Open on Saturday X"]
        await pilot.press("u")
        await pilot.pause()

    drive(services, scenario)
    assert texts(services) == ["Open on Saturday", "Open on Saturday"]


def test_copies_that_differ_are_edited_one_by_one(services):
    async def scenario(app, pilot):
        await edited(pilot, " X", "y")
        await pilot.press("r")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert "copies" not in shown(app) and "not on" not in shown(app)

    drive(services, scenario)


def test_words_that_are_kept_stand_there_at_the_next_edit_and_are_not_called_a_draft(services):
    async def scenario(app, pilot):
        await edited(pilot, " X", "p")
        assert "kept for the next edit" in message(app) and "draft" not in message(app)
        assert texts(services) == ["Open on Saturday", "Open on Saturday"]
        await pilot.press("r")
        await pilot.pause()
        assert "Open on Saturday X" in shown(app)
        await pilot.press("escape", "d")
        await pilot.pause()
        await pilot.press("r", "escape", "p")
        await pilot.pause()
        assert "nothing was changed" in message(app)

    drive(services, scenario)
    assert texts(services) == ["Open on Saturday", "Open on Saturday"]


def test_the_account_has_one_name_in_list_thread_composer_and_message(services):
    async def scenario(app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert "on brand" in shown(app) and "mastodon" not in shown(app)
        await pilot.press("r")
        await pilot.pause()
        assert "from brand" in shown(app) and "on brand" in shown(app) and "mastodon" not in shown(app)
        await typed(pilot, "hello")
        await pilot.press("escape")
        assert "from brand" in shown(app) and "mastodon" not in shown(app)
        await pilot.press("y", "q", "2")
        await pilot.pause()
        assert "brand" in shown(app) and "mastodon" not in shown(app)

    drive(services, scenario)
