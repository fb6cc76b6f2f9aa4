"""Nothing gets on its way by one key: the whole table of keys is pressed on an item in every state."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from textual import events

from commtui.activity import undo
from commtui.activity.refusals import WouldSend
from commtui.community import conversations, replies
from commtui.config.settings import KEYMAPS
from commtui.marketing import post_drafts, posts
from commtui.model.records import Act, ActKind, Conversation
from commtui.model.states import LEAVING, OutgoingState, Reason
from commtui.outgoing import acts, changes
from commtui.ui.keys import keymap
from commtui.ui.verbs import focus
from tests.sentences import told
from tests.ui.fill import services_in
from tests.ui.screen import drive, inbox, lines, message, typed

pytestmark = pytest.mark.usefixtures("waits_for_work")

RESTING = [state for state in OutgoingState if state not in LEAVING]
STOPS = {("hold", OutgoingState.APPROVED, OutgoingState.HELD)}
"""A key that stops what would leave by itself: no more public than before."""


def reply_of(services):
    reply, _ = replies.reply(services.desk(), services.store.all(Conversation)[0].id, "hello")
    return reply


def post_of(services):
    (post,), _ = posts.write_post(services.desk(), "news", ["brand"])
    return post


def put(services, item, state, **changes):
    with services.store.write() as write:
        write.put(replace(services.store.get(type(item), item.id), state=state, **changes))


def state_of(services, item):
    return services.store.get(type(item), item.id).state


async def leave_all(app, screen, pilot):
    """Away from every question, menu and screen, without an answer."""
    while app.screen is not screen:
        app.pop_screen()
        await pilot.pause()
    screen.prompt.display = screen.leader.display = False
    screen.status.display = True
    screen.panes.rows.mark(set())
    screen.set_focus(None)


@pytest.mark.slow
@pytest.mark.parametrize("make", [reply_of, post_of])
def test_no_single_key_puts_an_item_of_any_state_on_its_way(tmp_path, make):
    services = services_in(tmp_path, 2)
    item = make(services)
    changes.recall(services.desk(), [item.id])
    recalled = services.store.log.undo_stack("lea")[0][-1]
    keys = {bound[0]: name for name, bound in keymap.preset("default").items() if bound and name != "back"}
    assert {"undo", "redo", "repeat", "snooze", "recall", "hold", "reply", "edit"} <= set(keys.values())
    asked = set()

    async def scenario(app, pilot):
        screen = inbox(app)
        for state in RESTING:
            for key, name in keys.items():
                put(services, item, state, reason=Reason.BY_HAND, remote_id="s900")
                with services.store.write() as write:  # both ways of a step that sends are there to be taken
                    write.set_undo("lea", [recalled], [recalled])
                focus.go_to_pane(screen, "replies" if make is reply_of else "posts")
                screen.panes.pane.filter_text, screen.session.last_verb = "", ("snooze", "2h")
                screen.panes.pane.terms = ()
                await screen._on_key(events.Key(key, None))
                now = state_of(services, item)
                if now is not state and (name, state, now) not in STOPS:
                    assert now not in LEAVING | {OutgoingState.HELD}, f"{key} ({name}) makes what is {state} {now}"
                if screen.prompt.display:
                    asked.add(name)
                await leave_all(app, screen, pilot)

    drive(services, scenario)
    assert services.store.all(Act) == []
    assert {"undo", "snooze", "repeat"} <= asked


def test_every_preset_gives_keys_to_the_same_commands():
    commands = [{name for name, bound in keymap.preset(preset).items() if bound} for preset in KEYMAPS]
    assert commands[1] - commands[0] == set() and commands[2] - commands[0] <= {"mute"}


def test_a_recalled_reply_is_sent_again_by_undo_and_by_redo_only_after_a_yes(tmp_path):
    services = services_in(tmp_path, 2)
    reply = reply_of(services)

    async def scenario(app, pilot):
        await pilot.press("u")
        assert state_of(services, reply) is OutgoingState.DRAFT
        for keys, state in (
            (("U",), OutgoingState.DRAFT),
            (("n",), OutgoingState.DRAFT),
            (("U", "y"), OutgoingState.SCHEDULED),
            (("2", "b"), OutgoingState.DRAFT),
            (("u",), OutgoingState.DRAFT),
            (("escape",), OutgoingState.DRAFT),
            (("u", "y"), OutgoingState.SCHEDULED),
        ):
            await pilot.press(*keys)
            assert state_of(services, reply) is state, keys
            if len(keys) == 1 and keys[0] in "uU":
                assert "schedule 'hello' again?  y yes, any other key no" in lines(app)[-1]

    drive(services, scenario)


def test_an_act_that_was_taken_back_is_done_again_only_after_a_yes(tmp_path):
    services = services_in(tmp_path, 1)
    conversation = services.store.all(Conversation)[0]
    acts.act(services.desk(), ActKind.FAVOURITE, conversation.id)

    async def scenario(app, pilot):
        await pilot.press("u", "U")
        assert services.store.all(Act)[0].state is OutgoingState.DISCARDED
        assert "redo: schedule the favourite of @" in lines(app)[-1]
        await pilot.press("y")
        assert services.store.all(Act)[0].state is OutgoingState.SCHEDULED

    drive(services, scenario)


def test_a_draft_post_given_a_time_is_asked_about_and_one_that_is_scheduled_is_not(tmp_path):
    services = services_in(tmp_path, 1)
    post = post_drafts.store_post(services.desk(), None, "news", ["brand"])
    (draft,) = post_drafts.drafts_of(services.desk(), post)

    async def scenario(app, pilot):
        await pilot.press("3", "s")
        await typed(pilot, "fri 9am")
        await pilot.press("enter")
        assert "send Fri 27 Nov 09:00: 'news'?  y yes" in lines(app)[-1]
        await pilot.press("n")
        assert state_of(services, draft) is OutgoingState.DRAFT
        await pilot.press("full_stop")
        assert state_of(services, draft) is OutgoingState.DRAFT and "y yes" in lines(app)[-1]
        await pilot.press("y")
        assert state_of(services, draft) is OutgoingState.SCHEDULED
        await pilot.press("s")
        await typed(pilot, "sat 9am")
        await pilot.press("enter")
        assert "goes out Sat 28 Nov 09:00" in message(app)

    drive(services, scenario)


def test_undo_that_nobody_agreed_to_changes_nothing(tmp_path):
    services = services_in(tmp_path, 1)
    reply = reply_of(services)
    changes.recall(services.desk(), [reply.id])
    with pytest.raises(WouldSend) as asks:
        undo.undo(services.desk(), ())
    assert asks.value.ids == (reply.id,)
    assert state_of(services, reply) is OutgoingState.DRAFT
    assert "undo" in told(services.desk(), undo.undo(services.desk()))
    assert state_of(services, reply) is OutgoingState.SCHEDULED


def test_yes_to_an_undo_means_the_step_that_was_asked_about_and_no_newer_one(tmp_path):
    services = services_in(tmp_path, 2)
    reply = reply_of(services)
    changes.recall(services.desk(), [reply.id])
    with pytest.raises(WouldSend) as asks:
        undo.undo(services.desk(), ())
    other = services.store.all(Conversation)[1].id
    conversations.tag(services.desk(), [other], "bug")
    outcome = undo.undo(services.desk(), asks.value.ids, asks.value.step)
    assert "you did something else" in told(services.desk(), outcome)
    assert "bug" in services.store.get(Conversation, other).tags
    assert state_of(services, reply) is OutgoingState.DRAFT
    undo.undo(services.desk())
    undo.undo(services.desk(), asks.value.ids, asks.value.step)
    assert state_of(services, reply) is OutgoingState.SCHEDULED
