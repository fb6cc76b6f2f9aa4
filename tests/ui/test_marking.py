"""Marking by the words of a search where that takes long: it goes on beside the keys, and no verb takes half of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from commtui.ui.screens.inbox import InboxScreen
from tests.ui.fill import ScreenServices, SetClock, arrive, services_in
from tests.ui.screen import drive, inbox, message, shown, type_into, until

pytestmark = pytest.mark.usefixtures("waits_for_work")


class HurriedClock(SetClock):
    """A clock by which every look is a second later: whatever is done in slices stops after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def monotonic(self) -> float:
        self.looks += 1
        return float(self.looks)


async def begin_marking(pilot: Any, services: ScreenServices) -> InboxScreen:
    """Marks by the words of a search. That has only begun when it returns: the loop gets no turn. The first screen."""
    screen = inbox(pilot.app)
    await type_into(pilot, "slash", "no. 1", "enter")
    services.clock = HurriedClock()
    screen.renew()
    screen.do("mark-all")  # no key: it would give the loop a turn
    assert screen.session.marking == "no. 1" and not screen.panes.rows.marks
    return screen


async def marked(pilot: Any) -> None:
    await until(pilot, lambda: not inbox(pilot.app).session.marking)


def test_a_verb_is_refused_until_the_marks_are_there(tmp_path: Path) -> None:
    services = services_in(tmp_path, 200)

    async def scenario(app, pilot):
        screen = await begin_marking(pilot, services)
        screen.do("done")
        assert screen.status.message == "! not yet: marking 'no. 1'"
        arrive(services, 1, 1999)  # not there when the key was pressed
        await marked(pilot)
        wanted = [n for n in range(200) if str(n).startswith("1")]
        assert len(screen.panes.rows.marks) == len(wanted)
        assert message(app) == f"{len(wanted)} marked ('no. 1')"
        assert f"{len(wanted)} marked" in shown(app).splitlines()[0]
        for left in (len(wanted) + 1, 0):  # with the one that came; then all are marked already
            screen.do("mark-all")
            await marked(pilot)
            assert len(screen.panes.rows.marks) == left

    drive(services, scenario)


def test_escape_ends_it_without_marks(tmp_path: Path) -> None:
    services = services_in(tmp_path, 200)

    async def scenario(app, pilot):
        screen = await begin_marking(pilot, services)
        screen.do("escape")
        await pilot.pause(0.05)
        assert not screen.session.marking and not screen.panes.rows.marks

    drive(services, scenario)


def test_more_marks_than_are_kept_are_not_half_there_at_the_next_start(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("commtui.ui.live.position.MARKS_KEPT", 5)
    services = services_in(tmp_path, 6)

    async def first(app, pilot):
        await pilot.press("*")

    async def second(app, pilot):
        assert not inbox(app).panes.rows.marks
        await pilot.press("*", "x")

    async def third(app, pilot):
        assert len(inbox(app).panes.rows.marks) == 5

    for scenario in (first, second, third):
        drive(services, scenario)


def test_what_arrives_after_all_were_marked_is_not_marked(tmp_path: Path) -> None:
    services = services_in(tmp_path, 6)

    async def scenario(app, pilot):
        await pilot.press("*")
        arrive(services, 2, 50)
        await pilot.pause()
        rows = inbox(app).panes.rows
        assert len(rows.numbers) == 8 and len(rows.marks) == 6 and "6 marked" in shown(app)
        await pilot.press("e")
        await pilot.pause()
        assert "2 open" in shown(app)

    drive(services, scenario)
