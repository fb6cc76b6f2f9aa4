"""The views: one list of the built-in ones and of the config's, with numbers; a filter is saved as a view."""

from __future__ import annotations

import re
from pathlib import Path

from commtui.community import conversations
from commtui.config.loading import load
from commtui.model.records import Conversation
from commtui.triage import query, view_counts, views
from tests.ui.fill import ACCOUNT, services_in
from tests.ui.screen import drive, inbox, lines, message, shown, typed
from tests.ui.terminal import inbox as terminal_inbox


def test_views_are_chosen_from_a_list_with_the_number_of_their_rows(tmp_path: Path) -> None:
    services = services_in(tmp_path, 5, views={"bugs": "tag:bug", "open": "is:unread", "broken": "is:nonsense"})
    ids = [conversation.id for conversation in services.store.all(Conversation)]
    conversations.tag(services.desk(), ids[:2], "bug")
    conversations.done(services.desk(), ids[4:])

    async def scenario(app, pilot):
        await pilot.press("W")
        await pilot.pause()
        words = [line.removeprefix(">").split() for line in lines(app) if line.strip("> ")]
        rows = {name: rest for name, *rest in words}
        assert rows["bugs"] == ["2", "tag:bug"] and rows["open"] == ["4", "is:unread"]
        assert rows["unassigned"][0] == "4" and rows["broken"] == ["is:nonsense"]
        await typed(pilot, "done")
        await pilot.pause()
        assert ["done", "1"] in [line.removeprefix(">").split()[:2] for line in lines(app)]
        await pilot.press(*["backspace"] * 4)
        await typed(pilot, "bug")
        await pilot.press("enter")
        await pilot.pause()
        assert "tag:bug (2)" in lines(app)[0]
        await pilot.press("W", *"brok", "enter")
        await pilot.pause()
        assert "unknown is:nonsense" in shown(app)

    drive(services, scenario)


def test_the_numbers_are_those_of_the_account_that_is_shown(tmp_path: Path) -> None:
    services = services_in(tmp_path, 3)
    desk = services.desk()
    for account, count in ((ACCOUNT.id, "3"), ("aother00000", "0")):
        assert view_counts.searched(desk, {"o": "", "u": "is:unread"}, account, 5) == {"o": count, "u": count}
    assert view_counts.searched(desk, view_counts.NAMED, "", 5) == {
        name: str(len(views.queue(desk, query.parse(text)))) for name, text in view_counts.NAMED.items()
    }


def test_on_a_terminal_a_filter_is_saved_as_a_view_and_shown_again(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("# mine\n")
    with terminal_inbox(tmp_path, 12) as terminal:
        terminal.until("12 open")
        terminal.press("\\", *"is:unread", "enter", " ", "V")
        terminal.until("name for the view 'is:unread':")
        terminal.press(*"my.new", "enter")
        terminal.until("view my.new saved: W shows it")
        assert (tmp_path / "config.toml").read_text().startswith("# mine\n")
        terminal.press(" ", "e", "W", *"my.n")
        terminal.until("my.new")
        terminal.press("enter")
        terminal.until("is:unread (12)")
        terminal.press(":", *"remove-view my.new", "enter")
        terminal.until("view my.new removed")
    assert load_views(tmp_path) == {}


def test_a_saved_view_stands_on_a_wide_screen_at_once_with_the_number_of_its_rows(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("# mine\n")
    with terminal_inbox(tmp_path, 12, size=(200, 50)) as terminal:
        terminal.until("12 open")
        terminal.press("\\", *"is:unread", "enter", " ", "V")
        terminal.until("name for the view 'is:unread':")
        terminal.press(*"unread ones", "enter")
        terminal.until(lambda text: re.search(r" More views  W .*\n unread ones +12 ", text) is not None)


def load_views(folder: Path) -> dict[str, str]:
    from commtui.config.paths import Home

    return dict(load(Home.at(folder), {}).views)


def test_a_view_is_shown_by_a_key_of_its_own(tmp_path: Path) -> None:
    services = services_in(tmp_path, 3, views={"read": "-is:unread"}, keys={"view read": ("B",)})
    every = [conversation.id for conversation in services.store.all(Conversation)]
    conversations.read(services.desk(), every[:1])

    async def scenario(app, pilot):
        await pilot.press("B")
        await pilot.pause()
        assert "-is:unread (1)" in lines(app)[0]

    drive(services, scenario)


def test_without_a_filter_nothing_is_saved_and_a_name_that_is_none_is_asked_again(tmp_path: Path) -> None:
    async def scenario(app, pilot):
        await pilot.press("space", "V")
        await pilot.pause()
        assert "no filter to save" in message(app)
        await pilot.press("backslash", *"is", "colon", *"open", "enter", "colon")
        await typed(pilot, "remove-view nix")
        await pilot.press("enter")
        await pilot.pause()
        assert "no view 'nix' of your own" in shown(app)
        await pilot.press("escape", "colon")
        await typed(pilot, "view nix")
        await pilot.press("enter")
        await pilot.pause()
        assert "no view 'nix'" in shown(app) and inbox(app).panes.pane.filter_text == "is:open"

    drive(services_in(tmp_path, 2), scenario)
