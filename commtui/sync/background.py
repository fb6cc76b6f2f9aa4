"""The engine in a thread of its own with a loop of its own, for the inbox: it takes the lock when it is free."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from commtui.model.engine import EngineState
from commtui.store.store import FILE
from commtui.sync.engine import Engine, LockLost
from commtui.sync.lock import EngineLock, holder

log = logging.getLogger("commtui.engine")
LOOK = 1.0
"""Seconds between two looks at the lock while another process has it."""
PAUSE = 5.0
"""Seconds from a fault to the next start."""
GONE = "the data folder is gone"
LAST_WORDS = 5.0
"""Seconds that stopping waits for what is being sent."""


class Background:
    """Starts with the screen and ends with it; while another process has the lock it waits and then takes over."""

    def __init__(self, data: Path, make: Callable[[], Engine], command: str) -> None:
        self._data = data
        self._make = make
        self._lock = EngineLock(data, command)
        self._stopping = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self._state = EngineState("starting")

    def start(self) -> None:
        """Begins in the background; returns at once."""
        self._thread = threading.Thread(target=self._main, name="engine", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends it; waits a few seconds for what is being sent."""
        self._stopping.set()
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None:
            try:
                loop.call_soon_threadsafe(stop.set)
            except RuntimeError:  # the loop has ended in between
                pass
        if self._thread is not None:
            self._thread.join(LAST_WORDS)

    def state(self) -> EngineState:
        """Whether it runs here, or who runs it."""
        return self._state

    def _main(self) -> None:
        while not self._stopping.is_set():
            try:
                if not (self._data / FILE).exists():  # removed under the screen: nothing is made anew unasked
                    self._state = EngineState("failed", error=GONE)
                    self._stopping.wait(LOOK)
                elif self._lock.take():
                    self._state = EngineState("here")
                    asyncio.run(self._run())
                else:
                    self._state = _elsewhere(self._data)
                    self._stopping.wait(LOOK)
            except LockLost as error:
                log.error("%s", error)
            except Exception as error:  # the screen goes on without its workers, and says so
                log.exception("the engine ended by a fault")
                self._state = EngineState("failed", error=type(error).__name__)
                self._stopping.wait(PAUSE)
            finally:
                self._lock.release()

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        if not self._stopping.is_set():
            await self._make().run(self._stop, self._lock)


def _elsewhere(data: Path) -> EngineState:
    other = holder(data)
    return EngineState("elsewhere", other.command, other.pid, other.host) if other else EngineState("elsewhere")
