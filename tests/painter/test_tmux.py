"""A real terminal takes the painter's text and Textual's own: what a real tmux then shows its clients is the same."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
import time

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from commtui.ui.painter.abilities import Abilities
from tests.painter import frames
from tests.painter.terminal import Screen, Stream, look
from tests.painter.test_diff import Painted
from tests.programs import need
from tests.waiting import readable

SIZE = (46, 12)
ENV = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


class Pane:
    """A tmux pane that shows what is written to it, and a client attached to it, its screen kept by pyte. (What
    capture-pane gives leaves out cells that were erased in a colour and never written.)"""

    def __init__(self, tmux, socket, name, folder):
        self.tmux, self.name, self.count = tmux, name, 0
        fifo = folder / name
        os.mkfifo(fifo)
        size = ("-x", str(SIZE[0]), "-y", str(SIZE[1]))
        tmux("new-session", "-d", "-s", name, *size, f"stty -echo; exec cat {fifo}")
        for option in ("status off", "escape-time 0", "default-terminal tmux-256color"):
            tmux("set-option", "-g", *option.split())
        tmux("set-option", "-s", "terminal-features", "xterm*:RGB")
        # Without what the emulator doesn't know, REP and margins left and right, and without SU and SD.
        tmux("set-option", "-s", "terminal-overrides", "xterm*:indn@:rin@:rep@:Cmg@:Enmg@")
        self.file = open(fifo, "wb", buffering=0)  # noqa: SIM115
        self.screen = Screen(*SIZE)
        self.stream = Stream(self.screen)
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
            os.execvpe("tmux", ["tmux", "-u", "-S", socket, "attach", "-t", name], bare() | ENV)

    def feed(self, data):
        """Writes, and waits until tmux has come to the end of it."""
        self.count += 1
        self.file.write(data.encode() + f"\x1b]2;{self.count}\x1b\\".encode())
        end = time.monotonic() + 60
        while self.tmux("display-message", "-p", "-t", self.name, "#{pane_title}").strip() != str(self.count):
            assert time.monotonic() < end, "tmux did not read on"

    def cells(self):
        while readable(self.master, 0.08):
            self.stream.feed(os.read(self.master, 1 << 16))
        cursor = self.tmux("display-message", "-p", "-t", self.name, "#{cursor_y} #{cursor_x}").split()
        return look(self.screen), cursor


def bare():
    return {name: value for name, value in os.environ.items() if name not in ("TMUX", "TMUX_PANE", "COLORTERM")}


@pytest.fixture(scope="module")
def panes(tmp_path_factory):
    need("tmux", "tmux")
    folder = tmp_path_factory.mktemp("tmux")
    socket = str(folder / "socket")

    def tmux(*arguments):
        command = ["tmux", "-S", socket, "-f", "/dev/null", *arguments]
        return subprocess.run(command, env=bare() | ENV, capture_output=True, check=True, text=True).stdout

    made = [Pane(tmux, socket, name, folder) for name in ("painted", "textual")]
    yield made
    tmux("kill-server")
    for pane in made:
        os.waitpid(pane.pid, 0)
        os.close(pane.master)
        pane.file.close()


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
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
