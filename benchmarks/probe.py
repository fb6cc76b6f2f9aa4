"""A terminal program from outside, over a real pseudo-terminal, as a person on SSH meets it: bytes, milliseconds, memory.

The screen is emulated (pyte) only until the program is ready; after that bytes are counted and their times taken.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from dataclasses import dataclass
from pathlib import Path

import pyte

# what programs ask the terminal, and what an xterm would say
ANSWERS = ((b"\x1b[6n", b"\x1b[1;1R"), (b"\x1b[c", b"\x1b[?62;c"), (b"\x1b[?2026$p", b"\x1b[?2026;1$y"))
UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=?]?[0-9;]*[$\"]?[pq]|\x1b\[[<>=][0-9;:]*[a-zA-Z]")
PAGE, TICK = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Paint:
    """What one key caused: bytes, and milliseconds from the key to the first and to the last of them (None: silent)."""

    size: int
    first_ms: float | None
    last_ms: float | None


class Probe:
    """`with Probe(command, (80, 24)) as probe`: the program is ended, and waited for, at the end."""

    def __init__(self, command: list[str], size: tuple[int, int], **env: str) -> None:
        self.screen = pyte.Screen(*size)
        self.stream = pyte.ByteStream(self.screen)
        self.written = 0
        self.raw = b""
        self.ended = self.watching = False
        keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        whole = {**keep, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **env}
        self.fd, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=other,
            stdout=other,
            stderr=other,
            env=whole,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(other)

    def __enter__(self) -> Probe:
        return self

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            self.process.send_signal(number)
            until = time.perf_counter() + 5
            while self.process.poll() is None and time.perf_counter() < until:
                self.read(0.05)
        os.close(self.fd)

    def read(self, wait: float) -> int:
        """Takes what is there within `wait` seconds, answers questions; the number of bytes."""
        if self.ended:
            time.sleep(wait)
            return 0
        if not select.select([self.fd], [], [], max(0.0, wait))[0]:
            return 0
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:  # Linux's way to say that the program has ended
            data = b""
        self.ended = not data
        self.written += len(data)
        for asked, answer in ANSWERS:
            if asked in data:
                os.write(self.fd, answer)
        if self.watching:
            self.raw += data
            self.stream.feed(UNKNOWN_TO_PYTE.sub(b"", data))
        return len(data)

    def shown(self) -> str:
        """The screen as text. pyte's own `display` fails at a cell of a wide letter that was half written over."""
        lines = (self.screen.buffer[y] for y in range(self.screen.lines))
        return "\n".join("".join(line[x].data for x in range(self.screen.columns)) for line in lines)

    def until(self, ready: str, timeout: float = 90) -> float:
        """Seconds from the start until the regex is on the screen."""
        self.watching, found = True, re.compile(ready, re.MULTILINE)
        while not found.search(self.shown()):
            if self.ended or time.perf_counter() - self.begun > timeout:
                raise TimeoutError(f"{ready!r} is not on the screen:\n{self.shown()}")
            self.read(0.05)
        self.watching = False
        return time.perf_counter() - self.begun

    def quiet(self, settle: float = 0.8, timeout: float = 30) -> int:
        """Waits until nothing was written for `settle` seconds; the bytes written until then."""
        before, until = self.written, time.perf_counter() + timeout
        while self.read(settle) and time.perf_counter() < until:
            pass
        return self.written - before

    def press(self, key: bytes, settle: float = 0.25, timeout: float = 2.0) -> Paint:
        """Presses a key. Its paint is over when nothing was written for `settle` seconds."""
        self.drain()
        begun, before = time.perf_counter(), self.written
        os.write(self.fd, key)
        first = last = None
        while not self.ended:
            came = self.read(settle if last else 0.01)
            now = time.perf_counter()
            if came:
                last, first = now, first or now
            elif last or now - begun > timeout:
                break
            if now - begun > 10:
                break
        in_ms = [None if moment is None else (moment - begun) * 1000 for moment in (first, last)]
        return Paint(self.written - before, *in_ms)

    def drain(self) -> None:
        """Takes what is there already."""
        while self.read(0):
            pass

    def idle(self, seconds: float) -> tuple[int, float]:
        """Bytes written, and per cent of a processor used, with no key pressed."""
        begun, before, used = time.perf_counter(), self.written, self._processor()
        while time.perf_counter() - begun < seconds:
            self.read(0.1)
        spent = time.perf_counter() - begun
        return self.written - before, (self._processor() - used) / spent * 100

    def _family(self) -> list[int]:
        pids, left = [], [self.process.pid]
        while left:
            pids.append(left.pop())
            for task in Path(f"/proc/{pids[-1]}/task").glob("*/children"):
                left += [int(word) for word in task.read_text().split()]
        return pids

    def _processor(self) -> float:
        fields = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in self._family()]
        return sum(int(field[11]) + int(field[12]) for field in fields) / TICK

    def memory(self) -> int:
        """Resident bytes of the program and its children."""
        return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE for pid in self._family())
