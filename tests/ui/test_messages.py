"""Messages that stay true: a countdown counts, and gives way to what became of it, with the key that helps."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.config.service_levels import ServiceLevel
from commtui.config.settings import KEYMAPS
from commtui.model.engine import EngineState
from commtui.model.records import AccountState, Act, Outgoing
from commtui.model.states import OutgoingState, Reason
from commtui.outgoing import rescheduling
from commtui.ui.keys.keymap import build
from tests.ui.fill import services_in
from tests.ui.screen import drive, lines, message, type_into, typed
from tests.ui.terminal import inbox as on_terminal

TICK = 1.3
"""Seconds in which the countdown has ticked."""


async def answer(pilot, text="hello"):
    await type_into(pilot, "r", text, "escape", "y")


def change(services, item, **changes):
    with services.store.write() as write:
        write.put(replace(services.store.get(type(item), item.id), **changes))


def can_block(services):
    account = only(services, AccountState)
    change(services, account, capabilities=replace(account.capabilities, block=True))


def only(services, kind):
    (record,) = services.store.all(kind)
    return record


async def later(pilot, services, seconds):
    services.clock.moment += timedelta(seconds=seconds)
    await pilot.pause(TICK)


def test_the_message_of_a_reply_counts_down_with_its_pane_and_says_sent_with_the_key_of_its_link(tmp_path):
    services = services_in(tmp_path, 2)

    async def scenario(app, pilot):
        await answer(pilot)
        for seconds in (3, 2):
            await later(pilot, services, seconds)
            (left,) = set(re.findall(r"sends in (\d+)s", " ".join(lines(app))))
            assert message(app).endswith(f"sends in {left}s; u: undo")
        assert left == "5"
        await later(pilot, services, 5)
        assert "sends now; u: undo" in message(app)
        item = only(services, Outgoing)
        change(services, item, state=OutgoingState.SENDING)
        await pilot.pause(0.1)
        change(services, item, state=OutgoingState.SENT, url="https://example.social/@brand/1")
        await pilot.pause(0.1)
        assert re.fullmatch(r"sent to @\w+; o: open link", message(app))
        await pilot.press("j")
        assert message(app) == ""

    drive(services, scenario)


@pytest.mark.parametrize("preset", KEYMAPS)
def test_the_key_of_the_link_opens_what_was_sent_and_not_the_row_of_the_cursor(tmp_path, preset, monkeypatch):
    monkeypatch.setenv("SSH_CONNECTION", "1")  # then the address is shown
    services = services_in(tmp_path, 2, keymap=preset)
    key = build(preset, {}).shown("open-link")

    async def scenario(app, pilot):
        await answer(pilot)
        change(services, only(services, Outgoing), state=OutgoingState.SENT, url="https://example.social/@brand/1")
        await pilot.pause(0.1)
        assert f"{key}: open link" in message(app)
        await pilot.press(key)
        assert "https://example.social/@brand/1" in message(app)
        await pilot.press(key)  # the message is another one now: the key means the row again
        assert "https://example.net/" in message(app)

    drive(services, scenario)


def test_an_act_counts_down_and_says_that_it_is_done(tmp_path):
    services = services_in(tmp_path, 2)
    can_block(services)

    async def scenario(app, pilot):
        await pilot.press("exclamation_mark", "b", "y")
        await pilot.pause()
        assert "will block @" in message(app) and "in 10s; u: undo" in message(app)
        await later(pilot, services, 4)
        assert "in 6s; u: undo" in message(app)
        change(services, only(services, Act), state=OutgoingState.SENT)
        await pilot.pause(0.1)
        assert re.fullmatch(r"blocked @\w+", message(app))

    drive(services, scenario)


def test_where_nothing_sends_a_message_goes_when_its_moment_is_over(tmp_path):
    services = services_in(tmp_path, 2)
    services.engine.state = lambda: EngineState("failed", error="OSError")

    async def scenario(app, pilot):
        await answer(pilot)
        assert "sends in 10s" in message(app)
        await later(pilot, services, 11)
        assert "sends" not in message(app)
        assert "sending: OFF" in message(app)

    drive(services, scenario)


def test_a_reply_that_waits_says_why_and_counts_to_the_next_try(tmp_path):
    services = services_in(tmp_path, 2)

    async def scenario(app, pilot):
        await answer(pilot)
        again = services.clock.moment + timedelta(seconds=30)
        change(services, only(services, Outgoing), state=OutgoingState.RETRYING, next_try_at=again, error="no route")
        await pilot.pause(0.1)
        assert "not sent yet: reply to @" in message(app) and "no route; next try in 30s" in message(app)
        await later(pilot, services, 10)
        assert "next try in 20s" in message(app)
        await pilot.press("2")
        assert "retry in 20s" in "\n".join(lines(app))
        await later(pilot, services, 5)
        assert "retry in 15s" in "\n".join(lines(app))

    drive(services, scenario)


def test_a_reply_that_is_held_or_given_another_time_elsewhere_is_not_said_to_leave(tmp_path):
    services = services_in(tmp_path, 2)

    async def scenario(app, pilot):
        await answer(pilot)
        item = only(services, Outgoing)
        change(services, item, state=OutgoingState.HELD, reason=Reason.NEWER_ANSWER)
        await pilot.pause(0.1)
        assert "held: reply to @" in message(app) and "newer answer" in message(app)
        assert "space l on it sends it" in message(app)
        await pilot.press("2", "space", "l", "y")
        await pilot.pause()
        assert "released" in message(app)
        change(services, item, state=OutgoingState.SENT)
        await pilot.pause(0.1)
        assert "sent to @" in message(app)
        await pilot.press("1")
        await answer(pilot, "another")
        assert "sends in 10s" in message(app)
        other = next(one for one in services.store.all(Outgoing) if one.text == "another")
        rescheduling.reschedule(services.desk(), [other.id], "+1d")
        await pilot.pause(0.1)
        assert message(app) == ""

    drive(services, scenario)


def test_several_replies_are_counted_as_they_leave(tmp_path):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await pilot.press("asterisk", "r")
        await pilot.pause()
        await typed(pilot, "hello")
        await pilot.press("escape", "y")
        await pilot.pause()
        assert "3 replies to @" in message(app) and "in 10s" in message(app)
        said = []
        for item in services.store.all(Outgoing):
            change(services, item, state=OutgoingState.SENT)
            await pilot.pause(0.1)
            said.append(message(app))
        assert said == ["sent: 1 of 3 replies", "sent: 2 of 3 replies", "sent: 3 replies"]

    drive(services, scenario)


def test_blocks_of_several_authors_become_done(tmp_path):
    services = services_in(tmp_path, 2)
    can_block(services)

    async def scenario(app, pilot):
        await pilot.press("asterisk", "exclamation_mark", "b", "y")
        await pilot.pause()
        assert "and 1 more in 10s" in message(app)
        for act in services.store.all(Act):
            change(services, act, state=OutgoingState.SENT)
            await pilot.pause(0.1)
        assert message(app).startswith("blocked @")

    drive(services, scenario)


def test_a_second_of_a_countdown_costs_a_few_bytes(tmp_path):
    with on_terminal(tmp_path, 2) as terminal:
        terminal.until("2 open")
        terminal.press("r", "a", "esc", "y")
        terminal.until(lambda text: "sends in 8s; u: undo" in text)
        before = len(terminal.raw)
        terminal.until(lambda text: "sends in 3s; u: undo" in text)
        cost = len(terminal.raw) - before
        # a digit in the title, in the row and in the message: the cursor's way there, colours, the digit
        assert cost <= 5 * 65


def test_a_conversation_comes_to_be_at_risk_on_the_screen_without_a_key(tmp_path):
    services = services_in(tmp_path, 2, service_levels=(ServiceLevel("all", timedelta(hours=40)),))

    async def scenario(app, pilot):
        assert "at risk" not in lines(app)[0] and lines(app)[1].rstrip().endswith(" due 10h")
        await later(pilot, services, 10)
        assert "1 at risk" in lines(app)[0] and lines(app)[1].rstrip().endswith(" at risk 9h")
        assert lines(app)[2].rstrip().endswith(" due 10h")

    drive(services, scenario)


def test_a_conversation_becomes_overdue_on_the_screen_without_a_key(tmp_path):
    services = services_in(tmp_path, 2, service_levels=(ServiceLevel("all", timedelta(hours=30)),))

    async def scenario(app, pilot):
        assert "overdue" not in lines(app)[0]
        await later(pilot, services, 10)
        assert "1 overdue" in lines(app)[0] and lines(app)[1].rstrip().endswith(" overdue")
        assert "overdue" not in lines(app)[2]
        await later(pilot, services, 60)
        assert "2 overdue" in lines(app)[0] and lines(app)[2].rstrip().endswith(" overdue")

    drive(services, scenario)
