"""TinyDB over a journal and a mapped snapshot: a change costs what it weighs, and what was acknowledged survives.

    db = JournalDB(folder, indexes={"mail": ["status"]}, ordered={"mail": [("status", "at")]})
    db.table("mail").insert({"status": "open", "at": "2026-11-23"})         # TinyDB, as ever
    with db.transaction(): ...                                              # several tables, one write, all or nothing
    db.ordered("mail", "status", "open", "at")[:50]                         # sorted ids, without reading a document

How it works. The folder (mode 0700) holds a snapshot of all tables, the journal of what changed since, and two lock
files.

* Write: take the writers' lock (flock: it dies with its holder), read what others appended, append all lines of the
  transaction with one write, free the lock, then wait for the disk outside of all locks, so that threads and
  processes share one flush.
* Read: no lock. One fstat; if the journal grew, its new whole transactions are applied. A torn end is what a killed
  writer left: the next writer cuts it off. Damage in the middle is stepped over, named in `db.damage`, kept in
  `damaged.txt` before it would be deleted.
* Compaction (compaction.py): a new journal is begun, the old one sealed, a snapshot written with no lock held,
  renamed, the old removed. Readers hold a shared flock on what they have open, so that the old files stay whole
  until the last one lets go; then they go in pieces (leftover.py).
* Verifying and repairing: check.py, imported by who needs it.
* Documents stay JSON until they are looked at; sorted arrays beside the snapshot, mapped and not read, answer the
  rest (columns.py).

It depends on TinyDB and orjson only, and on a POSIX system; network file systems are refused.
"""

from commtui.store.journal.damage import Damage
from commtui.store.journal.database import JournalDB
from commtui.store.journal.errors import (
    AwaitInTransaction,
    Closed,
    NetworkFolder,
    NewerFormat,
    ReadOnly,
    StoreDamaged,
    StoreError,
    StoreFull,
)
from commtui.store.journal.found import Found
from commtui.store.journal.index import Ids
from commtui.store.journal.table import JournalTable

__all__ = [
    "AwaitInTransaction",
    "Closed",
    "Damage",
    "Found",
    "Ids",
    "JournalDB",
    "JournalTable",
    "NetworkFolder",
    "NewerFormat",
    "ReadOnly",
    "StoreDamaged",
    "StoreError",
    "StoreFull",
]
