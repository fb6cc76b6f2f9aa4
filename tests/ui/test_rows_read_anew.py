"""Where so much changed that all rows are read anew, that goes in slices; the rows from before stay until then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.community import conversations
from commtui.model import ids
from commtui.model.records import Conversation
from commtui.store.store import Store
from tests.ui.fill import SETTINGS, arrive, services_in
from tests.ui.screen import drive, inbox, shown, until


def test_much_that_another_process_did_is_read_in_slices(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("commtui.store.tinydb_sqlite.orders.FEW", 3)
    monkeypatch.setattr("commtui.ui.panes.mentions.ROWS_AT_ONCE", 5)
    services = services_in(tmp_path, 40)
    other = Desk(Store(services.home.data), services.clock, SETTINGS, "kim")
    every = [item.id for item in services.store.all(Conversation)]

    async def scenario(app, pilot):
        screen = inbox(app)
        rows, before = screen.panes.rows, screen.panes.rows.numbers
        await pilot.press("*")
        conversations.done(other, every[:20])
        services.store.poll()
        screen.follow()
        assert screen.panes.pane.reading and rows.numbers is before
        arrive(services, 1, 90)  # while they are read
        await until(pilot, lambda: not screen.panes.pane.reading)
        assert len(rows.numbers) == 21 and len(rows.marks) == 20 and "21 open" in shown(app)
        assert set(rows.marks) == {ids.number(item) for item in every[20:]}

    drive(services, scenario)
    other.store.close()


def test_who_has_woken_stands_among_the_open_ones_and_nothing_is_read_for_it_twice(tmp_path: Path) -> None:
    services = services_in(tmp_path, 5)
    first, *_, last = services.store.all(Conversation)
    with services.store.write() as write:
        for item in (first, last):
            write.put(replace(item, snoozed_until=services.clock.now()))

    async def scenario(app, pilot):
        screen = inbox(app)
        rows = screen.panes.rows.numbers
        assert [rows[0], rows[-1]] == [ids.number(first.id), ids.number(last.id)] and len(rows) == 5
        screen.follow()
        assert screen.panes.rows.numbers is rows

    drive(services, scenario)
