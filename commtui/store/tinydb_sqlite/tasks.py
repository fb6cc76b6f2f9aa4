"""Notices that an asyncio task awaits inside a transaction."""

from __future__ import annotations

import sys
from typing import Any


def current_task() -> Any:
    """Returns the asyncio task that calls; None outside of one. Does not import asyncio, which takes 25 ms."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None or asyncio._get_running_loop() is None:
        return None
    return asyncio.current_task()


class LoopWatch:
    """`ran` turns True when the loop of the task that made it runs on: the task awaited something."""

    def __init__(self) -> None:
        self.task = current_task()
        self.ran = False
        self._handle = None if self.task is None else self.task.get_loop().call_soon(self._run)

    def _run(self) -> None:
        self.ran = True

    def end(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
