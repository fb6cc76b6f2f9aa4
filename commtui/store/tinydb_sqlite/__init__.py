"""TinyDB over SQLite: TinyDB's calls and results, SQLite's files. Imports nothing else of commtui.

    db = SqliteDB(path, indexes={"mail": ["status"]}, ordered={"mail": [("status", "at")]})
    db.table("mail").insert({"status": "open", "at": "2026-11-23"})        # TinyDB, as ever
    with db.transaction(): ...                                             # several tables, all or nothing
    db.ordered("mail", "status", "open", "at", limit=50)                   # sorted ids; no document is read

A document is a row: its JSON with a checksum, its id, its place in the order of insertion, whether it is archived, and
a column for each indexed field, so that an update touches only the indexes whose field changed. Triggers count and
feed a list of what changed, which other handles and processes read when `PRAGMA data_version` says that there is
something. Writers and checkpoints take turns by a lock file (files.py). `check.check` verifies and repairs a file;
it is imported for that only.
"""

from commtui.store.tinydb_sqlite.database import SqliteDB
from commtui.store.tinydb_sqlite.errors import (
    AwaitInTransaction,
    Damage,
    NetworkFileSystem,
    NewerFormat,
    StoreBusy,
    StoreClosed,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreMisuse,
    StoreReadOnly,
)
from commtui.store.tinydb_sqlite.table import SqliteTable

__all__ = [
    "AwaitInTransaction",
    "Damage",
    "NetworkFileSystem",
    "NewerFormat",
    "SqliteDB",
    "SqliteTable",
    "StoreBusy",
    "StoreClosed",
    "StoreDamaged",
    "StoreError",
    "StoreFull",
    "StoreMissing",
    "StoreMisuse",
    "StoreReadOnly",
]
