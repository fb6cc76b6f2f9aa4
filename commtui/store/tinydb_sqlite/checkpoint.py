"""Upkeep: checkpoints, trimming the feed of changes, giving free pages back, copies. Each in short turns."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from commtui.store.tinydb_sqlite.changes import KEPT_CHANGES
from commtui.store.tinydb_sqlite.connection import JOURNAL_LIMIT, Connection
from commtui.store.tinydb_sqlite.errors import StoreBusy, translated
from commtui.store.tinydb_sqlite.files import TurnLock, flush_file

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
    with closing(Connection(path, wait=0)) as connection, closing(_turn_lock(path)) as turn:
        try:
            _trim(connection, turn)
            _shrink(connection, turn)
            _flush_journal(path)  # so that the turn is short
            with turn.taken():
                return bool(connection.number("PRAGMA wal_checkpoint(TRUNCATE)") == 0)
        except StoreBusy:
            return False


def _turn_lock(path: Path) -> TurnLock:
    try:
        return TurnLock(path)
    except OSError as error:
        raise translated(error, path) from error


def _trim(connection: Connection, turn: TurnLock) -> None:
    """Forgets old changes."""
    sql = (
        'DELETE FROM "%changes" WHERE seq <= min((SELECT max(seq) FROM "%changes") - ?,'
        ' (SELECT min(seq) FROM "%changes") + ?)'
    )
    while True:
        span = connection.one('SELECT (SELECT max(seq) FROM "%changes") - (SELECT min(seq) FROM "%changes")')[0] or 0
        if span <= KEPT_CHANGES + STEP:
            return
        with turn.taken():
            connection.run(sql, (KEPT_CHANGES, STEP))


def _shrink(connection: Connection, turn: TurnLock) -> None:
    """Gives free pages back to the file system."""
    while (free := connection.number("PRAGMA freelist_count")) > FREE_PAGES:
        with turn.taken():
            connection.all(f"PRAGMA incremental_vacuum({min(PAGES_AT_ONCE, free - FREE_PAGES)})")


def _flush_journal(path: Path) -> None:
    try:
        descriptor = os.open(f"{path}-wal", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        flush_file(descriptor)
    except OSError as error:
        raise translated(error, path) from error
    finally:
        os.close(descriptor)


def backup(path: Path, target: Path) -> None:
    """Writes a copy of the file while others go on. Raises StoreError."""
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    with closing(Connection(path)) as connection, closing(sqlite3.connect(target)) as copy:
        connection.copy_to(copy)
