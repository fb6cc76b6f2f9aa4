"""Merging and splitting on the screen, and a mute that ends."""

from __future__ import annotations

from datetime import timedelta

from commtui.community import intake
from commtui.model.records import Conversation, Via
from tests.triage.desks import status as text_from
from tests.ui.fill import OWNER, arrive, services_in
from tests.ui.screen import drive, lines, message, shown, typed, until
from tests.ui.terminal import inbox as on_terminal


def live(services):
    return [record for record in services.store.all(Conversation) if not record.folded_into]


def say(services, remote_id, text, minutes):
    arrived = text_from(remote_id, services.clock.moment - timedelta(minutes=minutes), text)
    with services.store.write() as write:
        intake.add_mention(services.store, write, OWNER, arrived, Via.MENTION, services.clock.moment)


def test_marked_rows_are_merged_split_and_taken_back(tmp_path):
    services = services_in(tmp_path, 4)

    async def scenario(app, pilot):
        await pilot.press("x", "x", "space", "M")
        await pilot.pause()
        assert "merged 2 into one" in message(app) and "3 open" in lines(app)[0], shown(app)
        assert "(2)" in shown(app)
        await pilot.press("g", "space", "s")
        await pilot.pause()
        assert "all that was merged" in shown(app) and "2 conversations" in shown(app), shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "split into 2" in message(app) and "4 open" in lines(app)[0]
        await pilot.press("u")
        assert "3 open" in lines(app)[0]
        await pilot.press("u")
        assert "4 open" in lines(app)[0]

    drive(services, scenario)
    assert len(live(services)) == 4


def test_the_reader_names_what_looks_like_one_and_one_question_merges_them(tmp_path):
    services = services_in(tmp_path, 0)
    say(services, "1", "My order 1234 has not arrived", 60)
    say(services, "2", "order 1234 still has not arrived, hello?", 30)

    async def scenario(app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert "looks like one with 30m 'order 1234 still has" in shown(app), shown(app)
        assert "(space M merges)" in shown(app)
        await pilot.press("space", "M")
        assert "merge with 30m @ada@example.org 'order 1234" in shown(app), shown(app)
        await pilot.press("y")
        await pilot.pause()
        assert "merged 2 into one" in message(app) and "looks like one" not in shown(app)

    drive(services, scenario)
    assert [record.mentions for record in live(services)] == [2]


def test_a_direct_message_and_a_public_one_are_merged_after_a_question(tmp_path):
    services = services_in(tmp_path, 1)
    arrive(services, 1, first=1, via=Via.DIRECT, visibility="direct")

    async def scenario(app, pilot):
        await pilot.press("x", "x", "space", "M")
        assert "merge direct with public? replies are as public as the newest" in shown(app), shown(app)
        await pilot.press("n")
        await pilot.pause()
        assert "2 open" in lines(app)[0] and "2 marked" in lines(app)[0]
        await pilot.press("space", "M", "y")
        await pilot.pause()
        assert "merged 2 into one" in message(app) and "1 open" in lines(app)[0], shown(app)
        await pilot.press("u")
        await pilot.pause()
        assert "2 open" in lines(app)[0]

    drive(services, scenario)


def test_one_alone_is_not_merged(tmp_path):
    async def scenario(app, pilot):
        await pilot.press("space", "M")
        assert "at least two" in message(app)

    drive(services_in(tmp_path, 2), scenario)


def test_mute_asks_until_when_and_the_row_says_it(tmp_path):
    services = services_in(tmp_path, 2)

    async def scenario(app, pilot):
        await pilot.press("exclamation_mark", "m")
        assert "mute until" in lines(app)[-1], shown(app)
        await typed(pilot, "2d")
        await pilot.press("enter")
        assert "1 open" in lines(app)[0] and "muted until Wed 25 Nov" in message(app)
        await pilot.press("backslash")
        await typed(pilot, "is:muted")
        await pilot.press("enter")
        assert "until Wed 13:00" in shown(app), shown(app)
        await pilot.press("escape", "exclamation_mark", "m", "enter")
        assert "0 open" in lines(app)[0] and "muted: " in message(app)
        services.clock.moment += timedelta(days=2)
        await until(pilot, lambda: "1 open" in lines(app)[0])  # the screen looks at who is back once a second

    drive(services, scenario)
    assert {record.muted_until is None for record in services.store.all(Conversation)} == {True, False}


def test_on_a_terminal_of_80_by_24(tmp_path):
    with on_terminal(tmp_path, 6) as terminal:
        terminal.until("6 open")
        terminal.press("x", "x", "space", "M")
        terminal.until("5 open")
        assert "merged 2 into one" in terminal.text
        terminal.press("g", "space", "s")
        terminal.says("all that was merged")
        terminal.press("enter")
        terminal.until("6 open")
        terminal.press("u")
        terminal.until("5 open")
        terminal.press("u")
        terminal.until("6 open")
