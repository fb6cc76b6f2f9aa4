"""On a real pseudo-terminal: notices, links, countdowns, config and themes that change while it runs, kill -9."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import Any

import pytest

from commtui.config.themes import own_folder
from tests.ui.terminal import inbox

pytestmark = pytest.mark.slow


def come(folder: Path, count: int) -> None:
    (folder / "new").write_text(str(count))
    (folder / "new").rename(folder / "arrive")


def called(raw: bytes, said: bytes) -> int:
    """How often; a BEL that ends another sequence (the pointer's shape) is no bell."""
    return re.sub(rb"\x1b\]22;\w+\x07", b"", raw).count(said)


@pytest.mark.parametrize(
    ("wanted", "env", "said"),
    [
        ("bell", {}, b"\x07"),
        ("osc9", {}, b"\x1b]9;commtui: 5 new mentions, 8 open\x07"),
        ("osc777", {}, b"\x1b]777;notify;commtui;5 new mentions, 8 open\x07"),
        ("osc777", {"TMUX": "/tmp/x,1,0", "TERM": "tmux-256color"},
         b"\x1bPtmux;\x1b\x1b]777;notify;commtui;5 new mentions, 8 open\x07\x1b\\"),
    ],
)  # fmt: skip
def test_a_batch_of_mentions_calls_once_and_what_one_does_oneself_never(tmp_path, wanted, env, said):
    (tmp_path / "config.toml").write_text(f'hold = "1h"\n[notify]\n{wanted} = true\n')
    with inbox(tmp_path, 4, "arrivals", **env) as terminal:
        terminal.until("4 open")
        terminal.press("e", "u", "e", "r", "a", "esc", "y", "u", "e")
        terminal.until("2 open")
        terminal.press("u")
        terminal.until("3 open")
        assert called(terminal.raw, said) == 0
        come(tmp_path, 5)
        terminal.until("8 open")
        terminal.read(1)
        assert called(terminal.raw, said) == 1


def test_config_and_themes_change_live_and_a_bad_change_keeps_the_old_and_names_its_line(tmp_path):
    config, themes = tmp_path / "config.toml", tmp_path / "themes"
    themes.mkdir()
    mine = (own_folder() / "commtui-dark.toml").read_text().replace('"commtui-dark"', '"mine"')
    (themes / "mine.toml").write_text(mine)
    config.write_text('theme = "mine"\n[keys]\ndone = ["ctrl+m"]\nclaim = ["?"]\n')
    with inbox(tmp_path, 6) as terminal:
        terminal.until("[keys] done: ctrl+m can't be reached")
        before = terminal.screen.buffer[2][30].bg
        (themes / "mine.toml").write_text(mine.replace('background = "#', 'background = "#zz', 1))
        terminal.until("themes/mine.toml: line ")
        assert terminal.screen.buffer[2][30].bg == before
        line = next(line for line in mine.splitlines() if line.startswith("background"))
        (themes / "mine.toml").write_text(mine.replace(line, 'background = "#102030"'))
        terminal.until(lambda text: terminal.screen.buffer[2][30].bg == "102030")
        config.write_text('theme = "mine"\n[keys]\ndone = ["d"]\n')
        terminal.press("j", "d")
        terminal.until("5 open")
        config.write_text('theme = "mine"\n\n[keys\ndone = ["z"]\n')
        terminal.until("config.toml:3: ")
        terminal.press("d")
        terminal.until("4 open")


def test_a_reply_due_in_a_minute_and_a_second_begins_to_count_down_by_itself(tmp_path):
    (tmp_path / "config.toml").write_text('hold = "63s"\n')
    with inbox(tmp_path, 2) as terminal:
        terminal.until("2 open")
        terminal.press("r", "a", "esc", "y")
        terminal.until("sends in")
        terminal.press("2")
        terminal.until(lambda text: "sends in 5" in text, seconds=30)


def test_links_are_links_for_the_terminal_but_not_without_colours(tmp_path):
    from tests.ui.fill import arrive, services_in

    services = services_in(tmp_path / "home")
    arrive(services, 1, text="See (https://example.net/a_(b)) and https://example.net/" + "long" * 30 + ".")
    services.store.close()
    cases: tuple[tuple[dict[str, Any], int], ...] = (({}, 1), ({"NO_COLOR": "1"}, 0))
    for env, count in cases:
        with inbox(tmp_path / "home", 0, **env) as terminal:
            terminal.until("See (https")
            terminal.press("enter")
            terminal.until("q back")
            terminal.read(0.4)
            assert terminal.raw.count(b";https://example.net/a_(b)\x1b\\") == count
            assert (b";https://example.net/" + b"long" * 30 + b"\x1b\\" in terminal.raw) == bool(count)


def test_after_kill_9_while_typing_the_person_is_back_in_lane_row_marks_filter_and_text(tmp_path):
    with inbox(tmp_path, 40) as terminal:
        terminal.until("40 open")
        terminal.press("\\", *"No.", "enter", "j", "j", "x", "j", settle=0.1)
        terminal.press("r")
        terminal.until("esc review")
        terminal.press(*"half a sentence", settle=0.02)
        terminal.read(1.5)
        terminal.process.send_signal(signal.SIGKILL)
        terminal.process.wait(60)
    with inbox(tmp_path, 40) as terminal:
        terminal.until("half a sentence")
        terminal.press("esc", "p")
        terminal.until("saved as a draft")
        assert "filter: No." in terminal.text and "1 marked" in terminal.text
        row = next(line for line in terminal.text.splitlines() if line.startswith(">"))
        assert "No. 4:" in row
        assert re.search(r"draft +@\w+  half a sen", terminal.text), terminal.text  # to what is marked
