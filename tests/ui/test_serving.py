"""One conversation after the other, until none is left."""

from __future__ import annotations

from datetime import timedelta

from commtui.model.records import Conversation, Outgoing
from tests.ui.fill import services_in
from tests.ui.screen import drive, inbox, lines, message, shown, type_into


def rows_of(services):
    return [record.id for record in sorted(services.store.all(Conversation), key=lambda record: record.since)]


def test_each_verb_brings_the_next_one_until_none_is_left(tmp_path):
    services = services_in(tmp_path, 4)
    ids = rows_of(services)

    async def scenario(app, pilot):
        def open_about():
            return inbox(app).thread.open_about

        await pilot.press("Q")
        await pilot.pause()
        assert open_about() == ids[0] and "4 one after the other" in message(app), shown(app)
        await pilot.press("e")
        await pilot.pause()
        assert open_about() == ids[1] and "done: " in message(app) and "3 left" in message(app), message(app)
        await pilot.press("Q")
        await pilot.pause()
        assert open_about() == ids[2] and "2 left" in message(app)
        await type_into(pilot, "r", "on it", "escape", "y")
        await pilot.pause()
        assert open_about() == ids[3] and "1 left" in message(app), shown(app)
        services.clock.moment += timedelta(minutes=7)
        await type_into(pilot, "s", "3h", "enter")
        await pilot.pause()
        assert open_about() is None and "none is left: 3 done with in 7m00s, 1 skipped" in message(app), message(app)
        assert "1 open" in lines(app)[0] and inbox(app).session.serving is None

    drive(services, scenario)
    assert [item.text for item in services.store.all(Outgoing)] == ["on it"]


def test_leaving_the_thread_ends_it_and_says_how_far_it_came(tmp_path):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await pilot.press("Q", "e")
        await pilot.pause()
        services.clock.moment += timedelta(seconds=30)
        await pilot.press("q")
        await pilot.pause()
        assert "1 done with in 30s" in message(app) and inbox(app).thread.open_about is None
        await pilot.press("enter", "e")
        await pilot.pause()
        assert "left" not in message(app)

    drive(services, scenario)


def test_an_empty_list_has_none(tmp_path):
    async def scenario(app, pilot):
        await pilot.press("Q")
        assert "nothing is left" in message(app)

    drive(services_in(tmp_path, 0), scenario)
