"""Person, account and overview on wide screens, and the reader's lines: what they say, and when they are read."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from commtui.community import conversations
from commtui.config.settings import Account
from commtui.marketing.posts import write_post
from commtui.model.records import AccountState, Conversation
from commtui.model.states import Health
from commtui.ui.panes import beside
from commtui.ui.widgets import pace
from tests.ui.fill import ACCOUNT, NOW, arrive, services_in
from tests.ui.screen import drive, inbox, shown

SETTLED = pace.PAUSE + 0.5
SHOP = Account(name="shop", network="mastodon", server="https://shop.example", user="shop@shop.example")


def column(app, identity: str) -> list[str]:
    region = inbox(app).query_one(f"#{identity}").region
    strips = app.screen._compositor.render_strips(app.size)[region.y : region.bottom]
    return [strip.crop(region.x, region.right).text.rstrip() for strip in strips]


def two_accounts(tmp_path: Path):
    services = services_in(tmp_path, 3, accounts=(ACCOUNT, SHOP))
    with services.store.write() as write:
        write.put(AccountState(id=SHOP.id, name="shop", network="mastodon", health=Health.REFUSED, error="401"))
    return services


def test_at_160_columns_person_and_account_stand_beside_the_thread(tmp_path):
    services = two_accounts(tmp_path)
    desk = services.desk()
    grace: dict[str, Any] = {"author": "@grace@navy.example", "author_name": "Grace Hopper", "author_id": "g"}
    arrive(services, 1, first=10, text="Where is my parcel, please?", **grace)
    arrive(services, 1, first=11, text="And the second one?", **grace)
    first, second = sorted(
        (item for item in services.store.all(Conversation) if item.author == "@grace@navy.example"),
        key=lambda item: item.newest_at,
    )
    conversations.tag(desk, [first.id], "parcel")
    conversations.note(desk, [second.id], "she is a pilot and often abroad")

    async def scenario(app, pilot):
        await pilot.press("j", "j", "j")
        await pilot.pause(SETTLED)
        said = "\n".join(column(app, "person"))
        for words in (
            " Grace Hopper\n @grace@navy.example\n",
            "2 messages", "2 conversations, 2 open", "#parcel", "lea, now: she is a pilot", "first seen 1d ago",
            " Account\n brand  mastodon\n ok\n synced     now\n unread     5\n sending: on",
            "Their other conversations\n  1d open: And the second one?",
        ):  # fmt: skip
            assert words in said, said
        assert "parcel, please" not in said  # what is read stands in the reader
        await pilot.press("3")
        await pilot.pause(SETTLED)
        assert "Hopper" not in "\n".join(column(app, "person"))

    drive(services, scenario, (160, 45))


def test_at_200_columns_the_overview_counts_views_accounts_and_team(tmp_path):
    services = two_accounts(tmp_path)
    desk = services.desk()
    ids = [conversation.id for conversation in services.store.all(Conversation)]
    conversations.assign(desk, ids[:1], "kim")

    async def scenario(app, pilot):
        await pilot.pause(SETTLED)
        said = [" ".join(line.split()) for line in column(app, "overview")]
        for line in ("Views space and", "o open 3", "n unassigned 2", "brand 3", "shop 0", "refused", "lea (me) 0",
                     "kim 1", "unassigned 2"):  # fmt: skip
            assert line in said, said
        await pilot.press("e")
        await pilot.pause(SETTLED)
        said = [" ".join(line.split()) for line in column(app, "overview")]
        assert "o open 2" in said and "e done 1" in said and "brand 2" in said

    drive(services, scenario, (200, 50))


def test_what_a_plug_in_s_account_lacks_and_a_post_are_no_reason_to_stop(tmp_path):
    services = services_in(tmp_path, 1)
    write_post(services.desk(), "a post", ["brand"], at=NOW.replace(year=2027))
    services.settings = replace(services.settings, accounts=(SHOP,))

    async def scenario(app, pilot):
        await pilot.pause(SETTLED)
        assert "mastodon, not in the config" in " ".join(" ".join(column(app, "person")).split())
        await pilot.press("3")
        await pilot.pause(SETTLED)
        assert column(app, "person")[1] == " Account"

    drive(services, scenario, (160, 45))


@pytest.mark.parametrize(("size", "reads"), [((120, 40), 0), ((160, 45), 1)])
def test_held_keys_read_nothing_and_one_pause_reads_once(tmp_path, monkeypatch, size, reads):
    services = services_in(tmp_path, 40)
    found: list[str | None] = []
    real = beside.beside
    monkeypatch.setattr(
        beside, "beside", lambda snapshot, about, width: found.append(about) or real(snapshot, about, width)
    )

    async def scenario(app, pilot):
        await pilot.pause(SETTLED)
        found.clear()
        with monkeypatch.context() as patch:
            patch.setattr(pace, "PAUSE", 60)  # a busy machine makes no pause of its own
            for _ in range(20):
                await pilot.press("j")
                await asyncio.sleep(0.01)
        assert found == []
        await pilot.press("j")
        await pilot.pause(SETTLED)
        assert len(found) == reads and set(found) <= {inbox(app).panes.pointed}

    drive(services, scenario, size)


LONG = "word " * 200


@pytest.mark.parametrize("size", [(80, 24), (118, 29), (120, 40), (160, 45), (200, 50)])
def test_the_reader_and_the_composer_wrap_a_text_at_80_columns_at_most(tmp_path, size):
    services = services_in(tmp_path)
    arrive(services, 1, text=LONG, author_name="An Author With A Name Of Many Words " * 4)
    conversations.note(services.desk(), [item.id for item in services.store.all(Conversation)], LONG)

    async def scenario(app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        reader = column(app, "reading")
        assert 50 < max(map(len, reader[1:])) <= 80
        assert not any(line.endswith(("wor", "wo~", "wor~")) for line in reader)
        await pilot.press("G", "g")
        await pilot.pause()
        assert max(map(len, column(app, "reading")[1:])) <= 80
        await pilot.press("r", *"a" * 3)
        await pilot.pause(0.2)
        inbox(app).composer.text_box.load(LONG)
        await pilot.pause(0.2)
        assert 50 < max(len(line) for line in column(app, "reading") if "word" in line) <= 80

    drive(services, scenario, size)


def test_a_thread_opens_at_its_newest_message_and_stays_there_through_every_resize(tmp_path):
    services = services_in(tmp_path)
    arrive(services, 1)
    for number in range(1, 30):
        arrive(services, 1, first=number, in_reply_to="s0", text=f"message {number} " + "and more of it " * 12)

    async def scenario(app, pilot):
        await pilot.press("enter")
        for size in ((80, 24), (200, 50), (40, 12), (120, 40), (61, 17), (160, 45), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.3)
            assert "message 29" in shown(app), size
            assert "more of it" in column(app, "reading")[-1] or "more of it" in "".join(column(app, "reading")[-3:])
        await pilot.press("g")  # who has scrolled up stays there
        await pilot.resize_terminal(120, 40)
        await pilot.pause(0.3)
        assert "No. 0:" in "".join(column(app, "reading")) and "message 29" not in "".join(column(app, "reading"))

    drive(services, scenario)
