"""One handle on the file: opening it, transactions and views, flushing, and TinyDB's contract of a storage."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tinydb.storages import Storage

from commtui.store.tinydb_sqlite.changes import ChangeFeed
from commtui.store.tinydb_sqlite.connection import Connection, set_up
from commtui.store.tinydb_sqlite.documents import Declared, Documents
from commtui.store.tinydb_sqlite.errors import (
    AwaitInTransaction,
    NewerFormat,
    StoreClosed,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreMisuse,
    StoreReadOnly,
    has_no_room,
    translated,
)
from commtui.store.tinydb_sqlite.files import TurnLock, flush_file, flush_folder, refuse_network
from commtui.store.tinydb_sqlite.flusher import Flusher
from commtui.store.tinydb_sqlite.schema import APPLICATION_ID, FORMAT, By
from commtui.store.tinydb_sqlite.tasks import LoopWatch, current_task


@dataclass
class Counters:
    """How often a handle did something so far."""

    transactions: int = 0
    """Those that wrote anything."""
    flushes: int = 0


ReadOnly = Literal["", "asked", "full", "unwritable"]
"""Why a handle only reads; empty if it writes, too."""


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
        read_only: bool = False,
        wait: float = 60.0,
    ) -> None:
        """`wait`: seconds for a program that holds SQLite's lock without taking turns. Raises StoreError."""
        self.path = Path(path)
        self.lock = threading.RLock()
        self.read_only: ReadOnly = "asked" if read_only else ""
        self.counters = Counters()
        self._wait = wait
        self._depth = self._views = 0
        self._durable = False
        self._watch: LoopWatch | None = None
        self._schema_version = self._journal = -1
        self._changes_before = 0
        self._process = os.getpid()
        self._closed: Literal["", "closed", "flush"] = ""
        self._turn: TurnLock | None = None
        self._flusher = Flusher(self.flush)
        refuse_network(self.path)
        self.connection = self._open()
        try:
            declared = Declared(indexes or {}, ordered or {}, counted or {}, searched or {})
            self.documents = Documents(self.connection, declared)
            self.feed = ChangeFeed(self.connection)
            outdated = [] if self.read_only else self.documents.outdated()
            if outdated:
                with self.transaction():
                    for name in outdated:
                        self.documents.prepare(name, rebuild=True)
        except BaseException:
            self.close()
            raise

    # opening

    def _open(self) -> Connection:
        if self.read_only == "asked":
            return self._open_existing()
        try:
            self._take_part()
        except OSError as error:
            if not self.path.exists():
                raise translated(error, self.path) from error
        return self._open_existing()

    def _take_part(self) -> None:
        """Opens the lock for turns, and makes the file where there is none. Raises OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        turn = self._turn or TurnLock(self.path)
        self._turn = turn
        if self.path.exists() and self.path.stat().st_size:
            return
        with turn.taken():
            if not self.path.exists():  # where SQLite has it open, opening and closing it would free SQLite's locks
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            connection = Connection(self.path, wait=self._wait)
            try:
                if not connection.number("PRAGMA schema_version"):
                    set_up(connection)
                    flush_folder(self.path.parent)
            finally:
                connection.close()

    def _open_existing(self) -> Connection:
        """Reads the file alone, without a journal, where there is no room or no right to make one beside it."""
        asked = self.read_only == "asked"
        connection = None
        try:
            connection = Connection(self.path, read_only=asked, wait=self._wait)
            self._check_format(connection)
        except (StoreMissing, StoreDamaged, NewerFormat):
            if connection is not None:
                connection.close()
            raise
        except StoreError:
            if connection is not None:
                connection.close()
            if self._journal_size():
                raise
            connection = Connection(self.path, read_only=True, immutable=True)
            self._check_format(connection)
            self._read_only_because("full" if has_no_room(self.path) else "unwritable")
            return connection
        if not asked:
            self._read_only_because("" if self._turn is not None else "unwritable")
        return connection

    def _read_only_because(self, reason: ReadOnly) -> None:
        if self.read_only != "asked":
            self.read_only = reason

    def _check_format(self, connection: Connection) -> None:
        written = connection.number("PRAGMA application_id")
        if written & ~0xFFFF != APPLICATION_ID:
            raise StoreDamaged(self.path, "not a store's file")
        if written & 0xFFFF > FORMAT:
            raise NewerFormat(self.path, written & 0xFFFF, FORMAT)
        connection.number("SELECT count(*) FROM sqlite_master")

    def _journal_size(self) -> int:
        try:
            return os.stat(f"{self.path}-wal").st_size
        except OSError:
            return 0

    def _open_again(self) -> None:
        """After the file was replaced, or to try again what was not possible."""
        if self._views:
            return
        connection = self._open()
        old, self.connection = self.connection, connection
        self.documents.connection = connection
        self.documents.forget_tables()
        self.feed.use(connection)
        self._close_journal()
        old.close()

    def _was_replaced(self) -> bool:
        try:
            return os.stat(self.path).st_ino != self.connection.inode
        except FileNotFoundError as error:
            raise StoreMissing(self.path, "the file was removed") from error

    # transactions

    @contextmanager
    def transaction(self, durable: bool | None = True) -> Iterator[None]:
        """`durable` None: as the transaction that it joins, else True."""
        with self.lock:
            self._check_usable()
            if self._depth:
                if self._watch is not None and current_task() is not self._watch.task:
                    raise AwaitInTransaction(self.path, "another task is inside a transaction")
                self._durable = self._durable or bool(durable)
                with self._savepoint():
                    yield
                return
            with self._turn_to_write():
                self._durable = durable is not False
                self._begin()
                try:
                    with self._nested():
                        yield
                    self._end_watch()
                    self.connection.run("COMMIT")
                except BaseException:
                    self._roll_back()
                    raise
                self.feed.read()
            written = self.connection.total_changes != self._changes_before
            durable = self._durable
            changes = self.feed.take_untold()
        if written:
            self.counters.transactions += 1
        if written and durable:
            self.flush()
        elif written:
            self._flusher.soon()
        if changes:
            self.feed.tell(changes)

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        if self._views:
            raise StoreMisuse(self.path, "a transaction cannot begin inside a view")
        if self.read_only == "asked":
            raise StoreReadOnly(self.path, "opened for reading only")
        if self.read_only:
            self._open_again()
        if self.read_only or self._turn is None:
            raise (StoreFull if self.read_only == "full" else StoreReadOnly)(self.path, self.read_only)
        with self._turn.taken():
            if self._was_replaced():
                self._open_again()
            yield

    def _begin(self) -> None:
        self.connection.run("BEGIN IMMEDIATE")
        try:
            schema_version = self.connection.number("PRAGMA schema_version")
            if schema_version != self._schema_version:  # another program may have added columns
                self._schema_version = schema_version
                self.documents.forget_tables()
            self.feed.read()
        except BaseException:
            self.connection.run("ROLLBACK")
            raise
        self._changes_before = self.connection.total_changes
        self.feed.mark()
        self._watch = LoopWatch()

    def _end_watch(self) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.end()
            if watch.ran:
                raise AwaitInTransaction(self.path, "a transaction must not await")

    @contextmanager
    def _nested(self) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        name = f"s{self._depth}"
        self.connection.run(f"SAVEPOINT {name}")
        try:
            with self._nested():
                yield
        except BaseException:
            if self.connection.in_transaction:
                self._take_back(f"ROLLBACK TO {name}")
                self.connection.run(f"RELEASE {name}")
            raise
        self.connection.run(f"RELEASE {name}")

    def _roll_back(self) -> None:
        if self._watch is not None:
            self._watch.end()
            self._watch = None
        if self.connection.in_transaction:
            self._take_back("ROLLBACK")
            return
        self.feed.distrust()  # on a full disk SQLite rolls back by itself: what was changed cannot be read any more
        self.documents.forget_tables()
        self.feed.return_to_mark()

    def _take_back(self, how: str) -> None:
        self.feed.return_to_mark()
        self.feed.read()  # whoever took in what was changed hears that it changes again
        self.connection.run(how)
        self.documents.forget_tables()
        self.feed.return_to_mark()

    # reading

    @contextmanager
    def view(self) -> Iterator[None]:
        """`with storage.view():` Reads inside see one state."""
        with self.lock:
            self._check_usable()
            outermost = not self._depth and not self._views
            if outermost:
                self.connection.run("BEGIN")
                try:
                    self.feed.read()
                except BaseException:
                    self.connection.run("COMMIT")
                    raise
            self._views += 1
            try:
                yield
            finally:
                self._views -= 1
                if outermost:
                    self.connection.run("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """For a single SELECT."""
        with self.lock:
            self._check_usable()
            yield

    def catch_up(self) -> None:
        """Takes in what changed; used under `lock`."""
        if self._depth:
            self.feed.read()
        elif not self._views:
            self.feed.catch_up()

    def refresh(self) -> bool:
        """Takes in what others wrote and tells the observers. True if anything changed."""
        with self.lock:
            self._check_usable()
            if self._depth or self._views:
                return False
            if self._was_replaced() or (self.read_only in ("full", "unwritable") and self._journal_size()):
                self._open_again()
            self.feed.catch_up()
            changes = self.feed.take_untold()
        if changes:
            self.feed.tell(changes)
        return bool(changes)

    # the disk

    @property
    def user_version(self) -> int:
        """A number of the program's own in the file's head."""
        with self.reading():
            return self.connection.number("PRAGMA user_version")

    def set_user_version(self, number: int) -> None:
        """In the open transaction, or in one of its own."""
        with self.transaction(None):
            self.connection.run(f"PRAGMA user_version={int(number)}")
            self._changes_before = -1  # SQLite does not count it

    def flush(self) -> None:
        """Returns when all that was committed before is on disk. Raises StoreClosed if the disk failed: what it has
        of the journal is unknown then, and this handle writes no more."""
        with self.lock:
            self._check_usable()
            if self._journal < 0:
                # SQLite takes no locks on its journal, and keeps the file as long as this handle is open
                try:
                    self._journal = os.open(f"{self.path}-wal", os.O_RDONLY | os.O_CLOEXEC)
                except FileNotFoundError:
                    return
            descriptor = os.dup(self._journal)
        try:
            flush_file(descriptor)
            self.counters.flushes += 1
        except OSError as error:
            self._closed = "flush"
            raise StoreClosed(self.path, "flush") from error
        finally:
            os.close(descriptor)

    def maintain(self, work: Callable[[Path], bool]) -> bool:
        """Runs upkeep that uses connections of its own. Raises StoreReadOnly for a handle that only reads."""
        with self.lock:
            self._check_usable()
            if self.read_only:
                raise StoreReadOnly(self.path, self.read_only)
        return work(self.path)

    def _check_usable(self) -> None:
        if self._closed:
            raise StoreClosed(self.path, self._closed)
        if os.getpid() != self._process:
            raise StoreClosed(self.path, "fork")

    def _close_journal(self) -> None:
        if self._journal >= 0:
            os.close(self._journal)
            self._journal = -1

    # TinyDB's contract

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Returns every document of every table; None if there is no table."""
        documents = self.documents
        with self.view():
            schemas = [documents.schema(name) for name in documents.names() if documents.exists(name)]
            return {
                schema.name: {
                    str(row.doc_id): row.document() for row in documents.rows(schema, "archived = 0 ORDER BY place", ())
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
        """Ends the use of the file. The last handle on it makes a checkpoint."""
        if self._closed == "closed" or os.getpid() != self._process:
            return
        self._flusher.stop()
        with self.lock:
            self._closed = "closed"
            if self._turn is None:
                self.connection.close()
            else:
                with self._turn.taken():
                    self.connection.close()
                self._turn.close()
            self._close_journal()
