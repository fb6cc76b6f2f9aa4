"""Work that has a time to end in, by the clock that was handed down."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar, cast

from commtui.model.clock import Clock

T = TypeVar("T")


class TimeIsUp(Exception):
    """The work was cancelled: it took too long. What it had finished by then stands."""


async def within(clock: Clock, seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns or raises. Raises TimeIsUp after that many seconds, when it has ended."""
    exits: list[BaseException] = []
    task = asyncio.ensure_future(_without_exit(work, exits))
    sleep = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait([task, sleep], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
            if task.cancelled() or task.exception() is not None:
                raise TimeIsUp
        if exits:
            raise exits[0]
        return cast("T", await task)
    finally:
        sleep.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait([task])


async def _without_exit(work: Coroutine[Any, Any, T], exits: list[BaseException]) -> T | None:
    """Notes what would end the loop itself if a task raised it (asyncio.Task)."""
    try:
        return await work
    except (SystemExit, KeyboardInterrupt) as exit_:
        exits.append(exit_)
        return None
