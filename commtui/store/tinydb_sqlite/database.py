"""The database: TinyDB, with transactions, observers, and answers from indexes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, cast

from tinydb import TinyDB

from commtui.store.tinydb_sqlite import journal
from commtui.store.tinydb_sqlite.changes import Observer
from commtui.store.tinydb_sqlite.changing import Change, change_each
from commtui.store.tinydb_sqlite.connection import connected
from commtui.store.tinydb_sqlite.errors import Damage
from commtui.store.tinydb_sqlite.opening import ReadOnly
from commtui.store.tinydb_sqlite.orders import Order, Orders
from commtui.store.tinydb_sqlite.schema import By, Schema
from commtui.store.tinydb_sqlite.search import CURRENT, Chosen, find_text
from commtui.store.tinydb_sqlite.sorted_ids import SortedIds
from commtui.store.tinydb_sqlite.storage import SqliteStorage
from commtui.store.tinydb_sqlite.table import SqliteTable
from commtui.store.tinydb_sqlite.values import column_value, decoded, equal_to, id_list, text_or_number

_AMONG = "doc_id IN (SELECT value FROM json_each(?))"


def _flags(archived: bool | None) -> str:
    return "0, 1" if archived is None else str(int(archived))


class SqliteDB(TinyDB):
    """A TinyDB in a file. Threads may share one; whoever reads at length, and every process, opens one of its own.

    `indexes`: table -> fields whose equality queries need no scan (`author.handle` is a field of a field).
    `ordered`: table -> (field, by) pairs for `ordered`; `by` is a field or a tuple of fields.
    `counted`: table -> fields whose `counts` cost nothing. `searched`: table -> fields for `find_text`.
    `wait`: see SqliteStorage. What is newly declared is made when the file is opened. All calls raise StoreError.

    Answers from indexes read no documents. A field that a document lacks counts as null. `archived` None: either.
    """

    table_class = SqliteTable
    default_storage_class = SqliteStorage  # type: ignore[assignment]  # TinyDB infers JSONStorage as the type

    def __init__(self, path: str | os.PathLike[str], **options: Any) -> None:
        super().__init__(path, **options)
        self._sqlite = cast(SqliteStorage, self._storage)
        self._documents = self._sqlite.documents
        self._archived_tables: dict[str, SqliteTable] = {}
        self._orders = Orders(self._sqlite)

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
        return tuple(self._documents.damage)

    @property
    def user_version(self) -> int:
        """A number of the program's own in the file's head."""
        with self._sqlite.reading():
            return self._sqlite.connection.number("PRAGMA user_version")

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
        """Moves documents out of what is not archived, or back."""
        with self._sqlite.transaction(None):
            if self._documents.exists(table):
                self._documents.move(table, doc_ids, int(not back))

    def archived(self, table: str) -> SqliteTable:
        """Returns the archived documents of a table, as a table."""
        if table not in self._archived_tables:
            self._archived_tables[table] = SqliteTable(self._storage, table, archived=True)
        return self._archived_tables[table]

    def archived_among(self, table: str, doc_ids: Sequence[int]) -> list[int]:
        """Returns those of some documents that are archived."""
        return self._numbers(table, "doc_id", f"{_AMONG} AND +archived = 1", (id_list(doc_ids),))

    # answers from indexes

    def ordered(
        self,
        table: str,
        field: str,
        value: Any,
        by: By,
        *,
        at_least: Any = None,
        below: Any = None,
        limit: int | None = None,
        reverse: bool = False,
        archived: bool = False,
    ) -> Sequence[int]:
        """Returns the ids of the documents whose `field` is `value`, sorted by `by` (null, numbers, texts by code
        point), then in the order of insertion. At most `limit`, where the first field of `by` is at least `at_least`
        and below `below`.

        With none of these it is `kept_ids`. Raises KeyError for a pair that was not declared."""
        schema, where, values = self._range(table, field, value, by, at_least, below, archived)
        direction = " DESC" if reverse else ""
        order = ", ".join(f"{column}{direction}" for column in (*schema.order_columns(by), "place"))
        if limit is not None or reverse or len(values) > 2:
            most = -1 if limit is None else limit
            return self._numbers(table, "doc_id", f"{where} ORDER BY {order} LIMIT ?", (*values, most))
        return self.kept_ids(table, field, value, by, archived=archived)

    def kept_ids(self, table: str, field: str, value: Any, by: By, *, archived: bool = False, **how: Any) -> SortedIds:
        """Returns all ids of an order. They are kept, and only those that change are moved. `how`: `at_once` and `also`
        of Orders.ids."""
        order = Order(table, field, column_value(value), by, int(archived))
        with self._sqlite.view():
            return self._orders.ids(order, **how)

    def is_reading(self, table: str, field: str, value: Any, by: By, *, archived: bool = False) -> bool:
        """Whether `kept_ids` with `at_once` has not read all ids yet."""
        with self._sqlite.reading():
            return self._orders.is_reading(Order(table, field, column_value(value), by, int(archived)))

    def count_ordered(
        self, table: str, field: str, value: Any, by: By, *, at_least: Any = None, below: Any = None, most: int = -1
    ) -> int:
        """Returns how many ids `ordered` has without a limit; no more than `most` are counted."""
        schema, where, values = self._range(table, field, value, by, at_least, below, archived=False)
        with self._sqlite.reading():
            return self._documents.count(schema, where, (*values, most))

    def _range(
        self, table: str, field: str, value: Any, by: By, at_least: Any, below: Any, archived: bool
    ) -> tuple[Schema, str, list[Any]]:
        schema = self._documents.schema(table)
        if not schema.has_order(field, by):
            raise KeyError((field, by))
        where, values = f"archived = ? AND {schema.columns[field]} IS ?", [int(archived), column_value(value)]
        for sign, bound in ((">=", at_least), ("<", below)):
            if bound is not None:
                where += f" AND {schema.order_columns(by)[0]} {sign} ?"
                values.append(column_value(bound))
        return schema, where, values

    def having(
        self, table: str, field: str, value: Any, *, archived: bool | None = False, after: int = 0, limit: int = -1
    ) -> list[int]:
        """Returns the ids of the documents whose indexed `field` is `value`, in the order of insertion (see sort_keys),
        those after a place in it; at most `limit`."""
        column = self._documents.schema(table).columns[field]
        where = f"archived IN ({_flags(archived)}) AND {column} IS ? AND place > ? ORDER BY place LIMIT ?"
        return self._numbers(table, "doc_id", where, (column_value(value), after, limit))

    def having_with(self, table: str, field: str, value: Any, fields: Sequence[str]) -> list[tuple[Any, ...]]:
        """Returns (id, the values of some indexed fields) of what `having` finds; of a list, by each of its texts."""
        schema = self._documents.schema(table)
        columns = ", ".join(("doc_id", *(text_or_number(schema.columns[name]) for name in fields)))
        condition, key = equal_to(value)
        where = f"archived IN (0, 1) AND {schema.columns[field]} {condition} ORDER BY place"
        rows = self._select(table, columns, where, (key,))
        return [tuple(map(decoded, row)) for row in rows]

    def ids_between(
        self, table: str, first: int, last: int, *, archived: bool | None = False, limit: int = -1, down: bool = False
    ) -> list[int]:
        """Returns the ids from `first` to `last`, both included, sorted, or `down` from the last; at most `limit`."""
        direction = "DESC" if down else "ASC"
        where = f"+archived IN ({_flags(archived)}) AND doc_id BETWEEN ? AND ? ORDER BY doc_id {direction} LIMIT ?"
        return self._numbers(table, "doc_id", where, (first, last, limit))

    def _numbers(self, table: str, column: str, where: str, values: Sequence[Any]) -> list[int]:
        with self._sqlite.reading():
            if not self._documents.exists(table):
                return []
            sql = f'SELECT {column} AS "%n" FROM {self._documents.schema(table).table} WHERE {where}'
            return self._documents.numbers(sql, values)

    def _select(self, table: str, columns: str, where: str, values: Sequence[Any]) -> list[Any]:
        with self._sqlite.reading():
            if not self._documents.exists(table):
                return []
            sql = f"SELECT {columns} FROM {self._documents.schema(table).table} WHERE {where}"
            return self._sqlite.connection.all(sql, values)

    def counts(self, table: str, field: str, *, archived: bool = False) -> Mapping[Any, int]:
        """Returns how many documents have each value of an indexed field; lists and objects are not counted."""
        with self._sqlite.reading():
            return self._documents.counts(table, field, int(archived))

    def sort_keys(self, table: str, by: str, doc_ids: Sequence[int]) -> dict[int, tuple[Any, int]]:
        """Returns what sorts some documents in `ordered`, archived or not: a field (a text or a number, else null), and
        the order of insertion."""
        column = text_or_number(self._documents.schema(table).columns[by])
        rows = self._select(table, f"doc_id, {column}, place", _AMONG, (id_list(doc_ids),))
        return {doc_id: (decoded(value), place) for doc_id, value, place in rows}

    def find_text(self, table: str, word: str, chosen: Chosen = CURRENT) -> Iterator[list[int]]:
        """Yields the ids of those of the chosen documents whose declared fields say a casefolded word, and perhaps of a
        few others: the newest first, in slices of about a millisecond, each of the table as it is then.

        A word of one ASCII letter, and any where no fields are declared, is looked for by reading."""
        return find_text(self._sqlite, table, word, chosen)

    # documents as they are stored

    def raw(self, table: str, doc_id: int, *, archived: bool | None = False) -> bytes | None:
        """Returns a document's JSON; None if there is no such document, or if it is damaged."""
        return self.raws(table, [doc_id], archived=archived).get(doc_id)

    def raws(self, table: str, doc_ids: Sequence[int], *, archived: bool | None = None) -> dict[int, bytes]:
        """Returns the JSON of some documents by their ids, in the order of insertion."""
        with self._sqlite.reading():
            if not self._documents.exists(table):
                return {}
            flag = None if archived is None else int(archived)
            rows = self._documents.rows_among(self._documents.schema(table), "doc_id", doc_ids, flag)
        return {row.doc_id: row.raw for row in rows}

    def change_each(self, table: str, changes: Iterable[Change]) -> None:
        """Gives some documents other contents, by a few statements. Inside of the transaction that has read them."""
        with self._sqlite.transaction(None):
            change_each(self._documents, table, changes)

    # upkeep

    def checkpoint(self) -> bool:
        """Brings SQLite's journal into the file, trims the feed of changes, gives free pages back; for a thread that
        nobody waits for. False: a reader that stays kept the journal from being emptied."""
        with self._sqlite.reading():
            self._sqlite.file.turn()  # raises StoreError for a handle that only reads
        return journal.checkpoint(self.path)

    def needs_checkpoint(self) -> bool:
        """Whether `checkpoint` would pay."""
        return journal.needs_checkpoint(self.path)

    def flush(self) -> None:
        """Returns when all that was written before is on disk."""
        self._sqlite.flush()

    def backup(self, target: str | os.PathLike[str]) -> None:
        """Writes a copy of the file, of one state, while everyone goes on."""
        with connected(self.path) as connection:
            connection.copy_to(Path(target))

    # TinyDB's calls that would read and write everything

    def tables(self) -> set[str]:
        """Returns the names of all tables."""
        with self._sqlite.reading():
            return self._documents.names()

    def drop_tables(self) -> None:
        """Drops all tables."""
        with self._sqlite.transaction(None):
            for name in self.tables():
                self.drop_table(name)

    def drop_table(self, name: str) -> None:
        """Drops a table, its archived documents too."""
        with self._sqlite.transaction(None):
            if self._documents.exists(name):
                self._documents.clear(name, drop=True)
        self._tables.pop(name, None)
