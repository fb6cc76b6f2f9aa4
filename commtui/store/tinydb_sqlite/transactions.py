"""SQLite's transactions on one handle: outermost ones in turns, inner ones as savepoints, views."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from commtui.store.tinydb_sqlite.changes import ChangeFeed
from commtui.store.tinydb_sqlite.connection import Connection
from commtui.store.tinydb_sqlite.documents import Documents
from commtui.store.tinydb_sqlite.errors import AwaitInTransaction, StoreMisuse
from commtui.store.tinydb_sqlite.opening import OpenFile
from commtui.store.tinydb_sqlite.tasks import LoopWatch, current_task


class Transactions:
    """Used under the handle's lock."""

    def __init__(self, file: OpenFile, documents: Documents, feed: ChangeFeed, open_again: Callable[[], None]) -> None:
        self._file, self._documents, self._feed, self._open_again = file, documents, feed, open_again
        self.depth = self.views = 0
        self.is_durable = False
        """What the open transaction, or the last one, asks for."""
        self._watch: LoopWatch | None = None
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
        """A transaction in a turn."""
        with self._turn_to_write():
            self.is_durable = durable
            self._begin()
            try:
                with self._nested():
                    yield
                self._end_watch()
                self._connection.run("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            self._feed.read()

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        if self.views:
            raise StoreMisuse(self._file.path, "a transaction cannot begin inside a view")
        if self._file.read_only in ("full", "unwritable"):
            self._open_again()
        while True:
            with self._file.turn().taken():
                if not self._file.was_replaced():
                    yield
                    return
            self._open_again()

    def _begin(self) -> None:
        self._connection.run("BEGIN IMMEDIATE")
        try:
            schema_version = self._connection.number("PRAGMA schema_version")
            if schema_version != self._schema_version:  # another program may have added columns
                self._schema_version = schema_version
                self._documents.forget_tables()
            self._feed.read()
        except BaseException:
            self._connection.run("ROLLBACK")
            raise
        self._changes_before = self._connection.total_changes
        self._feed.mark()
        self._watch = LoopWatch()

    def _end_watch(self) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.end()
            if watch.ran:
                raise AwaitInTransaction(self._file.path, "a transaction must not await")

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
        if self._watch is not None and current_task() is not self._watch.task:
            raise AwaitInTransaction(self._file.path, "another task is inside a transaction")
        self.is_durable = self.is_durable or durable
        name = f"s{self.depth}"
        self._connection.run(f"SAVEPOINT {name}")
        try:
            with self._nested():
                yield
        except BaseException:
            if self._connection.in_transaction:
                self._take_back(f"ROLLBACK TO {name}")
                self._connection.run(f"RELEASE {name}")
            raise
        self._connection.run(f"RELEASE {name}")

    def _roll_back(self) -> None:
        if self._watch is not None:
            self._watch.end()
            self._watch = None
        if self._connection.in_transaction:
            self._take_back("ROLLBACK")
            return
        self._feed.distrust()  # on a full disk SQLite rolls back by itself: what was changed cannot be read any more
        self._documents.forget_tables()
        self._feed.return_to_mark()

    def _take_back(self, how: str) -> None:
        self._feed.return_to_mark()
        self._feed.read()  # whoever took in what was changed hears that it changes again
        self._connection.run(how)
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
