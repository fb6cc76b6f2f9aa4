"""SQLite's journal: flushing it, at once or soon, and bringing it into the file with other upkeep, in short turns."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from commtui.store.tinydb_sqlite.changes import FIRST_AND_LAST, KEPT_CHANGES
from commtui.store.tinydb_sqlite.connection import JOURNAL_LIMIT, Connection, connected
from commtui.store.tinydb_sqlite.errors import StoreBusy, StoreClosed, translated
from commtui.store.tinydb_sqlite.files import TurnLock, flush_file

DELAY = 0.05
"""Seconds: what a power cut may take of transactions that are not durable. Killing the process takes nothing."""
STEP = 2000
"""Changes that are trimmed in one turn."""
FREE_PAGES = 1024
"""Free pages that stay for what comes next: giving pages back and taking them again costs more."""
PAGES_AT_ONCE = 128
"""Pages that are given back in one turn."""


def flush_journal(path: Path) -> None:
    """Returns when the journal of a database is on disk. SQLite takes no locks on it: it may be opened beside SQLite.

    Raises StoreError if it cannot be opened, StoreClosed if the disk failed."""
    try:
        descriptor = os.open(f"{path}-wal", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    except OSError as error:
        raise translated(error, path) from error
    try:
        flush_file(descriptor)
    except OSError as error:
        raise StoreClosed(path, "flush") from error
    finally:
        os.close(descriptor)


class Flusher:
    """A thread, started by the first transaction that can wait."""

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._wanted = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def soon(self) -> None:
        """Flushes within DELAY."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="store-flusher", daemon=True)
            self._thread.start()
        self._wanted.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._wanted.wait()
            self._stopped.wait(DELAY)
            if self._wanted.is_set():
                self._wanted.clear()
                try:
                    self._flush()
                except StoreClosed:  # the next transaction says so
                    return

    def stop(self) -> None:
        """Flushes what waits and ends the thread."""
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            self._stopped.set()
            self._wanted.set()
            thread.join()


def needs_checkpoint(path: Path) -> bool:
    """Whether the journal has grown. SQLite cuts one that begins anew to exactly the limit: that counts, too."""
    try:
        return os.stat(f"{path}-wal").st_size >= JOURNAL_LIMIT
    except FileNotFoundError:
        return False


def checkpoint(path: Path) -> bool:
    """Brings the journal into the file. False: a reader that stays keeps the journal from being emptied, or another
    program holds SQLite's lock. Raises StoreError.

    SQLite up to 3.51.2 may lose pages if a checkpoint races a commit (sqlite.org/wal.html#walresetbug): hence the
    turn. Uses a connection of its own, and waits for no reader."""
    try:
        lock = TurnLock(path)
    except OSError as error:
        raise translated(error, path) from error
    with closing(lock), connected(path, wait=0) as connection:
        try:
            _trim(connection, lock)
            _shrink(connection, lock)
            flush_journal(path)  # so that the turn is short
            with lock.taken():
                return connection.number("PRAGMA wal_checkpoint(TRUNCATE)") == 0
        except StoreBusy:
            return False


def _trim(connection: Connection, lock: TurnLock) -> None:
    """Forgets old changes."""
    first, last = connection.one(FIRST_AND_LAST)
    while first is not None and last - first > KEPT_CHANGES + STEP:
        first += STEP
        with lock.taken():
            connection.run('DELETE FROM "%changes" WHERE seq < ?', (first,))


def _shrink(connection: Connection, lock: TurnLock) -> None:
    """Gives free pages back to the file system."""
    while (free := connection.number("PRAGMA freelist_count")) > FREE_PAGES:
        with lock.taken():
            connection.run(f"PRAGMA incremental_vacuum({min(PAGES_AT_ONCE, free - FREE_PAGES)})")
