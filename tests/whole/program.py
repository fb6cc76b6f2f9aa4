"""The inbox in a real pseudo-terminal of a given size; what stands on its screen is kept by pyte."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios
import time
from types import TracebackType

from tests.painter.terminal import ENV, Screen, Stream
from tests.waiting import readable
from tests.whole.home import WAIT, Desk

KEYS = {"esc": "\x1b", "enter": "\r", "tab": "\t", "ctrl+d": "\x04", "backspace": "\x7f"}


class Program:
    """`with Program(desk) as inbox: inbox.shows("mentions"); inbox.keys("r")`. `data`: all bytes it wrote."""

    def __init__(self, desk: Desk, *words: str, size: tuple[int, int] = (80, 24), **more: str) -> None:
        self.data = b""
        self.screen = Screen(*size)
        self.stream = Stream(self.screen)
        self.code: int | None = None
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        environ = {**desk.environ(**more), **ENV}
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for number in range(3):
                os.dup2(slave, number)
            os.closerange(3, 256)
            os.chdir(desk.folder)
            os.execve(sys.executable, [sys.executable, "-m", "commtui", *words], environ)
        os.close(slave)

    def __enter__(self) -> Program:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: TracebackType | BaseException | None) -> None:
        if self.code is None:
            self.kill(signal.SIGKILL)
        os.close(self.master)

    def read(self, wait: float = 0.05) -> bool:
        """Takes in what the program wrote within `wait` seconds; whether it wrote."""
        ready = readable(self.master, wait)
        if not ready:
            return False
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:  # the other end is closed
            data = b""
        self.data += data
        self.stream.feed(data)
        return bool(data)

    def text(self) -> str:
        """The screen, line by line."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def shows(self, pattern: str, most: float = WAIT) -> re.Match[str]:
        """Waits until the screen has what the regular expression says."""
        return self._until(pattern, True, most)

    def hides(self, pattern: str, most: float = WAIT) -> None:
        """Waits until the screen no longer has it."""
        self._until(pattern, False, most)

    def _until(self, pattern: str, there: bool, most: float) -> re.Match[str]:
        end = time.monotonic() + most
        while True:
            match = re.search(pattern, self.text(), re.MULTILINE)
            if (match is not None) is there:
                return match
            assert time.monotonic() < end, f"waited in vain for {pattern!r} to be {there}\n{self.text()}"
            self.read()

    def keys(self, *keys: str) -> None:
        """Presses keys by name or types texts."""
        for key in keys:
            os.write(self.master, KEYS.get(key, key).encode())
            if key == "esc":  # the program takes it for a key of its own only after a pause
                self.pause(0.3)

    def pause(self, seconds: float) -> None:
        """Goes on reading for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def kill(self, number: int = signal.SIGTERM) -> int:
        """Sends a signal and waits for the end; the exit code, negative for a signal."""
        os.kill(self.pid, number)
        return self.ends()

    def ends(self) -> int:
        """Waits for the end; the exit code, negative for a signal."""
        end = time.monotonic() + WAIT
        while self.code is None:
            self.read(0.02)
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.code = os.waitstatus_to_exitcode(status)
            assert time.monotonic() < end, "the program does not end\n" + self.text()
        while self.read(0):
            pass
        return self.code
