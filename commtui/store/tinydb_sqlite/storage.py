"""One handle on the file: transactions and views, flushing, and TinyDB's contract of a storage."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from tinydb.storages import Storage

from commtui.store.tinydb_sqlite.changes import ChangeFeed, Ids
from commtui.store.tinydb_sqlite.connection import Connection, close_in_turn
from commtui.store.tinydb_sqlite.documents import Documents
from commtui.store.tinydb_sqlite.errors import StoreClosed
from commtui.store.tinydb_sqlite.journal import Flusher, flush_journal
from commtui.store.tinydb_sqlite.opening import OpenFile
from commtui.store.tinydb_sqlite.schema import By, Declared
from commtui.store.tinydb_sqlite.transactions import Transactions


class SqliteStorage(Storage):
    """One connection, used under `lock`: threads may share it.

    A commit is written to SQLite's journal (synchronous=NORMAL: whole or not at all, whatever happens). A durable one
    is then flushed, outside of all locks, so that threads and processes share a flush; the others by a thread, soon.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        indexes: Mapping[str, Sequence[str]] | None = None,
        ordered: Mapping[str, Sequence[tuple[str, By]]] | None = None,
        counted: Mapping[str, Sequence[str]] | None = None,
        searched: Mapping[str, Sequence[str]] | None = None,
        wait: float = 60.0,
    ) -> None:
        """`wait`: seconds for a program that holds SQLite's lock without taking turns. Raises StoreError."""
        self.path = Path(path)
        self.lock = threading.RLock()
        self._process = os.getpid()
        self._unusable: Literal["", "closed", "flush"] = ""
        self._flusher = Flusher(self.flush)
        self.file = OpenFile(self.path, wait=wait)
        try:
            declared = Declared(indexes or {}, ordered or {}, counted or {}, searched or {})
            self.documents = Documents(self.connection, declared)
            self.feed = ChangeFeed(self.connection, self.documents.forget_tables)
            self._transactions = Transactions(self.file, self.documents, self.feed, self._open_again)
            with self.lock:
                self._make_declared()
        except BaseException:  # raised again: whatever ended it, nothing stays open
            self.close()
            raise

    @property
    def connection(self) -> Connection:
        return self.file.connection

    def _make_declared(self) -> None:
        """Makes what is declared and the file lacks."""
        outdated = [] if self.file.read_only else self.documents.outdated()
        if outdated:
            with self._transactions.outermost(durable=True):
                for name in outdated:
                    self.documents.prepare(name, rebuild=True)
            self.flush()

    def _open_again(self) -> None:
        before = self.file.open_again()
        self.documents.connection = self.connection
        self.documents.forget_tables()
        self.feed.use(self.connection)
        close_in_turn(before)
        self._make_declared()

    # transactions

    @contextmanager
    def transaction(self, durable: bool | None = True) -> Iterator[None]:
        """`durable` None: as the transaction that it joins, else True."""
        with self.lock:
            self._check_usable()
            if self._transactions.depth:
                with self._transactions.inner(bool(durable)):
                    yield
                return
            with self._transactions.outermost(durable is not False):
                yield
            written, durable = self._transactions.has_written, self._transactions.is_durable
            changes = self.feed.take_untold()
        if written:
            self.flush() if durable else self._flusher.soon()
        if changes:
            self.feed.tell(changes)

    # reading

    @contextmanager
    def view(self) -> Iterator[None]:
        """`with storage.view():` Reads inside see one state."""
        with self.lock:
            self._check_usable()
            with self._transactions.view():
                yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """For a single SELECT."""
        with self.lock:
            self._check_usable()
            yield

    def version(self, table: str) -> tuple[int, int]:
        """Returns what differs after each change of a table; used under `lock`."""
        self._transactions.catch_up()
        return self.feed.version(table)

    def take_changed(self, table: str) -> Ids:
        """Returns the ids that changed in a table since this was asked before; None: anything may have. Used under
        `lock`."""
        self._transactions.catch_up()
        return self.feed.take_changed(table)

    def refresh(self) -> bool:
        """Takes in what others wrote and tells the observers. True if anything changed."""
        with self.lock:
            self._check_usable()
            if self._transactions.depth or self._transactions.views:
                return False
            if self.file.was_replaced() or self.file.may_be_writable_now():
                self._open_again()
            self.feed.catch_up()
            changes = self.feed.take_untold()
        if changes:
            self.feed.tell(changes)
        return bool(changes)

    # the file

    def set_user_version(self, number: int) -> None:
        """In the open transaction, or in one of its own."""
        with self.transaction(None):
            self.connection.run(f"PRAGMA user_version={int(number)}")
            self._transactions.set_written()

    def flush(self) -> None:
        """Returns when all that was committed before is on disk. Raises StoreClosed if the disk failed: what it has
        of the journal is unknown then, and this handle writes no more."""
        self._check_usable()
        try:
            flush_journal(self.path)
        except StoreClosed:
            self._unusable = "flush"
            raise

    def _check_usable(self) -> None:
        if self._unusable:
            raise StoreClosed(self.path, self._unusable)
        if os.getpid() != self._process:
            raise StoreClosed(self.path, "fork")

    # TinyDB's contract

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Returns every document of every table; None if there is no table."""
        documents = self.documents
        with self.view():
            schemas = [documents.schema(name) for name in documents.names() if documents.exists(name)]
            return {
                schema.name: {
                    str(row.doc_id): row.document() for page in documents.pages(schema, archived=0) for row in page
                }
                for schema in schemas
            } or None

    def write(self, data: Mapping[str, Mapping[Any, Any]]) -> None:
        """Replaces everything."""
        with self.transaction(None):
            for name in self.documents.names():
                self.documents.clear(name, drop=name not in data)
            for name, documents in data.items():
                self.documents.insert(name, {int(doc_id): document for doc_id, document in documents.items()})

    def close(self) -> None:
        """Ends the use of the file."""
        if self._unusable == "closed" or os.getpid() != self._process:
            return
        self._flusher.stop()
        with self.lock:
            self._unusable = "closed"
            self.file.close()
