"""A clock that stands still until a test moves it.

    clock = FakeClock()
    task = asyncio.create_task(something(clock))   # sleeps on clock.sleep(30)
    await clock.run(30)                            # the sleepers wake in order, each at its own moment

`advance` moves the time at once (from any thread); `run` is the same for a test inside the loop and gives the woken
tasks their turn after every step.
"""

import asyncio
import heapq
import itertools
import math
import threading
from collections.abc import MutableSequence
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class FakeClock:
    """Implements commtui.model.clock.Clock."""

    def __init__(self, start: datetime = START, elapsed: MutableSequence[float] | None = None) -> None:
        """`elapsed` holds the seconds since `start` as its one entry; several processes may share it."""
        self._start = start
        self._cell: MutableSequence[float] = [0.0] if elapsed is None else elapsed
        self._lock = threading.Lock()
        self._count = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self.slept: list[float] = []
        """Every span that somebody asked to sleep, in order."""

    @property
    def _elapsed(self) -> float:
        return self._cell[0]

    @_elapsed.setter
    def _elapsed(self, seconds: float) -> None:
        self._cell[0] = seconds

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        with self._lock:
            due = math.ceil((self._elapsed + seconds) * 1e6) / 1e6  # whole microseconds, as `advance` counts them
            heapq.heappush(self._sleepers, (due, next(self._count), loop, future))
        await future

    @property
    def sleeping(self) -> int:
        """How many are asleep now."""
        with self._lock:
            return sum(not future.done() for *_, future in self._sleepers)

    def advance(self, seconds: float) -> None:
        """Moves the time and wakes whoever is due by then; does not wait for them."""
        with self._lock:
            self._elapsed = math.ceil(round((self._elapsed + seconds) * 1e6, 3)) / 1e6
            while self._sleepers and self._sleepers[0][0] <= self._elapsed:
                *_, loop, future = heapq.heappop(self._sleepers)
                loop.call_soon_threadsafe(_wake, future)

    def advance_to_sleeper(self) -> bool:
        """Moves the time to the next sleeper's moment and wakes it; False: nobody sleeps."""
        with self._lock:
            due = min((due for due, _, _, future in self._sleepers if not future.done()), default=None)
        if due is None:
            return False
        self.advance(max(due - self._elapsed, 0.0))
        return True

    async def run(self, seconds: float) -> None:
        """Moves the time from one sleeper's moment to the next; in between, tasks of this loop run until they wait."""
        end = self._elapsed + seconds
        await _turns()
        while True:
            with self._lock:
                due = min((due for due, _, _, future in self._sleepers if not future.done()), default=end)
            step = min(max(due, self._elapsed), end)
            self.advance(step - self._elapsed)
            await _turns()
            if step >= end:
                return


def _wake(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


async def _turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)
