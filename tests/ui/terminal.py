"""A program on a real pseudo-terminal, its screen emulated by pyte, its bytes counted."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

from tests.painter.terminal import Screen, Stream
from tests.waiting import readable

ROOT = Path(__file__).parents[2]
KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "space": " ",
    "down": "\x1b[B",
    "ctrl+d": "\x04",
    "ctrl+c": "\x03",
    "ctrl+e": "\x05",
    "ctrl+u": "\x15",
    "ctrl+z": "\x1a",
}


class Terminal:
    """`with Terminal([...]) as terminal`: the program is ended, and waited for, at the end."""

    def __init__(self, command: list[str], size: tuple[int, int] = (80, 24), **env: str) -> None:
        self.size = size
        self.screen = Screen(*size)
        self.stream = Stream(self.screen)
        self.raw = b""
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env={**keep, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT), **env},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()
        if self.process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()

    def hang_up(self) -> None:
        """Closes the terminal, as a lost connection does."""
        if self.master >= 0:
            os.close(self.master)
            self.master = -1

    def read(self, seconds: float) -> bytes:
        """What the program wrote until it was silent for that long."""
        found = b""
        while readable(self.master, seconds):
            try:
                data = os.read(self.master, 65536)
            except OSError:  # Linux's way to say that the program has ended
                break
            if not data:
                break
            found += data
            self.stream.feed(data)
        self.raw += found
        return found

    def until(self, condition: Callable[[str], bool] | str, seconds: float = 60) -> str:
        """Waits until the screen has a text, or meets a condition; the screen's text."""
        met = (lambda text: condition in text) if isinstance(condition, str) else condition
        end = time.monotonic() + seconds
        while not met(self.text):
            assert time.monotonic() < end, f"not on the screen within {seconds} s: {condition}\n{self.text}"
            self.read(0.05)
        return self.text

    def says(self, sentence: str) -> str:
        """Waits until the screen has a sentence, wherever its lines are broken; the screen's text."""
        wanted = re.sub(r"\s+", "", sentence)
        return self.until(lambda text: wanted in re.sub(r"\s+", "", text))

    def press(self, *keys: str, settle: float = 0.4) -> bytes:
        """Presses keys one after another; what the program wrote until it was silent."""
        data = b""
        for key in keys:
            os.write(self.master, KEYS.get(key, key).encode())
            data += self.read(settle)
        return data

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def end(self, number: signal.Signals, seconds: float = 60) -> int:
        """Sends a signal and waits; the exit code."""
        self.process.send_signal(number)
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "it did not end"
            self.read(0.05)
        return self.process.returncode


def inbox(folder: Path, mentions: int = 20, *options: str, size: tuple[int, int] = (80, 24), **env: str) -> Terminal:
    """tests/ui/program.py on a terminal."""
    return Terminal([sys.executable, "-m", "tests.ui.program", str(folder), str(mentions), *options], size, **env)
