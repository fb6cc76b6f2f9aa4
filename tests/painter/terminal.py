"""A program in a real pseudo-terminal, its screen kept by pyte."""

import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios
import time
from pathlib import Path
from unicodedata import category, combining

import pyte
from wcwidth import wcwidth

from tests.waiting import readable

APP = str(Path(__file__).with_name("app.py"))
ENV = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
# pyte knows neither the queries nor the kitty keyboard modes.
UNKNOWN = re.compile(rb"\x1b\[[<>=?]?[0-9;]*[$\"]?[pq]|\x1b\[[<>=][0-9;:]*[a-zA-Z]")
# The beginning of a sequence whose end has not come yet.
BEGUN = re.compile(rb"\x1b(?:\[[<>=?]?[0-9;:]*[$\"]?)?\Z")
WAIT = 60.0


class Stream(pyte.ByteStream):
    """pyte, which leaves out SU and SD, so that stale rows stay: here they scroll. What it doesn't know is taken out,
    also where a read ends in the middle of it."""

    csi = pyte.ByteStream.csi | {"S": "scroll_up", "T": "scroll_down"}
    events = pyte.ByteStream.events | {"scroll_up", "scroll_down"}

    def __init__(self, screen):
        self.rest = b""
        super().__init__(screen)

    def feed(self, data):
        data = self.rest + data
        begun = BEGUN.search(data)
        self.rest = data[begun.start() :] if begun else b""
        super().feed(UNKNOWN.sub(b"", data[: begun.start()] if begun else data))


class Screen(pyte.Screen):
    """pyte, which clears only the cells that were ever written: a cleared screen is all in the pen's background.

    It drops a text from its first vowel sign on that takes no column: here these go into the cell before.
    """

    def draw(self, data):
        for letter in data:
            row, x = self.buffer[self.cursor.y], self.cursor.x - 1
            if category(letter) == "Mc" and wcwidth(letter) == 0 and not combining(letter) and x >= 0:
                x -= not row[x].data  # the second cell of a wide character
                row[x] = row[x]._replace(data=row[x].data + letter)
            else:
                super().draw(letter)

    def scroll_up(self, count=1):
        self._scroll(self.delete_lines, count)

    def scroll_down(self, count=1):
        self._scroll(self.insert_lines, count)

    def _scroll(self, move, count):
        before = self.cursor.y, self.cursor.x
        self.cursor.y = self.margins.top if self.margins else 0
        move(count or 1)
        self.cursor.y, self.cursor.x = before

    def erase_in_display(self, how=0, *args, **kwargs):
        super().erase_in_display(how, *args, **kwargs)
        if how == 2:
            for y in range(self.lines):
                for x in range(self.columns):
                    self.buffer[y][x] = self.cursor.attrs


def look(screen):
    """What the eye sees: a blank has no colour of its own, only its background's, unless reversed or underlined."""
    out = []
    for y in range(screen.lines):
        row = []
        for x in range(screen.columns):
            cell = screen.buffer[y][x]
            if cell.data == " " and not (cell.reverse or cell.underscore or cell.strikethrough):
                row.append((" ", cell.bg))
            else:
                row.append(cell)
        out.append(row)
    return out


class Session:
    """`data`: all that came from the program."""

    def __init__(self, arguments, size=(80, 24), env=None, synchronizes=False):
        self.size, self.synchronizes = size, synchronizes
        self.data = b""
        self.screen = Screen(*size)
        self.stream = Stream(self.screen)
        master, slave = pty.openpty()
        self.master = master
        self.resize(*size)
        self.before = termios.tcgetattr(slave)
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for number in range(3):
                os.dup2(slave, number)
            os.closerange(3, 64)
            wanted = {k: v for k, v in os.environ.items() if k not in ("TMUX", "STY", "NO_COLOR", "COLUMNS", "LINES")}
            os.execve(sys.executable, [sys.executable, *arguments], wanted | ENV | (env or {}))
        self.slave = slave
        self.status = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        for fileno in (self.master, self.slave):
            try:
                os.close(fileno)
            except OSError:
                pass

    def resize(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def read(self, wait=0.05):
        """What the program wrote within `wait` seconds; b"" for nothing."""
        ready = readable(self.master, wait)
        if not ready:
            return b""
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            data = b""
        self.data += data
        if b"\x1b[?2026$p" in data and self.synchronizes:
            os.write(self.master, b"\x1b[?2026;2$y")
        self.stream.feed(data)
        return data

    def until(self, wanted, what=""):
        """Reads until `wanted()` is true."""
        end = time.monotonic() + WAIT
        while not wanted():
            assert time.monotonic() < end, f"waited in vain for {what}\n{self.text()}"
            self.read()

    def shows(self, text):
        self.until(lambda: text in self.text(), text)

    def settle(self):
        """Until nothing came for a while."""
        while self.read(0.2):
            pass

    def comes_to(self, cells):
        """Until the screen looks like this, and stays so: a busy machine paints in several goes."""
        self.until(lambda: self.cells() == cells, "the screen as it should be")
        self.settle()
        assert self.cells() == cells

    def press(self, keys):
        """Presses and gives what came of it."""
        before = len(self.data)
        os.write(self.master, keys.encode())
        self.settle()
        return self.data[before:]

    def text(self):
        return "\n".join(self.screen.display)

    def cells(self):
        return look(self.screen)

    def kill(self, number):
        os.kill(self.pid, number)

    def ends(self):
        """Waits for the end; gives the exit code, negative for a signal."""
        end = time.monotonic() + WAIT
        while True:
            self.read(0.02)
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                while self.read(0.05):
                    pass
                self.status = status
                return os.waitstatus_to_exitcode(status)
            assert time.monotonic() < end, "the program does not end\n" + self.text()
