"""Rewriting the file, so that nothing of what was removed is left in its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from commtui.store.tinydb_sqlite.connection import connected
from commtui.store.tinydb_sqlite.errors import StoreBusy, translated
from commtui.store.tinydb_sqlite.files import TurnLock
from commtui.store.tinydb_sqlite.schema import Schema

WAIT = 10.0
"""Seconds for who reads an earlier state."""


def wipe(path: Path, searched: Sequence[str]) -> bool:
    """Writes the whole file anew and empties the journal; others wait meanwhile. Raises StoreError.

    `searched`: tables with a full-text index, where what was removed is only marked as such until its parts are merged.
    False: a reader that stays kept the journal from being emptied. SQLite removes a row by forgetting where it is; what
    `PRAGMA secure_delete` overwrites would leave earlier versions of a row, which were moved without it.
    """
    try:
        lock = TurnLock(path)
    except OSError as error:
        raise translated(error, path) from error
    with closing(lock), connected(path, wait=WAIT) as connection, lock.taken():
        present = {name for (name,) in connection.all("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for name in searched:
            words = Schema(name).words
            if words.strip('"').encode() in present:
                connection.run(f"INSERT INTO {words} ({words}) VALUES ('optimize')")
        try:
            connection.run("VACUUM")
            return connection.number("PRAGMA wal_checkpoint(TRUNCATE)") == 0
        except StoreBusy:
            return False
