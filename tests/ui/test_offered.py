"""What a key does is offered where it does something, and acts on what is marked; what is empty names the way out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.community import replies
from commtui.marketing import posts
from commtui.model.records import AccountState, Act, ActKind, Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState
from tests.ui.fill import services_in
from tests.ui.screen import drive, message, shown, type_into

pytestmark = pytest.mark.usefixtures("waits_for_work")

SIZES = [(80, 24), (40, 12), (120, 40)]


def flowing(app):
    return " ".join(shown(app).split())


def sent(services, *texts):
    """The first conversation has been answered with these texts, one after the other."""
    conversation = services.store.all(Conversation)[0]
    for number, text in enumerate(texts):
        item, _ = replies.reply(services.desk(), conversation.id, text)
        at = services.clock.now() + timedelta(seconds=number)
        with services.store.write() as write:
            write.put(replace(item, state=OutgoingState.SENT, remote_id=f"r{number}", sent_at=at))


@pytest.mark.parametrize("size", SIZES)
def test_the_newest_answer_of_a_conversation_is_deleted_from_its_row_or_its_thread(tmp_path, size):
    services = services_in(tmp_path, 2)
    sent(services, "first answer", "second answer")
    with services.store.write() as write:
        [state] = services.store.all(AccountState)
        write.put(replace(state, capabilities=replace(state.capabilities, delete=True)))

    async def scenario(app, pilot):
        await pilot.press("space", "w", "enter")
        await pilot.pause()
        await pilot.press("space", "d")
        await pilot.pause()
        assert "delete for everybody: 'second answer'?" in flowing(app)
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario, size)
    (act,) = services.store.all(Act)
    assert (act.kind, act.target, act.state) == (ActKind.DELETE, "r1", OutgoingState.SCHEDULED)


def test_where_nothing_of_ours_is_out_that_is_said(tmp_path):
    services = services_in(tmp_path, 2)

    async def scenario(app, pilot):
        await pilot.press("space", "d")
        await pilot.pause()
        assert message(app) == "nothing of ours is out in this conversation"

    drive(services, scenario)


@pytest.mark.parametrize(("key", "kind"), [("f", ActKind.FAVOURITE), ("b", ActKind.BOOST)])
def test_an_act_is_done_to_each_marked_row_as_one_step(tmp_path, key, kind):
    services = services_in(tmp_path, 4)

    async def scenario(app, pilot):
        await pilot.press("x", "x", "x", "space", key)
        await pilot.pause()
        assert "3 conversations?" in flowing(app)
        await pilot.press("y")
        await pilot.pause()
        assert [act.kind for act in services.store.all(Act)] == [kind] * 3
        assert len({act.target for act in services.store.all(Act)}) == 3
        assert f"will {kind.value} @" in message(app)
        await pilot.press("u")
        await pilot.pause()

    drive(services, scenario)
    assert not any(act.state is OutgoingState.SCHEDULED for act in services.store.all(Act))


def test_marked_authors_are_blocked_once_each(tmp_path):
    services = services_in(tmp_path, 3)
    with services.store.write() as write:
        [state] = services.store.all(AccountState)
        write.put(replace(state, capabilities=replace(state.capabilities, block=True)))
        for mention in services.store.all(Mention)[:2]:
            write.put(replace(mention, author="@spam@example.org", author_id="spam"))

    async def scenario(app, pilot):
        await pilot.press("*", "space", "k")
        await pilot.pause()
        assert "block the author of 3 conversations?" in flowing(app)
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario)
    assert sorted(act.kind for act in services.store.all(Act)) == [ActKind.BLOCK] * 2


def test_held_posts_that_are_marked_are_released_together(tmp_path):
    services = services_in(tmp_path, 1)
    for number in range(3):
        posts.write_post(services.desk(), f"post {number}", ["brand"], at=f"{number + 1}d")

    async def scenario(app, pilot):
        await pilot.press("3", "*", "h")
        await pilot.press("g", "x", "x", "space", "l")
        await pilot.pause()
        assert "release, each at its time: 2 items?" in flowing(app)
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario)
    states = sorted(item.state for item in services.store.all(Outgoing))
    assert states == [OutgoingState.HELD, OutgoingState.SCHEDULED, OutgoingState.SCHEDULED]


@pytest.mark.parametrize(
    ("pane", "offered", "not_offered"),
    [
        (
            "1",
            ("hand off", "delete what we sent", "favourite", "try again"),
            ("release what", "publish now", "discard"),
        ),
        ("2", ("release what", "publish now", "discard", "hand off"), ()),
        ("3", ("release what", "publish now", "delete what we sent"), ("hand off", "favourite", "block", "mark as")),
    ],
)
def test_the_leaders_menu_offers_what_works_in_the_pane(tmp_path, pane, offered, not_offered):
    services = services_in(tmp_path, 1)

    async def scenario(app, pilot):
        await pilot.press(pane, "space")
        await pilot.pause()
        assert all(words in shown(app) for words in offered), shown(app)
        assert not any(words in shown(app) for words in not_offered), shown(app)
        await pilot.press("escape")

    drive(services, scenario, (80, 40))


@pytest.mark.parametrize("size", SIZES)
def test_a_list_without_choices_says_what_to_press(tmp_path, size):
    services = services_in(tmp_path, 1, saved={"thanks": "Thank you"})

    async def scenario(app, pilot):
        await pilot.press("t")
        await pilot.pause()
        assert "none yet: type one, enter takes it" in flowing(app)
        await pilot.press("escape")
        await type_into(pilot, "m", "zzz")
        assert "none of that name: ctrl+u shows all" in flowing(app)
        await pilot.press("ctrl+u")
        await pilot.pause()
        assert "thanks" in shown(app) and "none of" not in shown(app)
        await pilot.press("escape")

    drive(services, scenario, size)
