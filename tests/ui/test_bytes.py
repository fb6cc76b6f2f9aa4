"""Bytes over the wire of the real program with 10,000 open conversations, against neomutt's for as many messages.

neomutt's figures are those of 10,000 messages at 80x24 (20220429, 23 November 2026): 16,101 bytes at the start, 198 for
a step, 14,040 for 60 steps, 1,250 for a page. `benchmarks/terminal.py` measures both beside each other; at 120x40 it
counted 21,810 for 60 steps of neomutt's.
"""

import os
import shutil
import statistics
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.ui.terminal import KEYS, ROOT, Terminal
from tests.waiting import readable

pytestmark = pytest.mark.slow

START, STEP, SIXTY, PAGE, SIXTY_WIDE = 16_101, 198, 14_040, 1_250, 21_810
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}


def script(name, *arguments):
    subprocess.run([sys.executable, ROOT / "benchmarks" / name, *map(str, arguments)], check=True, env=ENV)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    home = tmp_path_factory.mktemp("bytes") / "home"
    script("fill.py", home, 10_000)
    return home


@contextmanager
def opened(filled, tmp_path, size):
    home = tmp_path / "home"
    shutil.copytree(filled, home)
    with Terminal([sys.executable, "-m", "commtui", "--home", str(home)], size) as terminal:
        terminal.until(" open")
        terminal.read(1.5)
        yield terminal, home


def press(terminal, key, settle=0.05):
    """The bytes of a key: all until the terminal is silent for `settle` seconds."""
    os.write(terminal.master, KEYS.get(key, key).encode())
    assert readable(terminal.master, 10), f"{key} painted nothing"
    return len(terminal.read(settle))


@pytest.mark.parametrize(("size", "sixty"), [((80, 24), 0.8 * SIXTY), ((120, 40), SIXTY_WIDE)])
def test_start_and_steps_cost_less_than_neomutts(filled, tmp_path, size, sixty):
    with opened(filled, tmp_path, size) as (terminal, _):
        assert len(terminal.raw) <= 0.25 * START
        steps = [press(terminal, "j") for _ in range(60)]
        rest = len(terminal.read(0.5))
        assert sum(steps) + rest <= sixty
        assert size[0] > 80 or statistics.median(steps) <= 0.5 * STEP


@pytest.mark.parametrize(("size", "most"), [((160, 45), 0.5 * SIXTY_WIDE), ((200, 50), 0.55 * SIXTY_WIDE)])
def test_the_columns_of_a_wide_screen_cost_nothing_at_a_step_and_little_once_the_keys_pause(
    filled, tmp_path, size, most
):
    with opened(filled, tmp_path, size) as (terminal, _):
        terminal.until("first seen")
        steps = sum(press(terminal, "j") for _ in range(60))
        rest = len(terminal.read(1.2))
        assert steps + rest <= most
        assert rest <= 1500


def test_half_a_page_costs_no_more_than_neomutts_page(filled, tmp_path):
    with opened(filled, tmp_path, (80, 24)) as (terminal, _):
        assert statistics.median(press(terminal, "ctrl+d", 0.3) for _ in range(4)) <= PAGE


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_verb_a_pane_switch_and_a_letter_cost_little(filled, tmp_path, size):
    with opened(filled, tmp_path, size) as (terminal, _):
        assert size[0] > 80 or max(press(terminal, "e", 0.3) for _ in range(6)) <= 300
        press(terminal, "tab", 0.4)
        assert press(terminal, "tab", 0.4) <= 1000
        press(terminal, "tab", 0.4)
        press(terminal, "r", 0.5)
        terminal.until("esc review")
        terminal.read(0.5)
        for letter in "he":  # they change the colours, too, and wide panes name the new draft
            press(terminal, letter, 0.6)
        assert max(press(terminal, letter, 0.4) for letter in "llo there") <= 20


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_idling_costs_nothing_and_an_arrival_little(filled, tmp_path, size):
    with opened(filled, tmp_path, size) as (terminal, home):
        assert terminal.read(3) == b""
        script("arrive.py", home, "new", 1)
        unseen = terminal.read(1.5)
        assert "10001 open" in terminal.text and len(unseen) <= 60
        script("arrive.py", home, "answer", 4)
        assert 0 < len(terminal.read(1.5)) <= 250
