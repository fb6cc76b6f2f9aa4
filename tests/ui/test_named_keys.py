"""A message that names a key names the key that does it, in every preset."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commtui.activity.desk import Desk
from commtui.community import conversations
from commtui.config.settings import KEYMAPS
from commtui.model.records import Conversation, Outgoing
from commtui.model.states import OutgoingState
from commtui.ui.keys.keymap import textual_name
from tests.ui.fill import services_in
from tests.ui.screen import drive, inbox, lines, shown, typed

pytestmark = pytest.mark.usefixtures("waits_for_work")


def named(app, pattern: str) -> list[str]:
    """The keys that the message names, as Textual calls them."""
    found = re.search(pattern, " ".join(shown(app).split()))
    assert found, (pattern, shown(app)[-300:])
    return [textual_name(key) for key in found[1].split()]


@pytest.mark.parametrize("preset", KEYMAPS)
def test_the_key_that_a_message_names_does_what_it_says(tmp_path: Path, preset: str) -> None:
    made = services_in(tmp_path, 3, keymap=preset)
    first = made.store.all(Conversation)[0].id

    async def scenario(app, pilot):
        keymap = app.keymap
        screen = inbox(app)

        async def press(command: str) -> None:
            await pilot.press(keymap.keys[command][0])
            await pilot.pause()

        await press("done")
        assert "2 open" in shown(app)
        await pilot.press(*named(app, r"; (\S+): undo"))
        await pilot.pause()
        assert "3 open" in shown(app)

        await press("command-line")  # a reply in its hold window, recalled by the key that is named
        await typed(pilot, "reply hello")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press(*named(app, r"sends in 10s; (\S+): undo"))
        await pilot.pause()
        assert made.store.all(Outgoing)[0].state is OutgoingState.DRAFT

        await press("search-next")
        await pilot.press(*named(app, r"nothing searched yet: (\S+) searches"))
        assert screen.prompt.display
        await pilot.press("escape")

        conversations.assign(Desk(made.store, made.clock, made.settings, "kim"), [first], "kim")
        screen.do("first")
        while screen.panes.pointed != first:
            await press("down")
        await press("claim")
        await pilot.press(*named(app, r"is assigned to kim since [^;]+; (\S+) me enter takes it over"))
        await typed(pilot, "me")
        await pilot.press("enter")
        await pilot.pause()
        assert made.store.get(Conversation, first).assignee == "lea", lines(app)[-1]

    drive(made, scenario)
