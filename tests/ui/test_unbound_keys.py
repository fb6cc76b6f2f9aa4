"""A key that does nothing says so, and what helps; it takes no message away, and nothing is done by it."""

from __future__ import annotations

from typing import Any

import pytest

from commtui.config.settings import KEYMAPS
from commtui.ui.keys.keymap import build
from tests.ui.fill import services_in
from tests.ui.screen import drive, lines, message, shown, typed


def test_it_says_so_until_the_next_key_and_not_over_a_message(tmp_path: Any) -> None:
    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("Z")
        assert message(app) == "Z does nothing here; ?: help"
        await pilot.press("f5")
        assert message(app).startswith("Z does nothing here")  # it stands already
        await pilot.press("j")
        assert message(app) == ""
        await pilot.press("e")
        await pilot.pause()
        done = message(app)
        assert done.startswith("done"), shown(app)
        await pilot.press("Z")
        assert message(app) == done

    drive(services_in(tmp_path, 4), scenario)


def test_also_in_an_open_thread_and_behind_the_leader_key(tmp_path: Any) -> None:
    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("enter", "Z")
        assert message(app).startswith("Z does nothing here")
        await pilot.press("q", "space", "Z")
        await pilot.pause()
        assert message(app).startswith("space Z does nothing here"), shown(app)
        await pilot.press("space", "escape")
        await pilot.pause()
        assert message(app) == ""  # it was left, by no mistake

    drive(services_in(tmp_path, 4), scenario)


def test_in_a_list_on_a_screen_of_its_own_its_last_line_says_it_until_the_next_key(tmp_path: Any) -> None:
    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("H")
        await pilot.pause()
        keys = lines(app)[-1]
        await pilot.press("Z")
        await pilot.pause()
        assert lines(app)[-1].strip() == "Z does nothing here; ?: help"
        await pilot.press("j")
        await pilot.pause()
        assert lines(app)[-1] == keys

    drive(services_in(tmp_path, 4), scenario)


def test_where_a_question_stays_a_wrong_key_says_that_it_is_no_answer(tmp_path: Any) -> None:
    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("r")
        await typed(pilot, "On its way")
        await pilot.press("escape")
        await pilot.pause()
        assert "only these keys" not in shown(app)
        await pilot.press("z")
        await pilot.pause()
        assert "! only these keys answer:" in shown(app) and "y send  e/esc edit" in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "y send" not in shown(app) and "only these keys" not in shown(app)  # back at the text, as the line says
        await typed(pilot, " today")
        assert "On its way today" in shown(app)

    drive(services_in(tmp_path, 1), scenario)


@pytest.mark.parametrize("preset", KEYMAPS)
def test_it_names_the_key_of_help_in_each_preset(tmp_path: Any, preset: str) -> None:
    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("f9")
        assert message(app).endswith(f"; {build(preset, {}).named('help')}: help")

    drive(services_in(tmp_path, 1, keymap=preset), scenario)
