"""One text for several that is not sent, and another time for several: nothing is lost, and the question is true."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from commtui.community import reply_drafts
from commtui.marketing import posts
from commtui.model import times
from commtui.model.records import Conversation, Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import changes, rescheduling
from tests.ui.fill import services_in
from tests.ui.screen import drive, inbox, message, shown, typed

pytestmark = pytest.mark.usefixtures("waits_for_work")


@pytest.mark.parametrize(("key", "told"), [("p", "saved as 2 drafts"), ("d", "discarded: 2 items; u: undo")])
def test_a_text_for_several_that_is_left_is_a_draft_of_each(tmp_path: Path, key: str, told: str) -> None:
    services = services_in(tmp_path, 2)
    mine = services.store.all(Conversation)[0]
    reply_drafts.draft(services.desk(), mine.id, "written before")

    async def scenario(app, pilot):
        await pilot.press("*", "r")
        await typed(pilot, "hello {author}")
        await pilot.press("escape", key)
        await pilot.pause()
        assert message(app) == told
        if key == "d":
            await pilot.press("u")
            await pilot.pause()

    drive(services, scenario, (80, 30))
    drafts = services.store.all(Outgoing)
    assert {item.state for item in drafts} == {OutgoingState.DRAFT}
    authors = [f"hello {item.author}" for item in services.store.all(Conversation)]
    assert sorted(item.text for item in drafts) == sorted(["written before", *authors])


@pytest.mark.parametrize("key", ["p", "d"])
def test_an_empty_text_for_several_leaves_nothing(tmp_path: Path, key: str) -> None:
    services = services_in(tmp_path, 2)

    async def scenario(app, pilot):
        await pilot.press("*", "r", "escape", key)
        await pilot.pause()
        assert message(app) == "nothing was written"

    drive(services, scenario, (80, 30))
    assert services.store.all(Outgoing) == []


def test_another_time_for_several_that_rest_is_asked_with_the_first_and_the_last(tmp_path: Path) -> None:
    services = services_in(tmp_path, 1)
    desk = services.desk()
    for hours in (24, 72):
        posts.write_post(desk, f"in {hours} hours", ["brand"], at=desk.now + timedelta(hours=hours))
    held = [item.id for item in services.store.all(Outgoing)]
    changes.hold(desk, held)
    ends = sorted(when.at for when in rescheduling.times_of(desk, held, "+1d").values())

    async def scenario(app, pilot):
        await pilot.press("3", "*")
        inbox(app).do("reschedule", "+1d")
        await pilot.pause()
        first, last = (times.echo(at, desk.zone, desk.now).rsplit(" ", 1)[0] for at in ends)
        assert f"send {first} to {last}: 2 items?" in shown(app)
        await pilot.press("n")

    drive(services, scenario, (100, 30))


def test_a_draft_without_a_time_stays_where_the_times_of_several_are_moved(tmp_path):
    services = services_in(tmp_path, 0)
    desk = services.desk()
    at = desk.now + timedelta(days=1)
    (planned,), _ = posts.write_post(desk, "planned", ["brand"], at=at)
    (draft,), _ = posts.write_post(desk, "someday", ["brand"], at=at)
    with services.store.write() as write:
        write.put(replace(draft, state=OutgoingState.DRAFT, scheduled_at=None))

    async def scenario(app, pilot):
        await pilot.press("3", "*")
        inbox(app).do("reschedule", "+1d")
        await pilot.pause()
        assert "1 draft without a time stays" in shown(app)
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario)
    moved, left = services.store.get(Outgoing, planned.id), services.store.get(Outgoing, draft.id)
    assert moved.scheduled_at == at + timedelta(days=1)
    assert (left.state, left.scheduled_at) == (OutgoingState.DRAFT, None)
