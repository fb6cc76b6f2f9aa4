"""The event loop of a plug-in's thread, which notes when the plug-in's code runs and when it waits."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple, Unpack

from commtui.networks.plugin_ends import Slot

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


class _Selector(selectors.DefaultSelector):
    """Notes when the thread waits and when it runs."""

    def __init__(self, slot: Slot) -> None:
        super().__init__()
        self._slot = slot

    def select(self, timeout: float | None = None) -> Any:
        self._slot.rest()
        try:
            return super().select(timeout)
        finally:
            self._slot.run()


class Loop(asyncio.SelectorEventLoop):
    """An event loop that notes in a slot when it runs."""

    def __init__(self, slot: Slot) -> None:
        super().__init__(_Selector(slot))
        self._slot = slot

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Arguments]], T], *args: *Arguments
    ) -> asyncio.Future[T]:
        future = super().run_in_executor(executor, func, *args)
        self._slot.lend(1)
        future.add_done_callback(lambda _: self._slot.lend(-1))
        return future
