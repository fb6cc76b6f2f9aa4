"""A crowd is told once, with its words and the key that shows its rows."""

from __future__ import annotations

from pathlib import Path

from tests.ui.fill import arrive, services_in
from tests.ui.screen import drive, inbox, lines, message


def crowd(services, count: int, first: int = 0) -> None:
    for number in range(count):
        at = services.clock.now()
        arrive(services, 1, 5000 + first + number, created_at=at, text="The roaster is broken!")


def test_a_spike_is_told_once_and_its_key_shows_its_rows(tmp_path: Path) -> None:
    services = services_in(tmp_path, 20)

    async def scenario(app, pilot):
        await pilot.press("J")
        await pilot.pause()
        assert "no spike so far" in message(app)
        crowd(services, 12)
        await pilot.pause(2.3)
        assert message(app).startswith('! 12 mentions in 5 minutes, usual is fewer than 1: "broken"'), message(app)
        assert message(app).endswith("J shows them")
        await pilot.press("j")
        crowd(services, 1, 100)
        await pilot.pause(2.3)
        assert "in 5 minutes" not in message(app)
        await pilot.press("J")
        await pilot.pause()
        assert "filter: since:2026-11-23T11:55Z (13)" in lines(app)[0] and "newest first" in lines(app)[0]
        assert len(inbox(app).panes.rows.numbers) == 13

    drive(services, scenario, (158, 30))
