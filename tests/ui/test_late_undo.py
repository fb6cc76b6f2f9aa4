"""Undo after one that came too late asks about the step before, which may be out of sight."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.model.records import Conversation, Outgoing
from commtui.model.states import ConversationStatus, OutgoingState
from tests.ui.fill import services_in
from tests.ui.screen import drive, message, shown, type_into

pytestmark = pytest.mark.usefixtures("waits_for_work")


def statuses(services):
    return sorted(item.status.value for item in services.store.all(Conversation))


def send_all(services):
    with services.store.write() as write:
        for item in services.store.all(Outgoing):
            write.put(replace(item, state=OutgoingState.SENT, remote_id="9", sent_at=services.clock.now()))


async def done_then_sent(services, pilot):
    """The first conversation is done; the reply to the second one is out."""
    await pilot.press("e")
    await type_into(pilot, "r", "hello", "escape", "y")
    services.clock.moment += timedelta(seconds=30)
    send_all(services)
    await pilot.press("u")
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
@pytest.mark.parametrize("answer", ["y", "n"])
def test_the_step_before_is_named_and_asked_about(tmp_path, answer, size):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await done_then_sent(services, pilot)
        assert "too late to undo" in message(app)
        assert statuses(services) == ["done", "open", "waiting"]
        await pilot.press("u")
        await pilot.pause()
        words = " ".join(shown(app).split())
        assert "undo what was done before that, done: @edsger0" in words and "y yes" in words
        assert statuses(services) == ["done", "open", "waiting"]
        await pilot.press(answer)
        await pilot.pause()
        assert statuses(services) == (["open", "open", "waiting"] if answer == "y" else ["done", "open", "waiting"])
        await pilot.press("u")
        await pilot.pause()
        asked = "undo what was done before that" in " ".join(shown(app).split())
        assert asked is (answer == "n")

    drive(services, scenario, size)


def test_a_step_that_is_done_meanwhile_is_undone_without_a_question(tmp_path):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await done_then_sent(services, pilot)
        await pilot.press("g", "A", "u")
        await pilot.pause()
        assert "undo: claim of @" in message(app)
        assert not any(item.assignee for item in services.store.all(Conversation))
        await pilot.press("u")
        await pilot.pause()
        assert "undo what was done before that, done" in " ".join(shown(app).split())

    drive(services, scenario)
    assert ConversationStatus.DONE in {item.status for item in services.store.all(Conversation)}


@pytest.mark.parametrize("answer", ["y", "n"])
def test_a_step_before_that_would_send_asks_about_that_too(tmp_path, answer):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await type_into(pilot, "r", "first", "escape", "y")
        await pilot.press("2", "h", "1")
        await pilot.pause()
        [held] = services.store.all(Outgoing)
        assert held.state is OutgoingState.HELD
        await type_into(pilot, "r", "hello", "escape", "y")
        services.clock.moment += timedelta(seconds=30)
        with services.store.write() as write:
            for item in services.store.all(Outgoing):
                if item.id != held.id:
                    write.put(replace(item, state=OutgoingState.SENT, remote_id="9", sent_at=services.clock.now()))
        await pilot.press("u", "u")
        await pilot.pause()
        assert "undo what was done before that, hold" in " ".join(shown(app).split())
        await pilot.press("y")
        await pilot.pause()
        assert services.store.get(Outgoing, held.id).state is OutgoingState.HELD
        assert "y yes" in shown(app)
        await pilot.press(answer)
        await pilot.pause()
        state = services.store.get(Outgoing, held.id).state
        assert state is (OutgoingState.SCHEDULED if answer == "y" else OutgoingState.HELD)

    drive(services, scenario)
