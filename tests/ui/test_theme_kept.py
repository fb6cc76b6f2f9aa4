"""A theme from the list lasts until one quits, or is kept by the key that the line names."""

from __future__ import annotations

import pytest

from commtui.config.loading import load
from commtui.config.paths import Home
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
