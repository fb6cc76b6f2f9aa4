"""A search over everything on a key: its rows, its pages, its end, and the history of searches."""

from __future__ import annotations

from pathlib import Path

import pytest

from commtui.community import conversations
from commtui.model.records import Conversation
from tests.ui.fill import arrive, services_in
from tests.ui.screen import drive, inbox, lines, shown, type_into, until
from tests.ui.terminal import inbox as terminal_inbox


async def searched(pilot, words: str) -> None:
    await type_into(pilot, "semicolon", words, "enter")
    await pilot.pause(0.1)


def test_done_ones_are_found_and_escape_shows_the_queue_again(tmp_path: Path) -> None:
    services = services_in(tmp_path, 30)
    every = [conversation.id for conversation in services.store.all(Conversation)]
    conversations.done(services.desk(), every[:20])

    async def scenario(app, pilot):
        await searched(pilot, "from:example.net")
        assert "all with: from:example.net (30)" in lines(app)[0]
        assert "No. 29" in lines(app)[1]
        await pilot.press("S")
        await pilot.pause()
        assert "what is found in everything is sorted by time" in shown(app)
        await searched(pilot, "is:done")
        assert "name a word, or from:" in shown(app)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert "all with" not in lines(app)[0] and len(inbox(app).panes.rows.numbers) == 10

    drive(services, scenario)


def test_more_pages_come_as_the_cursor_goes_down(tmp_path: Path) -> None:
    async def scenario(app, pilot):
        await searched(pilot, "no.")
        assert "(50+)" in lines(app)[0]
        await pilot.press("G")
        await pilot.pause(0.2)
        assert "(100+)" in lines(app)[0]
        await pilot.press("G")
        await pilot.pause(0.2)
        assert "(120)" in lines(app)[0]

    drive(services_in(tmp_path, 120), scenario)


def test_what_arrives_in_a_crowd_stands_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commtui.store.changes.KEPT", 3)
    services = services_in(tmp_path, 4)

    async def scenario(app, pilot):
        await searched(pilot, "no.")
        assert "all with: no. (4)" in lines(app)[0]
        arrive(services, 10, first=4)
        await until(pilot, lambda: "all with: no. (14)" in lines(app)[0])
        assert "No. 13" in lines(app)[1]

    drive(services, scenario)


def test_up_recalls_searches_also_at_the_next_start(tmp_path: Path) -> None:
    services = services_in(tmp_path, 3)

    async def first(app, pilot):
        await searched(pilot, "crashes")
        await searched(pilot, "invoice")
        await searched(pilot, "crashes")

    async def second(app, pilot):
        assert "all with" not in lines(app)[0]
        await pilot.press("semicolon", "up", "up")
        await pilot.pause()
        assert lines(app)[-1].rstrip().endswith("invoice")
        await pilot.press("escape", "slash", "up")
        await pilot.pause()
        assert lines(app)[-1].rstrip().endswith("crashes")

    drive(services, first)
    drive(services, second)


def test_on_a_terminal_everything_is_searched(tmp_path: Path) -> None:
    with terminal_inbox(tmp_path, 12) as terminal:
        terminal.until("12 open")
        terminal.press("e", "e")
        terminal.press(";", *"edsger0", "enter")
        terminal.until("all with: edsger0 (1)")
        assert "No. 0:" in terminal.text
        terminal.press("esc")
        terminal.until("10 open")
