"""A real terminal emulator takes the painter's text and Textual's own: both panes of a real tmux look the same."""

import os
import shutil
import subprocess
import time

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from commtui.ui.painter.abilities import Abilities
from tests.painter import frames
from tests.painter.reference import Terminal
from tests.painter.test_diff import Painted

SIZE = (46, 12)


class Pane:
    """A tmux pane that shows what is written to it."""

    def __init__(self, tmux, name, folder):
        self.tmux, self.name, self.count = tmux, name, 0
        fifo = folder / name
        os.mkfifo(fifo)
        tmux("new-session", "-d", "-s", name, "-x", str(SIZE[0]), "-y", str(SIZE[1]), f"stty -echo; exec cat {fifo}")
        self.file = open(fifo, "wb", buffering=0)  # noqa: SIM115

    def feed(self, data):
        """Writes, and waits until tmux has come to the end of it."""
        self.count += 1
        self.file.write(data.encode() + f"\x1b]2;{self.count}\x1b\\".encode())
        end = time.monotonic() + 20
        while self.tmux("display-message", "-p", "-t", self.name, "#{pane_title}").strip() != str(self.count):
            assert time.monotonic() < end, "tmux did not read on"

    def cells(self):
        terminal = Terminal(*SIZE)
        terminal.act("J", [2])
        shown = self.tmux("capture-pane", "-e", "-N", "-p", "-t", self.name).split("\n")[: SIZE[1]]
        for y, line in enumerate(shown):
            terminal.act("H", [y + 1, 1])
            # Shift in and out are how tmux tells of line drawing; underlines and overlines it writes with colons.
            terminal.feed(line.replace("\x0e", "").replace("\x0f", "").replace("4:2", "21").replace("5:3", "53"))
        cursor = self.tmux("display-message", "-p", "-t", self.name, "#{cursor_y} #{cursor_x}").split()
        return terminal.seen(), cursor


@pytest.fixture(scope="module")
def panes(tmp_path_factory):
    if not shutil.which("tmux"):
        if os.environ.get("CI"):
            pytest.fail("tmux is missing")
        pytest.skip("tmux is missing")
    folder = tmp_path_factory.mktemp("tmux")
    env = {k: v for k, v in os.environ.items() if k not in ("TMUX", "TMUX_PANE")} | {
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
    }

    def tmux(*arguments):
        done = subprocess.run(
            ["tmux", "-S", str(folder / "socket"), "-f", "/dev/null", *arguments],
            env=env, capture_output=True, check=True, text=True,
        )  # fmt: skip
        return done.stdout

    made = [Pane(tmux, name, folder) for name in ("painted", "textual")]
    for name in ("painted", "textual"):
        tmux("set-option", "-t", name, "status", "off")
        tmux("resize-window", "-t", name, "-x", str(SIZE[0]), "-y", str(SIZE[1]))
    yield made
    tmux("kill-server")
    for pane in made:
        pane.file.close()


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(frames.steps(frames.SIMPLE), st.booleans(), st.booleans())
def test_a_real_tmux_shows_the_same_for_both(panes, steps, repeat, up_down):
    ours, theirs = panes
    for pane in panes:
        pane.feed("\x1bc\x1b[?1049h\x1b[?7l")
    painted = Painted(*SIZE, Abilities(newline="crlf", repeat=repeat, scroll_up_down=up_down))
    frame, before = frames.Frame(*SIZE), None
    for step in [("page", 3, 5, 1, [(["a"], 3, 0)]), *steps]:
        if step[0] == "resize":
            step = ("page", *step[1:])
        frame.step(step)
        drawn = frame.drawn(before, (step[1] % SIZE[1], step[2] % SIZE[0]))
        before = list(frame.rows)
        theirs.feed(drawn)
        ours.feed(painted.feed(drawn))
        assert ours.cells() == theirs.cells()
