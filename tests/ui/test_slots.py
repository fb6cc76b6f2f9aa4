"""`next slot` on the screen: the composer's time, an edit's, and marked posts."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from commtui.marketing import posts
from commtui.model.records import Outgoing
from tests.ui.fill import ACCOUNT, ScreenServices, services_in
from tests.ui.screen import drive, inbox, message, shown, type_into, typed

SLOTS = ("mon 12:00", "wed 15:00")


def services_with(folder: Path, *slots: str) -> ScreenServices:
    return services_in(folder, 1, accounts=(replace(ACCOUNT, slots=slots),))


def times(services: ScreenServices) -> list[str]:
    items = sorted(services.store.all(Outgoing), key=lambda item: item.created_at)
    return [f"{item.scheduled_at:%d %H:%M}" for item in items if item.scheduled_at]


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
def test_a_post_takes_the_next_slot_in_the_composer_and_an_edit_the_one_after(tmp_path, size):
    services = services_with(tmp_path, *SLOTS)
    posts.write_post(services.desk(), "planned", ["brand"], at="next slot")

    async def scenario(app, pilot):
        await type_into(pilot, "c", "news", "escape", "t")
        assert "next slot" in " ".join(shown(app).split()) or size[0] == 40
        await typed(pilot, "next slot")
        await pilot.press("enter")
        assert "Mon 30 Nov 12:00" in " ".join(shown(app).split())
        await pilot.press("y")
        await pilot.pause()
        assert "goes out Mon 30 Nov 12:00" in message(app)
        await pilot.press("3", "j", "E", "escape", "t", "ctrl+u")
        await typed(pilot, "next slot")
        await pilot.press("enter")
        await pilot.pause()
        assert "Wed 2 Dec 15:00" in " ".join(shown(app).split())
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario, size)
    assert sorted(times(services)) == ["02 14:00", "25 14:00"]


def test_without_slots_the_composer_says_what_to_do_and_a_reply_has_none(tmp_path):
    services = services_with(tmp_path)

    async def scenario(app, pilot):
        await type_into(pilot, "c", "news", "escape", "t")
        await typed(pilot, "next slot")
        await pilot.press("enter")
        await pilot.pause()
        assert "no slots for brand: add a line such as" in " ".join(shown(app).split())
        await pilot.press("escape", "d")
        await pilot.pause()
        await type_into(pilot, "r", "yes", "escape", "t")
        assert "next slot" not in shown(app)
        await typed(pilot, "next slot")
        await pilot.press("enter")
        await pilot.pause()
        assert "is for posts" in " ".join(shown(app).split())

    drive(services, scenario)


def test_marked_posts_get_the_next_slots_one_after_the_other(tmp_path):
    services = services_with(tmp_path, *SLOTS)
    desk = services.desk()
    for at in ("tue 9:00", "tue 9:30", "tue 10:00"):
        posts.write_post(desk, at, ["brand"], at=at)

    async def scenario(app, pilot):
        await pilot.press("3", "*", "s")
        assert "next slot" in " ".join(shown(app).split())
        await typed(pilot, "next slot")
        await pilot.press("enter")
        await pilot.pause()
        assert "go out Wed 25 Nov 15:00 to Wed 2 Dec 15:00" in message(app)
        await pilot.press("u")
        await pilot.pause()

    drive(services, scenario)
    assert times(services) == ["24 08:00", "24 08:30", "24 09:00"]
    drive(services, lambda app, pilot: _again(app, pilot))
    assert times(services) == ["25 14:00", "30 11:00", "02 14:00"]


async def _again(app, pilot):
    await pilot.press("3", "*")
    inbox(app).do("reschedule", "next slot")
    await pilot.pause()
