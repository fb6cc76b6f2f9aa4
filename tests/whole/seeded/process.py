"""The engine as processes that can be killed: forked, so that a life costs milliseconds; the clock is shared memory."""

from __future__ import annotations

import ctypes
import mmap
import os
import random
import signal
import sys
import traceback
from collections.abc import MutableSequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn, cast

from commtui.config.paths import Home
from commtui.sync.lock import EngineLock
from tests.clock import FakeClock
from tests.servers.quirks import QuirkServer
from tests.whole.engine_home import EngineHome

for module in ("anyio._backends._asyncio", "commtui.networks.mastodon.client", "commtui.networks.http"):
    import_module(module)  # else each life imports them anew
LOCKED = 3
"""The exit code of an engine that found another one at work."""
PROBLEMS = "problems.txt"
"""In the home's folder: faults that a life logged, and its own end by an error."""


def shared_clock() -> FakeClock:
    """A clock that all processes forked from now on move together."""
    cell = (ctypes.c_double * 1).from_buffer(mmap.mmap(-1, ctypes.sizeof(ctypes.c_double)))
    return FakeClock(elapsed=cast(MutableSequence[float], cell))


def start(folder: Path, clock: FakeClock, seconds: float, seed: int) -> int:
    """Starts the life of an engine in a process of its own; its process id."""
    pid = os.fork()
    if pid == 0:
        _live(folder, clock, seconds, seed)
    return pid


def _live(folder: Path, clock: FakeClock, seconds: float, seed: int) -> NoReturn:
    code = 1
    try:
        random.seed(seed)
        with EngineLock(Home.at(folder).data, "seeded") as lock:
            if not lock.take():
                os._exit(LOCKED)
            home = EngineHome(folder, clock)
            try:
                home.work(seconds)
            finally:
                _write(folder, home.problems.lines)
            home.close()
        code = 0
    except BaseException:  # noqa: BLE001 - whatever ended it is written down for the parent
        _write(folder, [traceback.format_exc()])
    finally:
        sys.stdout.flush()
        os._exit(code)


def _write(folder: Path, lines: list[str]) -> None:
    if lines:
        with (folder / PROBLEMS).open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


class Killer:
    """Kills processes with SIGKILL when the server meets the request of that number, counted from its making."""

    def __init__(self, server: QuirkServer, at: int, moment: str) -> None:
        self.server, self.at, self.moment = server, at, moment
        self.pids: list[int] = []
        self._count = 0
        server.hooks.append(self)

    def __call__(self, moment: str, request: object) -> None:
        self._count += moment == "before"
        if self._count >= self.at and moment == self.moment:
            self.remove()
            for pid in self.pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass  # it found another engine at work and has ended

    def remove(self) -> None:
        """Kills no more."""
        if self in self.server.hooks:
            self.server.hooks.remove(self)


def end(pids: list[int]) -> list[int]:
    """Waits for processes; their exit codes, negative for a signal."""
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
