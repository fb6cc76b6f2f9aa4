"""Upkeep: checkpoints, trimming the feed of changes, giving free pages back. Each in short turns."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from commtui.store.tinydb_sqlite.changes import FIRST_AND_LAST, KEPT_CHANGES
from commtui.store.tinydb_sqlite.connection import JOURNAL_LIMIT, Connection
from commtui.store.tinydb_sqlite.errors import StoreBusy, translated
from commtui.store.tinydb_sqlite.files import TurnLock
from commtui.store.tinydb_sqlite.journal import flush_journal

STEP = 2000
"""Changes that are trimmed in one turn."""
FREE_PAGES = 1024
"""Free pages that stay for what comes next: giving pages back and taking them again costs more."""
PAGES_AT_ONCE = 128
"""Pages that are given back in one turn."""


def needs_checkpoint(path: Path) -> bool:
    """Whether the journal has grown."""
    try:
        return os.stat(f"{path}-wal").st_size > JOURNAL_LIMIT
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
    with closing(lock), closing(Connection(path, wait=0)) as connection:
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
