"""A theme from the list lasts until one quits, or is kept by the key that the line names. New files are found."""

from __future__ import annotations

import pytest

from commtui.config.loading import load
from commtui.config.paths import Home
from tests.config.test_themes import write
from tests.ui.fill import services_in
from tests.ui.screen import drive, shown, typed
from tests.ui.terminal import inbox


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
@pytest.mark.parametrize("answer", ["k", "x"])
def test_a_theme_says_how_long_it_lasts_and_which_key_keeps_it(tmp_path, answer, size):
    home = Home.at(tmp_path)
    home.config.write_text("# mine\npaused = true\n")
    with inbox(tmp_path, 3, size=size) as terminal:
        terminal.until("3 open")
        terminal.press(" ", "c", "nord", "enter")
        terminal.says("theme nord until you quit:  k keep it  any other key: only now")
        terminal.press(answer)
        if answer == "k":
            terminal.says("theme nord is kept in config.toml")
        else:
            terminal.until(lambda text: "until you quit" not in text)
        terminal.press(" ", "c", "nord", "enter")
        terminal.says("theme nord, as the config says" if answer == "k" else "theme nord until you quit")
    settings = load(home, {})
    assert (settings.theme, settings.paused) == ("nord" if answer == "k" else load(home, {}).theme, True)
    assert home.config.read_text().startswith("# mine\npaused = true\n")
    assert ("nord" in home.config.read_text()) is (answer == "k")


def test_a_theme_that_is_added_while_the_screen_is_open_is_found_by_name_and_in_the_list(tmp_path):
    services = services_in(tmp_path, 1)

    async def take(pilot, name):
        await pilot.press("colon")
        await typed(pilot, f"theme {name}")
        await pilot.press("enter")
        await pilot.pause()

    async def scenario(app, pilot):
        await take(pilot, "mine")
        assert "no theme 'mine'; there are: " in shown(app)
        await pilot.press("escape")
        path = write(services.home, "mine.toml", name="mine", primary="#ABCDEF")
        await take(pilot, "mine")
        assert "theme mine until you quit" in shown(app)
        assert (app.theme_name, app.theme_in_use.primary) == ("mine", "#ABCDEF")
        await pilot.press("escape", "space", "c")
        await typed(pilot, "min")
        assert "> mine" in shown(app) and "in use" in shown(app), shown(app)
        await pilot.press("escape")
        path.unlink()
        await take(pilot, "mine")
        assert "no theme 'mine'" in shown(app)

    drive(services, scenario)
