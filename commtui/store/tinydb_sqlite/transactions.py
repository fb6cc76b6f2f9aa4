"""SQLite's transactions on one handle: outermost ones in turns, inner ones as savepoints, views."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from commtui.store.tinydb_sqlite.changes import ChangeFeed
from commtui.store.tinydb_sqlite.connection import Connection
from commtui.store.tinydb_sqlite.documents import Documents
from commtui.store.tinydb_sqlite.errors import AwaitInTransaction, StoreMisuse
from commtui.store.tinydb_sqlite.opening import OpenFile


def _current_task() -> Any:
    """Returns the asyncio task that calls; None outside of one. Does not import asyncio, which takes 25 ms."""
    asyncio = sys.modules.get("asyncio")
    running = getattr(asyncio, "_get_running_loop", None)  # not there yet while another thread imports it
    if asyncio is None or running is None or running() is None:
        return None
    return asyncio.current_task()


class _LoopWatch:
    """`ran` turns True when the loop of the task that made it runs on: the task awaited something."""

    def __init__(self) -> None:
        self.task = _current_task()
        self.ran = False
        self._handle = None if self.task is None else self.task.get_loop().call_soon(setattr, self, "ran", True)

    def end(self) -> None:
        if self._handle is not None:
            self._handle.cancel()


class Transactions:
    """Used under the handle's lock."""

    def __init__(self, file: OpenFile, documents: Documents, feed: ChangeFeed, open_again: Callable[[], None]) -> None:
        self._file, self._documents, self._feed, self._open_again = file, documents, feed, open_again
        self.depth = self.views = 0
        self.is_durable = False
        """What the open transaction, or the last one, asks for."""
        self._watch = _LoopWatch()
        self._schema_version = -1
        self._changes_before = 0

    @property
    def _connection(self) -> Connection:
        return self._file.connection

    @property
    def has_written(self) -> bool:
        """Whether the open transaction, or the last one, wrote anything."""
        return self._connection.total_changes != self._changes_before

    def set_written(self) -> None:
        """For what SQLite does not count."""
        self._changes_before = -1

    @contextmanager
    def outermost(self, durable: bool) -> Iterator[None]:
        """A transaction in a turn. Raises AwaitInTransaction if another asyncio task ran meanwhile."""
        with self._turn_to_write():
            self.is_durable = durable
            self._connection.run("BEGIN IMMEDIATE")
            try:
                self._begin()
                with self._nested():
                    yield
                self._watch.end()
                if self._watch.ran:
                    raise AwaitInTransaction(self._file.path, "a transaction must not await")
                self._connection.run("COMMIT")
            except BaseException:  # raised again: whatever ended it, nothing of it is kept
                self._watch.end()
                if self._connection.in_transaction:  # on a full disk SQLite has rolled back by itself
                    self._connection.run("ROLLBACK")
                self._forget_what_was_done()
                raise
            self._feed.read()

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        if self.views:
            raise StoreMisuse(self._file.path, "a transaction cannot begin inside a view")
        if self._file.read_only:
            self._open_again()
        while True:
            with self._file.turn().taken():
                if not self._file.was_replaced():
                    yield
                    return
            self._open_again()

    def _begin(self) -> None:
        self._feed.mark()
        self._changes_before = self._connection.total_changes
        schema_version = self._connection.number("PRAGMA schema_version")
        if schema_version != self._schema_version:  # another program may have added columns
            self._schema_version = schema_version
            self._documents.forget_tables()
        self._feed.read()
        self._feed.mark()
        self._watch = _LoopWatch()

    @contextmanager
    def _nested(self) -> Iterator[None]:
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    @contextmanager
    def inner(self, durable: bool) -> Iterator[None]:
        """A transaction inside the open one: it can be taken back alone. Raises AwaitInTransaction."""
        if _current_task() is not self._watch.task:
            raise AwaitInTransaction(self._file.path, "another task is inside a transaction")
        self.is_durable = self.is_durable or durable
        name = f"s{self.depth}"
        self._connection.run(f"SAVEPOINT {name}")
        try:
            with self._nested():
                yield
        except BaseException:  # raised again: whatever ended it, nothing of it is kept
            if self._connection.in_transaction:
                self._connection.run(f"ROLLBACK TO {name}")
                self._connection.run(f"RELEASE {name}")
                self._forget_what_was_done()
            raise
        self._connection.run(f"RELEASE {name}")

    def _forget_what_was_done(self) -> None:
        self._documents.forget_tables()
        self._feed.return_to_mark()

    @contextmanager
    def view(self) -> Iterator[None]:
        """Reads inside see one state."""
        outermost = not self.depth and not self.views
        if outermost:
            self._connection.run("BEGIN")
        self.views += 1
        try:
            if outermost:
                self._feed.read()
            yield
        finally:
            self.views -= 1
            if outermost:
                self._connection.run("COMMIT")

    def catch_up(self) -> None:
        """Takes in what changed."""
        if self.depth:
            self._feed.read()
        elif not self.views:
            self._feed.catch_up()
