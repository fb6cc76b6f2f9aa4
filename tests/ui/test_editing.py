"""Editing what is scheduled or out: what `y` does is named, the copies of a post are told apart, words are kept."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commtui.config.settings import Account
from commtui.marketing import posts
from commtui.model.records import AccountState, Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import changes
from tests.ui.fill import ACCOUNT, services_in
from tests.ui.screen import drive, message, shown, typed

pytestmark = pytest.mark.usefixtures("waits_for_work")

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


def can_media(services):
    with services.store.write() as write:
        for state in services.store.all(AccountState):
            able = replace(state.capabilities, media=True, content_warning=True)
            write.put(replace(state, capabilities=able, limits=replace(state.limits, media=4)))


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
        assert "copies" not in shown(app)
        assert "not on shop (it differs)" in shown(app) or "not on brand (it differs)" in shown(app)

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


async def all_to_friday(app, pilot):
    """Gives every copy of the first post another time."""
    await to_review(pilot, "a", "t")
    await typed(pilot, "fri 14:30")
    await pilot.press("enter", "y")
    await pilot.pause()


async def to_review(pilot, *keys):
    await pilot.press("3", "r", "escape", *keys)
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
def test_a_file_and_a_time_are_chosen_as_when_it_was_composed_and_saved_as_one_step(services, tmp_path, size):
    can_media(services)
    (tmp_path / "shop.png").write_bytes(b"x" * 90)
    before = services.store.all(Outgoing)

    async def scenario(app, pilot):
        await to_review(pilot)
        words = " ".join(shown(app).split())
        assert "m media" in words and "t time" in words and "w warning" in words and "Wed 25 Nov 13:00" in words
        await pilot.press("m")
        await pilot.pause()
        await typed(pilot, f"{tmp_path}/shop.png")
        await pilot.press("enter")
        await typed(pilot, "our door")
        await pilot.press("enter", "t")
        await typed(pilot, "fri 14:30")
        await pilot.press("enter")
        await pilot.pause()
        words = " ".join(shown(app).split())
        assert "Fri 27 Nov 14:30" in words and "not on " in words and "+ shop.png: our door" in words
        assert services.store.all(Outgoing) == before, "nothing of it is sent before it is saved"
        await pilot.press("y")
        await pilot.pause()
        changed, other = sorted(services.store.all(Outgoing), key=lambda item: not item.media)
        assert [(file.alt, file.kind) for file in changed.media] == [("our door", "image")]
        assert changed.scheduled_at and changed.scheduled_at.isoformat() == "2026-11-27T13:30:00+00:00"
        assert (changed.state, changed.hold_window) == (OutgoingState.SCHEDULED, False)
        assert other in before
        await pilot.press("u")
        await pilot.pause()

    drive(services, scenario, size)
    undone = {item.id: (item.media, item.scheduled_at, item.text) for item in services.store.all(Outgoing)}
    assert undone == {item.id: (item.media, item.scheduled_at, item.text) for item in before}


def test_all_copies_get_the_time(services):
    drive(services, all_to_friday)
    times = {item.scheduled_at.isoformat() for item in services.store.all(Outgoing)}
    assert times == {"2026-11-27T13:30:00+00:00"}


def test_a_held_post_stays_held_with_its_new_time(services):
    first = services.store.all(Outgoing)[0]
    changes.hold(services.desk(), [item.id for item in services.store.all(Outgoing)])

    drive(services, all_to_friday)
    assert {item.state for item in services.store.all(Outgoing)} == {OutgoingState.HELD}
    assert {item.scheduled_at for item in services.store.all(Outgoing)} != {first.scheduled_at}


def test_what_is_out_or_failed_has_no_time_to_choose(services):
    one, other = services.store.all(Outgoing)
    with services.store.write() as write:
        write.put(replace(one, state=OutgoingState.SENT, sent_at=services.clock.now(), remote_id="1"))
        write.put(replace(other, state=OutgoingState.FAILED, error="no"))

    async def scenario(app, pilot):
        await pilot.press("3")
        for _ in range(2):
            await pilot.press("r", "escape")
            await pilot.pause()
            assert "e/esc edit" in shown(app) and "t time" not in shown(app)
            await pilot.press("d", "backslash")
            await typed(pilot, "is:sent")
            await pilot.press("enter")
            await pilot.pause()

    drive(services, scenario)


def test_a_file_that_is_kept_for_the_next_edit_is_there_after_a_start(services, tmp_path):
    can_media(services)
    (tmp_path / "shop.png").write_bytes(b"x" * 90)

    async def keep(app, pilot):
        await to_review(pilot, "m")
        await typed(pilot, f"{tmp_path}/shop.png")
        await pilot.press("enter", "enter", "p")
        await pilot.pause()
        assert "kept for the next edit" in message(app)

    async def go_on(app, pilot):
        await to_review(pilot)
        assert "+ shop.png: no alt text" in shown(app)
        await pilot.press("y")
        await pilot.pause()

    drive(services, keep)
    assert not any(item.media for item in services.store.all(Outgoing))
    drive(services, go_on)
    assert sorted(len(item.media) for item in services.store.all(Outgoing)) == [0, 1]
