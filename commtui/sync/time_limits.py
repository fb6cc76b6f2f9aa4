"""Work that has a time to end in, by the clock that was handed down."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from commtui.model.clock import Clock

T = TypeVar("T")


class TimeIsUp(Exception):
    """The work was cancelled: it took too long. What it had finished by then stands."""


async def within(clock: Clock, seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns or raises. Raises TimeIsUp after that many seconds, when it has ended."""
    task = asyncio.ensure_future(work)
    sleep = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait([task, sleep], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return await task
        task.cancel()
        await asyncio.wait([task])
        if task.done() and not task.cancelled() and task.exception() is None:  # it ended while it was cancelled
            return task.result()
        raise TimeIsUp
    finally:
        sleep.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
