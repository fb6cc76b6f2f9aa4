"""Event loops that signals end in order: what is being sent is recorded before the process ends."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def until_done(work: Coroutine[Any, Any, T]) -> T:
    """Runs `work`; a signal cancels it. Raises KeyboardInterrupt then."""

    async def whole() -> T:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        for number in ENDING:
            loop.add_signal_handler(number, task.cancel)
        return await work

    try:
        return asyncio.run(whole())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def until_signal(work: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Runs `work`, which ends when its event is set; a signal sets it."""

    async def whole() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, stop.set)
        await work(stop)

    asyncio.run(whole())


def pause(seconds: float) -> None:
    """Waits in a process that does nothing else."""
    time.sleep(seconds)
