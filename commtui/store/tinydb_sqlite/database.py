"""The database: TinyDB, with transactions, observers, and answers from indexes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, cast

from tinydb import TinyDB

from commtui.store.tinydb_sqlite import checkpoint
from commtui.store.tinydb_sqlite.answers import IndexAnswers
from commtui.store.tinydb_sqlite.changes import Observer
from commtui.store.tinydb_sqlite.errors import Damage
from commtui.store.tinydb_sqlite.opening import ReadOnly
from commtui.store.tinydb_sqlite.storage import Counters, SqliteStorage
from commtui.store.tinydb_sqlite.table import SqliteTable


class SqliteDB(TinyDB, IndexAnswers):
    """A TinyDB in a file. Threads may share one; whoever reads at length, and every process, opens one of its own.

    `indexes`: table -> fields whose equality queries need no scan (`author.handle` is a field of a field).
    `ordered`: table -> (field, by) pairs for `ordered`; `by` is a field or a tuple of fields.
    `counted`: table -> fields whose `counts` cost nothing. `searched`: table -> fields for `find_text`.
    `read_only`, `wait`: see SqliteStorage. What is newly declared is made when the file is opened. Raises StoreError
    and its kinds, as do all calls.
    """

    table_class = SqliteTable
    default_storage_class = SqliteStorage  # type: ignore[assignment]

    def __init__(self, path: str | os.PathLike[str], **options: Any) -> None:
        super().__init__(path, **options)
        IndexAnswers.__init__(self, cast(SqliteStorage, self._storage))
        self._archived_tables: dict[str, SqliteTable] = {}

    @property
    def path(self) -> Path:
        return self._sqlite.path

    @property
    def read_only(self) -> ReadOnly:
        """Why this handle only reads; empty if it writes, too. A transaction tries again."""
        return self._sqlite.file.read_only

    @property
    def damage(self) -> tuple[Damage, ...]:
        """The documents that this handle had to step over so far."""
        return tuple(self._sqlite.documents.damage)

    @property
    def counters(self) -> Counters:
        """How often this handle wrote and flushed so far."""
        return self._sqlite.counters

    @property
    def user_version(self) -> int:
        """A number of the program's own in the file's head."""
        return self._sqlite.user_version

    def set_user_version(self, number: int) -> None:
        """In the open transaction, or in one of its own."""
        self._sqlite.set_user_version(number)

    def transaction(self, durable: bool = True) -> AbstractContextManager[None]:
        """`with db.transaction():` All changes inside, in whatever tables, are one, and on disk when the block ends.

        Inside another one it joins that one. An exception that leaves a block takes back what was done in it. With
        `durable` False the flush comes up to 50 ms later: a power cut may take it, killing the process does not. An
        `await` inside raises AwaitInTransaction, and nothing is kept."""
        return self._sqlite.transaction(durable)

    def view(self) -> AbstractContextManager[None]:
        """`with db.view():` Reads inside see one state. Other threads' calls of this handle wait meanwhile."""
        return self._sqlite.view()

    def refresh(self) -> bool:
        """Takes in what other handles wrote. True if anything changed."""
        return self._sqlite.refresh()

    def subscribe(self, observer: Observer) -> Callable[[], None]:
        """Calls `observer` with {table: ids, or None for anything} after each change, this handle's or another's once
        it is taken in; outside of all locks, in the thread that made it or took it in. Returns what ends it."""
        self._sqlite.feed.observers.append(observer)
        return lambda: self._sqlite.feed.observers.remove(observer)

    # the archive: a column

    def archive(self, table: str, doc_ids: Sequence[int], *, back: bool = False) -> None:
        """Moves documents out of all answers above into those with `archived`, or back."""
        with self._sqlite.transaction(None):
            if self._sqlite.documents.exists(table):
                self._sqlite.documents.move(table, doc_ids, int(not back))

    def archived(self, table: str) -> SqliteTable:
        """Returns the archived documents of a table, as a table."""
        if table not in self._archived_tables:
            self._archived_tables[table] = SqliteTable(self._storage, table, archived=True)
        return self._archived_tables[table]

    # upkeep

    def checkpoint(self) -> bool:
        """Brings SQLite's journal into the file, trims the feed of changes, gives free pages back; for a thread that
        nobody waits for. False: a reader that stays kept the journal from being emptied."""
        return self._sqlite.maintain(checkpoint.checkpoint)

    def needs_checkpoint(self) -> bool:
        """Whether `checkpoint` would pay."""
        return checkpoint.needs_checkpoint(self.path)

    def flush(self) -> None:
        """Returns when all that was written before is on disk."""
        self._sqlite.flush()

    def backup(self, target: str | os.PathLike[str]) -> None:
        """Writes a copy of the file, of one state, while everyone goes on."""
        checkpoint.backup(self.path, Path(target))

    # TinyDB's calls that would read and write everything

    def tables(self) -> set[str]:
        """Returns the names of all tables."""
        with self._sqlite.reading():
            return self._sqlite.documents.names()

    def drop_tables(self) -> None:
        """Drops all tables."""
        with self._sqlite.transaction(None):
            for name in self.tables():
                self.drop_table(name)

    def drop_table(self, name: str) -> None:
        """Drops a table, its archived documents too."""
        with self._sqlite.transaction(None):
            if self._sqlite.documents.exists(name):
                self._sqlite.documents.clear(name, drop=True)
        self._tables.pop(name, None)
