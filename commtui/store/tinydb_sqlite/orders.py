"""Sorted ids that are kept: after a change only the ids of what changed are moved."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, NamedTuple

from tinydb.utils import LRUCache

from commtui.store.tinydb_sqlite.schema import By, Schema
from commtui.store.tinydb_sqlite.storage import SqliteStorage
from commtui.store.tinydb_sqlite.values import Key, id_list

KEPT_ORDERS = 50
FEW = 100
"""Changed documents that are moved one by one: with more, SQLite sorts anew."""


class Order(NamedTuple):
    """Which ids of a table, and how they are sorted."""

    table: str
    field: str
    value: Key
    by: By
    archived: int


class _Kept:
    """The ids as they were when they were last asked for, and the documents that changed since."""

    def __init__(self, ids: array[int]) -> None:
        self.ids = ids
        self.changed: set[int] = set()


class Orders:
    """What is handed out never changes: it is replaced. Used under the handle's lock."""

    def __init__(self, storage: SqliteStorage) -> None:
        self._storage = storage
        self._documents = storage.documents
        self._kept: LRUCache[Order, _Kept] = LRUCache(KEPT_ORDERS)

    def ids(self, order: Order) -> Sequence[int]:
        """Returns all ids of an order. Catches up first."""
        self._note(order.table)
        if not self._documents.exists(order.table):
            return ()
        schema = self._documents.schema(order.table)
        kept = self._kept.get(order)
        if kept is None:
            ids = array("q", self._documents.numbers(*self._query(schema, order)))
            self._kept[order] = kept = _Kept(ids)
        elif kept.changed:
            kept.ids, kept.changed = self._moved(schema, order, kept), set()
        return kept.ids

    def _note(self, table: str) -> None:
        """Tells every kept order of a table what changed."""
        changed = self._storage.take_changed(table)
        if changed == set():
            return
        for order in [order for order in self._kept if order.table == table]:
            kept = self._kept.cache[order]  # reading it does not make it the last used one
            if changed is None or len(kept.changed | changed) > FEW:
                del self._kept[order]
            else:
                kept.changed |= changed

    def _query(self, schema: Schema, order: Order, more: str = "") -> tuple[str, tuple[Key, ...]]:
        columns = ", ".join((*schema.order_columns(order.by), "place"))
        where = f"{more}archived = ? AND {schema.columns[order.field]} IS ? ORDER BY {columns}"
        return f'SELECT doc_id AS "%n" FROM {schema.table} WHERE {where}', (order.archived, order.value)

    def _moved(self, schema: Schema, order: Order, kept: _Kept) -> array[int]:
        sql, values = self._query(schema, order, "doc_id IN (SELECT value FROM json_each(?)) AND +")
        present = self._documents.numbers(sql, (id_list(sorted(kept.changed)), *values))
        gone = kept.changed.intersection(kept.ids)
        moved = kept.ids[:]
        for doc_id in gone:
            moved.remove(doc_id)
        for doc_id in present:
            key = self._sort_key(schema, order, doc_id)
            if not moved or self._sort_key(schema, order, moved[-1]) < key:  # as a rule it is the newest
                moved.append(doc_id)
            else:
                place = bisect_left(moved, key, key=lambda other: self._sort_key(schema, order, other))
                moved.insert(place, doc_id)
        return moved

    def _sort_key(self, schema: Schema, order: Order, doc_id: int) -> tuple[tuple[int, Any], ...]:
        """Sorts as SQLite does: null, numbers, texts, the rest."""
        parts = ", ".join(f"{column}, typeof({column})" for column in schema.order_columns(order.by))
        row = self._documents.connection.one(f"SELECT {parts}, place FROM {schema.table} WHERE doc_id = ?", (doc_id,))
        ranks = {b"null": 0, b"integer": 1, b"real": 1, b"text": 2, b"blob": 3}
        values = zip(row[:-1:2], row[1::2], strict=True)
        return (*((ranks[kind], 0 if value is None else value) for value, kind in values), (1, row[-1]))
