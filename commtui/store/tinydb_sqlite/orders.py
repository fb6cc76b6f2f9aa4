"""Sorted ids of one table, kept: after a change only the ids of what changed are moved."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, NamedTuple

from commtui.store.tinydb_sqlite.changes import Ids, joined
from commtui.store.tinydb_sqlite.documents import Documents
from commtui.store.tinydb_sqlite.schema import By, Schema
from commtui.store.tinydb_sqlite.values import Key, column_value, id_list

FEW = 100
"""Changed documents that are moved one by one: with more, SQLite sorts anew."""

SortKey = tuple[tuple[int, Any], ...]


class Order(NamedTuple):
    """Which ids, and how they are sorted."""

    field: str
    value: Key
    by: By
    archived: int

    def where(self, schema: Schema) -> str:
        return f"archived = ? AND {schema.columns[self.field]} IS ?"

    def order_by(self, schema: Schema, *, reverse: bool = False) -> str:
        direction = " DESC" if reverse else ""
        return ", ".join(f"{column}{direction}" for column in (*schema.order_columns(self.by), "doc_id"))


def range_condition(schema: Schema, by: By, at_least: Any, below: Any) -> tuple[str, list[Key]]:
    """Returns the condition that the first field that sorts lies in a range, where one is given."""
    column = schema.order_columns(by)[0]
    bounds = [(sign, column_value(bound)) for sign, bound in ((">=", at_least), ("<", below)) if bound is not None]
    return "".join(f" AND {column} {sign} ?" for sign, _ in bounds), [bound for _, bound in bounds]


class Orders:
    """What is handed out never changes: it is replaced. Used under the handle's lock, after catching up."""

    def __init__(self, documents: Documents, schema: Schema) -> None:
        self._documents, self._schema = documents, schema
        self._kept: dict[Order, array[int]] = {}
        self._changed: Ids = set()

    def hear(self, changed: Ids) -> None:
        self._changed = joined(self._changed, changed, FEW)

    def ids(self, order: Order) -> Sequence[int]:
        if self._changed is None:
            self._kept.clear()
        elif self._changed:
            self._kept = {known: self._moved(known, ids, self._changed) for known, ids in self._kept.items()}
        self._changed = set()
        if order not in self._kept:
            sql = f"SELECT doc_id AS n FROM {self._schema.table} WHERE {order.where(self._schema)}"
            sql += f" ORDER BY {order.order_by(self._schema)}"
            self._kept[order] = array("q", self._documents.numbers(sql, (order.archived, order.value)))
        return self._kept[order]

    def _moved(self, order: Order, ids: array[int], changed: set[int]) -> array[int]:
        where = f"doc_id IN (SELECT value FROM json_each(?)) AND +{order.where(self._schema)}"
        sql = f"SELECT doc_id AS n FROM {self._schema.table} WHERE {where} ORDER BY {order.order_by(self._schema)}"
        present = self._documents.numbers(sql, (id_list(sorted(changed)), order.archived, order.value))
        gone = changed.intersection(ids)
        moved = array("q", [doc_id for doc_id in ids if doc_id not in gone]) if gone else ids[:]
        for doc_id in present:
            key = self._sort_key(order, doc_id)
            if not moved or self._sort_key(order, moved[-1]) < key:  # as a rule it is the newest
                moved.append(doc_id)
            else:
                moved.insert(bisect_left(moved, key, key=lambda other: self._sort_key(order, other)), doc_id)
        return moved

    def _sort_key(self, order: Order, doc_id: int) -> SortKey:
        """Sorts as SQLite does: null, numbers, texts, the rest."""
        columns = self._schema.order_columns(order.by)
        parts = ", ".join(f"{column}, typeof({column})" for column in columns)
        row = self._documents.connection.one(f"SELECT {parts} FROM {self._schema.table} WHERE doc_id = ?", (doc_id,))
        ranks = {b"null": 0, b"integer": 1, b"real": 1, b"text": 2, b"blob": 3}
        values = zip(row[::2], row[1::2], strict=True)
        return (*((ranks[kind], 0 if value is None else value) for value, kind in values), (1, doc_id))
