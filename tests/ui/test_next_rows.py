"""To the next row that is unread, and to the next that is due."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from commtui.community import conversations
from commtui.model.records import Conversation
from tests.ui.fill import services_in
from tests.ui.screen import drive, inbox, lines, message, shown


def rows_of(services):
    return [record.id for record in sorted(services.store.all(Conversation), key=lambda record: record.since)]


def pointed(app):
    return inbox(app).panes.pointed


def due_in(services, hours):
    """Gives conversations, by their ids, a deadline in so many hours; the others have none."""
    services.store.deadlines = None  # so that none is computed
    with services.store.write() as write:
        for record in services.store.all(Conversation):
            due = services.clock.moment + timedelta(hours=hours[record.id]) if record.id in hours else None
            write.put(replace(record, due_at=due))


def test_the_next_unread_row_is_found_around_the_end(tmp_path):
    services = services_in(tmp_path, 5)
    ids = rows_of(services)
    conversations.read(services.desk(), [ids[0], ids[2], ids[3]])

    async def scenario(app, pilot):
        assert pointed(app) == ids[0]
        for expected in (ids[1], ids[4], ids[1]):
            await pilot.press("apostrophe")
            assert pointed(app) == expected
        await pilot.press("enter", "apostrophe")
        await pilot.pause()
        assert inbox(app).thread.open_about == ids[4], shown(app)
        await pilot.press("apostrophe")
        assert "no other row is unread" in message(app)

    drive(services, scenario)


def test_the_next_due_row_is_that_of_the_soonest_deadline_to_come(tmp_path):
    services = services_in(tmp_path, 4)
    ids = rows_of(services)
    due_in(services, {ids[0]: -1, ids[1]: 3, ids[3]: 2})

    async def scenario(app, pilot):
        for expected in (ids[3], ids[1], ids[3]):
            await pilot.press("D")
            assert pointed(app) == expected, lines(app)
        conversations.done(services.desk(), [ids[0], ids[1], ids[3]])
        await pilot.pause()
        await pilot.press("D")
        assert "no answer will be due" in message(app)

    drive(services, scenario)


def test_each_of_those_that_are_due_at_one_moment_is_found(tmp_path):
    services = services_in(tmp_path, 4)
    ids = rows_of(services)
    due_in(services, {ids[0]: 5, ids[1]: 2, ids[2]: 2, ids[3]: 2})  # as what comes at night is due in the morning

    async def scenario(app, pilot):
        assert pointed(app) == ids[0]
        for expected in (ids[1], ids[2], ids[3], ids[0], ids[1]):
            await pilot.press("D")
            assert pointed(app) == expected, lines(app)

    drive(services, scenario)
