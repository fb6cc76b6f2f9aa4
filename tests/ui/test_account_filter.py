"""The rows of one account in every pane, and what is unread on each."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from commtui.community import conversations, intake, replies
from commtui.community.joining import Owner
from commtui.config.settings import Account
from commtui.marketing import posts
from commtui.model.records import Conversation, Mention, Via
from commtui.model.visibility import Visibility
from commtui.triage import query, shares, status, views
from commtui.ui.composer.post_draft import PostDraft
from tests.ui.fill import ACCOUNT, SETTINGS, ScreenServices, services_in
from tests.ui.fill import status as status_of
from tests.ui.screen import composer, drive, inbox, lines, message, shown

pytestmark = pytest.mark.usefixtures("waits_for_work")

SHOP = Account(
    name="shop", network="mastodon", server="https://b.example", user="shop@b.example", visibility=Visibility.UNLISTED
)


def two_accounts(folder: Path, brand: int, shop: int) -> ScreenServices:
    """A home with open conversations of two accounts."""
    services = services_in(folder, brand, accounts=(*SETTINGS.accounts, SHOP))
    with services.store.write() as write:
        for number in range(100, 100 + shop):
            at = services.clock.now() - timedelta(minutes=number)
            owner = Owner(SHOP.id, "mastodon")
            intake.add_mention(services.store, write, owner, status_of(number, at), Via.MENTION, at)
    return services


def test_one_account_is_shown_in_every_pane_and_the_title_says_so(tmp_path: Path) -> None:
    services = two_accounts(tmp_path, 3, 2)
    desk = services.desk()
    for conversation in services.store.all(Conversation)[:1] + services.store.all(Conversation)[-1:]:
        replies.reply(desk, conversation.id, "thanks")
    posts.write_post(desk, "hello", ["brand", "shop"], desk.now + timedelta(hours=2))

    async def scenario(app, pilot):
        screen = inbox(app)
        assert "all accounts" in lines(app)[0] and len(screen.panes.rows.numbers) == 3
        await pilot.press("w")
        await pilot.pause()
        assert "all accounts" in shown(app) and "2 unread" in shown(app) and "1 unread" in shown(app)
        await pilot.press(*"sho", "enter")
        await pilot.pause()
        assert " only shop  1 " in lines(app)[0]
        assert [len(view.rows.numbers) for view in screen.panes.views] == [1, 1, 1]
        for view in screen.panes.views:
            kinds = [services.store.get(type(row), row.id) for row in records(services, view)]
            assert {row.account for row in kinds} == {SHOP.id}
        await pilot.press("w", *"all", "enter")
        await pilot.pause()
        assert "all accounts" in lines(app)[0]
        assert [len(view.rows.numbers) for view in screen.panes.views] == [3, 2, 2]

    drive(services, scenario, (140, 40))


def records(services: ScreenServices, view):
    from commtui.model.records import Outgoing

    kind = Conversation if view.pane.name == "mentions" else Outgoing
    return [services.store.at(kind, number) for number in view.rows.numbers]


def test_an_account_stays_with_a_filter_and_until_the_next_start(tmp_path: Path) -> None:
    services = two_accounts(tmp_path, 3, 4)

    async def first(app, pilot):
        await pilot.press("w", *"shop", "enter", "e", "space", "e")
        await pilot.pause()
        assert "is:done (1)" in lines(app)[0] and "only shop" in lines(app)[0]
        await pilot.press("escape", "escape")

    async def second(app, pilot):
        assert "only shop" in lines(app)[0]
        await pilot.press("space", "o")
        await pilot.pause()
        assert " only shop  3 " in lines(app)[0]
        services.settings = replace(services.settings, accounts=SETTINGS.accounts)
        inbox(app).follow(everything=True)
        await pilot.pause()
        assert "only" not in lines(app)[0] and len(inbox(app).panes.rows.numbers) == 6

    drive(services, first, (140, 40))
    drive(services, second, (140, 40))


def test_an_unknown_account_and_a_single_one_are_answered(tmp_path: Path) -> None:
    async def unknown(app, pilot):
        await pilot.press("colon", *"only", "space", *"nix", "enter")
        await pilot.pause()
        assert "no account 'nix'; there are: brand, shop, or all" in shown(app)

    async def single(app, pilot):
        await pilot.press("w")
        await pilot.pause()
        assert message(app) == "there is one account"

    drive(two_accounts(tmp_path / "two", 1, 1), unknown)
    drive(services_in(tmp_path / "one", 1), single)


def test_what_is_unread_is_counted_by_account_as_its_rows_are(tmp_path: Path) -> None:
    services = two_accounts(tmp_path, 4, 3)
    desk = services.desk()
    ids = [conversation.id for conversation in services.store.all(Conversation)]
    conversations.read(desk, ids[:1])
    conversations.done(desk, ids[1:2])
    conversations.mute(desk, ids[4:5])
    conversations.snooze(desk, ids[5:6], "1h")
    with services.store.write() as write:
        write.put(replace(services.store.get(Conversation, ids[5]), unread=True))
    for hours, of_shop in ((0, 1), (2, 2)):
        services.clock.moment += timedelta(hours=hours)
        desk = services.desk()
        for account in (ACCOUNT, SHOP):
            rows = views.queue(desk, query.parse(f"is:unread account:{account.name}"))
            assert shares.unread(desk)[account.id] == len(rows)
        standings = status.standing(desk).accounts
        assert [(standing.account, standing.unread) for standing in standings] == [("brand", 2), ("shop", of_shop)]
        accounts = status.as_json(desk, status.standing(desk))["accounts"]
        assert isinstance(accounts, list) and [account["unread"] for account in accounts] == [2, of_shop]


def test_a_post_is_from_the_account_that_is_shown_and_as_visible_as_it_says(tmp_path: Path) -> None:
    async def scenario(app, pilot):
        await pilot.press("w", *"shop", "enter", "c")
        await pilot.pause()
        draft = composer(app).draft
        assert isinstance(draft, PostDraft) and draft.names == ["shop"] and draft.visibility is Visibility.UNLISTED

    services = two_accounts(tmp_path, 1, 1)
    drive(services, scenario)
    assert services.store.all(Mention)
