"""A transaction: several tables, one write, one flush; all of it or nothing."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

from commtui.store.journal.errors import AwaitInTransaction

if TYPE_CHECKING:
    from commtui.store.journal.storage import JournalStorage


class Loop:
    """Notices whether the asyncio loop ran: it does when a coroutine really waits for something."""

    __slots__ = ("handle", "ran", "task")

    def __init__(self) -> None:
        self.task: Any = None
        self.ran = False
        self.handle: Any = None
        self.task = current_task()
        if self.task is not None:
            self.handle = self.task.get_loop().call_soon(self._run)

    def _run(self) -> None:
        self.ran = True


def current_task() -> Any:
    """The asyncio task that calls; None outside of one. asyncio is not imported for it: that costs 25 ms."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None or asyncio._get_running_loop() is None:
        return None
    return asyncio.current_task()


class Transaction:
    """What `with db.transaction():` holds. Not for a second use."""

    __slots__ = ("_durable", "_mark", "_storage")

    def __init__(self, storage: JournalStorage, *, durable: bool | None) -> None:
        """`durable` None: as the one that it joins, else as the handle was opened."""
        self._storage = storage
        self._durable = durable
        self._mark = 0, 0

    def __enter__(self) -> None:
        storage = self._storage
        storage.lock.acquire()
        try:
            storage.check(writing=True)
            if storage.depth:
                if storage.loop is not None and current_task() is not storage.loop.task:
                    raise AwaitInTransaction(
                        "another asyncio task is inside a transaction of this store: a transaction must not await"
                    )
            else:
                storage.begin_writing()
                storage.durable = False
                storage.loop = Loop()
            durable = self._durable
            if durable is None:
                durable = not storage.depth and not storage.grouped
            storage.durable = storage.durable or durable
            storage.depth += 1
            self._mark = len(storage.ops), len(storage.undos)
        except BaseException:
            storage.lock.release()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        storage = self._storage
        fd = -1
        outermost = storage.depth == 1
        durable = storage.durable
        try:
            storage.depth -= 1
            if kind is not None:
                storage.roll_back(*self._mark)
            if outermost:
                fd = self._finish(failed=kind is not None)
        finally:
            storage.lock.release()
        if fd >= 0:
            if durable:
                storage.flush(fd)
            else:
                os.close(fd)
                storage.flusher.soon()
        if outermost:
            storage.watchers.tell()

    def _finish(self, *, failed: bool) -> int:
        """The end of the outermost one: writes, lets other writers in. Returns what is to be flushed, or -1."""
        storage = self._storage
        loop, storage.loop = storage.loop, None
        try:
            if loop is not None and loop.handle is not None:
                loop.handle.cancel()
            if loop is not None and loop.ran:
                storage.roll_back(0, 0)
                if not failed:
                    raise AwaitInTransaction("a transaction of this store must not await: nothing of it was kept")
            return storage.commit() if storage.ops else -1
        finally:
            storage.end_writing()
