"""What a loop waits for outside of itself: requests and threads. Meanwhile no clock may be moved."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

import httpx

from commtui.system import threads

P = ParamSpec("P")
T = TypeVar("T")
TURNS = 30
"""So many turns of the loop without anything in flight: whoever could go on has gone on."""


class _Threads(ThreadPoolExecutor):
    def __init__(self, flights: InFlight) -> None:
        super().__init__(2)
        self._flights = flights

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return self._flights.counted(super().submit(fn, *args, **kwargs))


class InFlight:
    """`with InFlight() as flights:` around the loop's work; `count` is what is on its way now."""

    def __init__(self) -> None:
        self.count = 0
        self._open: set[int] = set()

    def counted(self, future: Future[T]) -> Future[T]:
        """The same future, counted until the loop can know of its end. Threads of threads are theirs alone."""
        if threading.current_thread() is self._thread:
            self.count += 1
            future.add_done_callback(lambda _: self._loop.call_soon_threadsafe(self.landed))
        return future

    def landed(self) -> None:
        """One of them has ended."""
        self.count -= 1

    def __enter__(self) -> InFlight:
        self._loop, self._thread, self._threads = asyncio.get_running_loop(), threading.current_thread(), _Threads(self)
        self._loop.set_default_executor(self._threads)
        self._start = start = threads.start
        threads.start = lambda work, name: self.counted(start(work, name))
        self._send, self._close = httpx.AsyncClient.send, httpx.Response.aclose
        send, close, flights = self._send, self._close, self

        async def counted_send(client: httpx.AsyncClient, *args: Any, **more: Any) -> httpx.Response:
            flights.count += 1
            try:
                response = await send(client, *args, **more)
            except BaseException:
                flights.landed()
                raise
            if response.is_closed:
                flights.landed()
            else:
                flights._open.add(id(response))
            return response

        async def counted_close(response: httpx.Response) -> None:
            try:
                await close(response)
            finally:
                if id(response) in flights._open:
                    flights._open.remove(id(response))
                    flights.landed()

        setattr(httpx.AsyncClient, "send", counted_send)  # noqa: B010 - mypy takes no other function for a method
        setattr(httpx.Response, "aclose", counted_close)  # noqa: B010 - the same
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        httpx.AsyncClient.send, httpx.Response.aclose = self._send, self._close
        threads.start = self._start
        self._threads.shutdown(wait=False)

    async def is_quiet(self) -> bool:
        """Whether nothing is on its way, and nothing comes of giving everybody a turn."""
        for _ in range(TURNS):
            if self.count:
                return False
            await asyncio.sleep(0)
        return True
