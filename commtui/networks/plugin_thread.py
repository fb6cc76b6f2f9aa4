"""The thread of a plug-in's connection, which may stand still without anything else noticing."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from commtui.networks.base import Login, Network
from commtui.networks.plugin_ends import STEADY, slot_of
from commtui.networks.plugin_loop import Loop

log = logging.getLogger(__name__)
T = TypeVar("T")
RUNS = 5_000_000
"""Nanoseconds of processor time by which a thread that stands still is known to run; one that waits uses none."""
ABANDONED_MOST = 3
"""How many threads of one network may be left alone; then it is set apart until the program starts again."""

abandoned: Counter[str] = Counter()


class PluginExit(Exception):
    """A plug-in raised what would end a program or a task."""


class Worker:
    """The thread of one connection, and the network that lives in it."""

    def __init__(self, kind: type[Network], login: Login) -> None:
        self.name = kind.name
        self._clock = login.clock
        self._begun_at = self._clock.monotonic()
        self._slot = slot_of(kind.name)
        self._loop = Loop(self._slot)
        self._network: Network | None = None
        self._make: Callable[[], Network] = lambda: kind(login)
        self._stopping = False
        self.is_abandoned = False
        self._thread = threading.Thread(target=self._main, name=f"network {self.name}", daemon=True)
        self._thread.start()

    def _main(self) -> None:
        asyncio.set_event_loop(self._loop)
        while not self._stopping:
            try:
                self._loop.run_forever()
            except (SystemExit, KeyboardInterrupt):  # raised by a task of the plug-in's own: asyncio passes it on
                log.exception("a task of the plug-in %r raised what would end the program", self.name)
        if self.is_abandoned:
            abandoned[self.name] -= 1
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        try:
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        except (SystemExit, KeyboardInterrupt):
            log.exception("a task of the plug-in %r raised what would end the program", self.name)
        finally:
            self._loop.close()
            self._slot.close()

    def ask(self, work: Callable[[Network], Coroutine[Any, Any, T]], method: str) -> Future[T]:
        """Begins `work` of that method on the thread's loop."""

        async def guarded() -> T:
            self._slot.begin(method)
            try:
                if self._network is None:
                    self._network = self._make()
                return await work(self._network)
            except (SystemExit, KeyboardInterrupt, GeneratorExit) as error:
                raise PluginExit(f"{type(error).__name__}: {error}") from error
            except asyncio.CancelledError as error:
                if asked and asked[0].cancelled():
                    raise
                raise PluginExit("it cancelled itself") from error
            finally:
                self._slot.end(method, self._clock.monotonic() - self._begun_at >= STEADY)

        asked: list[Future[T]] = []
        asked.append(asyncio.run_coroutine_threadsafe(guarded(), self._loop))
        return asked[0]

    def beat(self) -> Future[None]:
        """A future that is done when the loop has turned."""
        future: Future[None] = Future()
        self._loop.call_soon_threadsafe(future.set_result, None)
        return future

    def stop(self) -> None:
        """Ends the thread when its loop turns again."""
        if not self._stopping:
            self._stopping = True
            self._loop.call_soon_threadsafe(self._loop.stop)

    def used(self) -> int:
        """Returns the nanoseconds of processor time that the thread has used; 0 where the system does not tell.

        See schedstat in https://docs.kernel.org/scheduler/sched-stats.html.
        """
        try:
            told = Path(f"/proc/self/task/{self._thread.native_id}/schedstat").read_text()
        except OSError:
            return 0
        return int(told.split()[0])

    def abandon(self, used: int) -> None:
        """Leaves the thread alone: its loop stands still, and had `used` so much time when it was last seen to turn.
        If it runs Python code for ever, an exception ends that.

        One that waits would take the exception when it runs again; until then all threads would look for it, and in
        Python 3.11 those that are traced (by coverage, a debugger) would do nothing else.
        """
        import ctypes

        self.is_abandoned = True
        abandoned[self.name] += 1
        self.stop()
        if 0 < self.used() < used + RUNS:
            return
        thread = ctypes.c_ulong(self._thread.ident or 0)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(SystemExit))
