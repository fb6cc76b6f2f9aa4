"""One connection of SQLite's: opened with our settings, its errors translated, no cursor left open."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from commtui.store.tinydb_sqlite.errors import StoreMissing, translated
from commtui.store.tinydb_sqlite.files import TurnLock
from commtui.store.tinydb_sqlite.schema import APPLICATION_ID, FORMAT, OWN_TABLES

AUTOMATIC_CHECKPOINT = 1024
"""Pages of journal after which a commit, whose turn it is then, copies them into the file, if nobody did so before."""
PAGE_SIZE = 4096
JOURNAL_LIMIT = 1 << 20
"""Bytes of journal with which a checkpoint pays: others wait for the disk while it is made, the longer the more it has
to copy. The journal keeps as many after it."""

ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""The second is raised where SQLite's own message quotes bytes of a damaged file."""
Mode = Literal["rw", "ro", "ro&immutable=1"]
"""`ro` is for a damaged file: where the description of a table cannot be read, the others still are. The last one reads
the file alone, makes nothing beside it and takes no locks: only for a file without a journal that nobody writes."""


class Connection:
    """Its users see to it that one thread uses it at a time."""

    def __init__(self, path: Path, *, mode: Mode = "rw", wait: float = 60.0) -> None:
        """`wait`: seconds for who holds SQLite's lock without taking turns, as its shell. Raises StoreError."""
        self.path = path
        try:
            status = os.stat(path)
        except FileNotFoundError as error:
            raise StoreMissing(path, "no such file") from error
        self.is_immutable = mode == "ro&immutable=1"
        self.inode, self.written = status.st_ino, status.st_mtime_ns
        try:
            self._sqlite = self._open(mode, wait)
        except ERRORS as error:
            raise translated(error, path) from error

    def _open(self, mode: Mode, wait: float) -> sqlite3.Connection:
        name = str(self.path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        connection = sqlite3.connect(
            f"file:{name}?mode={mode}",
            uri=True,
            timeout=wait,
            isolation_level=None,  # the module begins no transactions of its own
            check_same_thread=False,
            cached_statements=500,
        )
        connection.text_factory = bytes
        full = "PRAGMA fullfsync=1; PRAGMA checkpoint_fullfsync=1;" if sys.platform == "darwin" else ""
        try:
            connection.executescript(
                f"{'PRAGMA writable_schema=1;' if mode == 'ro' else ''}"  # first: the others read the descriptions
                f"PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=1;"
                f"PRAGMA wal_autocheckpoint={AUTOMATIC_CHECKPOINT}; PRAGMA journal_size_limit={JOURNAL_LIMIT}; {full}"
            )
        except ERRORS:
            connection.close()
            raise
        return connection

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Returns all rows."""
        try:
            return self._sqlite.execute(sql, values).fetchall()
        except ERRORS as error:
            raise translated(error, self.path) from error

    def one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Returns the first row; None if there is none."""
        rows = self.all(sql, values)
        return rows[0] if rows else None

    def number(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Returns the first row's only column."""
        return int(self.all(sql, values)[0][0])

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Runs a statement whose rows, if there are any, nobody needs."""
        self.all(sql, values)

    def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Raises sqlite3.IntegrityError for a key that is there."""
        try:
            self._sqlite.executemany(sql, values)
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise translated(error, self.path) from error

    @property
    def in_transaction(self) -> bool:
        return self._sqlite.in_transaction

    @property
    def total_changes(self) -> int:
        """How many rows this connection changed so far."""
        return self._sqlite.total_changes

    def copy_to(self, target: Path) -> None:
        """Writes a copy of the file's present state while others go on."""
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
        copy = sqlite3.connect(target)
        try:
            self._sqlite.backup(copy)
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        finally:
            copy.close()

    def close(self) -> None:
        try:
            self._sqlite.close()
        except sqlite3.Error as error:
            raise translated(error, self.path) from error


@contextmanager
def connected(path: Path, *, wait: float = 60.0) -> Iterator[Connection]:
    """`with connected(path) as connection:` Closes it in a turn."""
    connection = Connection(path, wait=wait)
    try:
        yield connection
    finally:
        close_in_turn(connection)


def close_in_turn(connection: Connection) -> None:
    """For who does not hold the turn: closing the last connection of a file is a checkpoint."""
    try:
        lock = TurnLock(connection.path)
    except OSError:  # where no lock can be made nobody writes
        connection.close()
        return
    with closing(lock), lock.taken():
        connection.close()


def set_up(connection: Connection) -> None:
    """Makes an empty file a store. For the holder of the turn. Raises StoreError."""
    connection.run(f"PRAGMA page_size={PAGE_SIZE}")
    connection.run("PRAGMA auto_vacuum=INCREMENTAL")
    if connection.one("PRAGMA journal_mode=WAL")[0] != b"wal":
        raise translated(sqlite3.OperationalError("the file system cannot share memory"), connection.path)
    connection.run("BEGIN IMMEDIATE")
    for statement in OWN_TABLES:
        connection.run(statement)
    connection.run(f"PRAGMA application_id={APPLICATION_ID | FORMAT}")
    connection.run("COMMIT")
