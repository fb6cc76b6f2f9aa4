"""The inbox on a real pseudo-terminal: bytes over the wire, hang-ups, signals, an editor."""

from __future__ import annotations

import json
import re
import signal
import time

import pytest

from commtui.config.paths import Home
from commtui.model.records import Outgoing
from commtui.store.store import Store
from tests.ui.terminal import inbox

pytestmark = pytest.mark.slow


def texts(folder):
    store = Store(Home.at(folder).data)
    try:
        return [item.text for item in store.all(Outgoing)]
    finally:
        store.close()


def test_keys_cost_few_bytes_and_idling_costs_none(tmp_path):
    with inbox(tmp_path, 300, "arrivals") as terminal:
        terminal.until("300 open")
        terminal.read(0.8)
        assert len(terminal.raw) <= 4025  # a quarter of neomutt's 16,101
        costs = {key: sorted(len(terminal.press(key)) for _ in range(5)) for key in ("j", "k", "e")}
        # half of neomutt's 198; at rest the whole row is coloured, which some steps find and take back
        assert costs["j"][2] <= 99 and costs["k"][2] <= 99, costs
        assert costs["e"][2] <= 300, costs
        terminal.read(1)
        assert terminal.read(1.5) == b""
        terminal.press("j")
        (tmp_path / "arrive").touch()
        arrival = terminal.read(1.5)
        assert "296 open" in terminal.text
        assert 0 < len(arrival) <= 120


def test_the_terminal_s_cursor_stands_behind_what_is_typed_and_is_hidden_elsewhere(tmp_path):
    with inbox(tmp_path, 5) as terminal:
        terminal.until("5 open")
        assert terminal.screen.cursor.hidden
        terminal.press("r")
        terminal.until("esc review")
        terminal.press("a", "b", "\r", "c")
        cursor = terminal.screen.cursor
        assert not cursor.hidden and terminal.screen.display[cursor.y][: cursor.x] == " c"
        terminal.press("esc")
        terminal.until("y send")
        assert terminal.screen.cursor.hidden
        terminal.press("e")
        terminal.until("esc review")
        assert not terminal.screen.cursor.hidden
        terminal.press("esc", "d")
        terminal.until("draft discarded")
        assert terminal.screen.cursor.hidden


def test_a_hang_up_while_typing_loses_no_letter_and_no_place(tmp_path):
    with inbox(tmp_path, 40) as terminal:
        terminal.until("40 open")
        terminal.press("j", "j", "j", "x")
        terminal.press("r")
        terminal.until("esc review")
        for letter in "half a sen":
            terminal.press(letter, settle=0.02)
        terminal.until("half a sen")  # what the kernel had not yet given to the program is nobody's to keep
        terminal.hang_up()
        terminal.process.wait(60)
    assert texts(tmp_path) == ["half a sen"]
    with inbox(tmp_path, 40) as terminal:
        terminal.until("half a sen")
        terminal.press("esc", "p")
        terminal.until("40 open")
        row = next(line for line in terminal.text.splitlines() if line.startswith(">"))
        assert "No. 4:" in row
        assert re.search(r"draft +@\w+  half a sen", terminal.text), terminal.text  # to what is marked
        assert "1 marked" in terminal.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_sane_and_the_position_kept(tmp_path, number):
    with inbox(tmp_path, 20) as terminal:
        terminal.until("20 open")
        terminal.press("j", "j", settle=0.1)
        code = terminal.end(number)
        assert code in (0, 129, 128 + number)
        assert b"\x1b[?1049l" in terminal.raw and b"\x1b[?25h" in terminal.raw
    kept = json.loads((tmp_path / "state" / "ui.json").read_text())
    assert kept["pane"] == "mentions" and kept["panes"]["mentions"]["row"]


def test_the_editor_gives_the_text_back_and_the_screen_is_whole_again(tmp_path):
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nseq 1 40 > /dev/tty\nprintf 'from the editor' >> \"$1\"\n")
    editor.chmod(0o755)
    with inbox(tmp_path / "home", 5, EDITOR=str(editor)) as terminal:
        terminal.until("5 open")
        terminal.press("r")
        terminal.until("esc review")
        terminal.press("a", "b", " ")
        before = terminal.text.splitlines()
        terminal.press("ctrl+e")
        terminal.until("ab from the editor")
        terminal.read(0.5)
        assert not terminal.screen.cursor.hidden
        after = terminal.text.splitlines()
        differing = [line for old, line in zip(before, after, strict=True) if old != line]
        assert [line.strip() for line in differing[:1]] == ["ab from the editor"] and len(differing) == 2, after
        terminal.press("!")
        terminal.until("ab from the editor!")
        terminal.press("esc", "p")
        terminal.until("saved as a draft")
    assert texts(tmp_path / "home") == ["ab from the editor!"]


def test_another_process_is_noticed_and_moves_nothing(tmp_path):
    with inbox(tmp_path, 60) as terminal:
        terminal.until("60 open")
        terminal.press("j", "j")
        before = [line for line in terminal.text.splitlines() if line.startswith(">")]
        from tests.ui.fill import arrive, services_in

        other = services_in(tmp_path, 0)
        arrive(other, 3, first=5000)
        other.store.close()
        terminal.until("63 open")
        time.sleep(0)
        assert [line for line in terminal.text.splitlines() if line.startswith(">")] == before
