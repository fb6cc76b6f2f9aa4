"""While a verb on many items runs, the rows that it changes stay where they are: they follow once, at its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from commtui.model.records import Conversation
from commtui.model.states import Queue
from commtui.triage import live_filter
from tests.ui.fill import ScreenServices, arrive, services_in
from tests.ui.screen import drive, inbox, message, shown, until
from tests.ui.test_many import Gate, begin_done, ended, gate

__all__ = ["gate"]


@pytest.fixture
def services(tmp_path: Path, monkeypatch: Any) -> ScreenServices:
    monkeypatch.setattr("commtui.ui.live.follower.MOVED_MEANWHILE", 2)
    monkeypatch.setattr(live_filter, "FEW", 2)
    return services_in(tmp_path, 9)


def open_ones(services: ScreenServices) -> list[int]:
    return list(services.store.conversations.by_wait(Queue.OPEN))


def test_they_stay_and_are_painted_as_they_are_and_what_arrives_comes_with_the_end(
    services: ScreenServices, gate: Gate
) -> None:
    async def scenario(app, pilot):
        rows = inbox(app).panes.rows
        before = rows.numbers
        await begin_done(pilot, gate, 2)
        await until(pilot, lambda: "3 open" in shown(app))
        arrive(services, 1, 90)
        services.store.poll()
        await until(pilot, lambda: "4 open" in shown(app))
        assert rows.numbers is before
        inbox(app).follow(everything=True)  # as where a deadline passes
        assert rows.numbers is before
        await pilot.press("j")
        assert rows.at == 1
        gate.let(1)
        await ended(pilot)
        assert list(rows.numbers) == open_ones(services) and len(rows.numbers) == 1
        await pilot.press("u")
        await ended(pilot)
        assert list(rows.numbers) == open_ones(services) and len(rows.numbers) == 10

    drive(services, scenario)


def test_a_filter_that_is_set_meanwhile_shows_its_rows(services: ScreenServices, gate: Gate) -> None:
    async def scenario(app, pilot):
        rows = inbox(app).panes.rows
        await begin_done(pilot, gate, 2)
        last = open_ones(services)[-1]
        author = services.store.at(Conversation, last).author
        await pilot.press("\\", *f"from:{author}", "enter")
        await until(pilot, lambda: list(rows.numbers) == [last])
        gate.let(1)
        await ended(pilot)
        await until(pilot, lambda: not rows.numbers)
        await pilot.press("escape")
        await pilot.pause()
        assert "Nothing is open" in shown(app)

    drive(services, scenario)


def test_a_filter_under_which_it_was_begun_is_searched_anew_once(
    services: ScreenServices, gate: Gate, monkeypatch: Any
) -> None:
    begun: list[object] = []
    real = live_filter.LiveFilter._begin

    def begin(self: Any, *more: Any) -> None:
        begun.append(self)
        real(self, *more)

    async def scenario(app, pilot):
        await pilot.press("\\", *"No.", "enter")
        await until(pilot, lambda: "(9)" in shown(app))
        monkeypatch.setattr(live_filter.LiveFilter, "_begin", begin)
        gate.let(3)
        await pilot.press("*", "e")
        await ended(pilot)
        assert message(app) == "done: 9 conversations; u: undo"
        await until(pilot, lambda: not inbox(app).panes.rows.numbers)

    drive(services, scenario)
    assert 1 <= len(begun) <= 2
