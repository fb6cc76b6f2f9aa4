"""Work in threads of their own that the end of the program does not wait for.

The threads of asyncio.to_thread are waited for at the end: a password manager that asks nobody would keep `q` for 30 s.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def start(work: Callable[[], T], name: str) -> Future[T]:
    """Begins `work` in a thread; its result or its error comes with the future, which cannot be cancelled."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()

    def main() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - raised where the result is asked for
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=main, name=name, daemon=True).start()
    return future


async def in_thread(work: Callable[[], T], name: str) -> T:
    """What `work` returns or raises. Cancelled, it returns at once; the thread goes on and its result is left."""
    return await asyncio.wrap_future(start(work, name))
