"""Sorted ids that are kept: after a change only the ids of what changed are moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from tinydb.utils import LRUCache

from commtui.store.tinydb_sqlite.schema import By, Schema
from commtui.store.tinydb_sqlite.sorted_ids import SortedIds, SortKey
from commtui.store.tinydb_sqlite.storage import SqliteStorage
from commtui.store.tinydb_sqlite.values import Key, id_list, loads

KEPT_ORDERS = 50
FEW = 100
SHARE = 8
MOVED = 500
"""Changed documents that are moved: up to FEW, or as many as one of SHARE and no more than MOVED. With more, SQLite
sorts anew, which costs less and can be done in slices. While it does, one of SHARE are: else it would never end where
another process writes."""
_RANKS = {b"null": 0, b"integer": 1, b"real": 1, b"text": 2, b"blob": 3}


NOTHING: Mapping[int, SortKey] = {}


class Order(NamedTuple):
    """Which ids of a table, and how they are sorted."""

    table: str
    field: str
    value: Key
    by: By
    archived: int


class _Kept:
    """The ids as they were when they were last asked for, and the documents that changed since."""

    def __init__(self) -> None:
        self.ids: SortedIds | None = None
        self.reading: SortedIds | None = SortedIds()
        """The ids as far as they were read; None: `ids` has them all."""
        self.last: Sequence[Key] = ()
        """Field and place of the last that was read, as they were then."""
        self.changed: set[int] = set()
        """Documents that changed since `ids`, or while these are read: they may have been read in an earlier place."""
        self.newest: int | None = None
        """The highest place in the order of insertion when `ids` were brought up to date; None: they were just read."""
        self.joined: tuple[SortedIds, tuple[int, ...], SortedIds] | None = None
        """`ids`, others, and both joined; None: anything may have changed since."""

    def note(self, changed: set[int] | None) -> None:
        """Takes in what changed; None: anything may have."""
        self.joined = None
        if changed is not None:
            self.changed |= changed
            share = len(self.ids or ()) // SHARE
            if len(self.changed) <= max(FEW, share if self.reading is not None else min(share, MOVED)):
                return
        self.reading, self.last, self.changed = SortedIds(), (), set()


class Orders:
    """What is handed out never changes: it is replaced. Used under the handle's lock."""

    def __init__(self, storage: SqliteStorage) -> None:
        self._storage = storage
        self._documents = storage.documents
        self._kept: LRUCache[Order, _Kept] = LRUCache(KEPT_ORDERS)

    def ids(self, order: Order, at_once: int | None = None, also: Sequence[int] = ()) -> SortedIds:
        """Returns all ids of an order. Catches up first.

        `at_once`: how many are read at most, if they must be read anew; until all are, the next calls go on, and those
        from before are returned, else those read so far, whose `is_whole` is False. `also`: a few documents that belong
        to another order, and are put among these by what sorts them."""
        ids = self._own_ids(order, at_once)
        if not also:
            return ids
        kept, also = self._kept.cache[order], tuple(also)
        if kept.joined is None or kept.joined[0] is not ids or kept.joined[1] != also:
            schema = self._documents.schema(order.table)
            joined = ids.updated(also, also, lambda some: self._keys(schema, order, some), lambda key: True)
            kept.joined = ids, also, joined
        return kept.joined[2]

    def is_reading(self, order: Order) -> bool:
        """Whether the next call goes on reading ids anew."""
        kept = self._kept.cache.get(order)
        return kept is not None and kept.reading is not None and self._documents.exists(order.table)

    def _own_ids(self, order: Order, most: int | None) -> SortedIds:
        self._note(order.table)
        kept = self._kept.get(order)
        if kept is None:
            self._kept[order] = kept = _Kept()
        if not self._documents.exists(order.table):
            return SortedIds()
        schema = self._documents.schema(order.table)
        if kept.reading is not None:
            kept.reading = self._read_on(schema, order, kept, kept.reading, most)
            if not kept.reading.is_whole:
                return kept.ids or kept.reading
            kept.ids, kept.reading, kept.last, kept.newest = kept.reading, None, (), None
        assert kept.ids is not None
        if kept.changed:
            kept.ids = self._updated(schema, order, kept.ids, kept)
            kept.changed = set()
        kept.newest = self._documents.connection.number(f"SELECT ifnull(max(place), 0) FROM {schema.table}")
        return kept.ids

    def _note(self, table: str) -> None:
        """Tells every kept order of a table what changed."""
        changed = self._storage.take_changed(table)
        if changed == set():
            return
        for order in [order for order in self._kept if order.table == table]:
            self._kept.cache[order].note(changed)  # reading it does not make it the last used one

    def _query(self, schema: Schema, order: Order, more: str = "") -> tuple[str, list[Key]]:
        columns = ", ".join((*schema.order_columns(order.by), "place"))
        where = f"archived = ? AND {schema.columns[order.field]} IS ?{more} ORDER BY {columns}"
        return f'SELECT doc_id AS "%n" FROM {schema.table} WHERE {where}', [order.archived, order.value]

    def _read_on(self, schema: Schema, order: Order, kept: _Kept, read: SortedIds, most: int | None) -> SortedIds:
        """Returns the ids that were read, and at most `most` more."""
        column, *others = schema.order_columns(order.by)
        after = ""
        if others:
            most = None
        elif kept.last:
            after = f" AND ({column}, place) > (?, ?)"
            if kept.last[0] is None:
                after = f" AND ({column} IS NOT NULL OR ({column} IS ?, place) > (1, ?))"
        sql, values = self._query(schema, order, after)
        numbers = self._documents.numbers(f"{sql} LIMIT ?", [*values, *kept.last, -1 if most is None else most])
        if numbers:
            sql = f"SELECT {column}, typeof({column}), place FROM {schema.table} WHERE doc_id = ?"
            value, kind, place = self._documents.connection.one(sql, (numbers[-1],))
            kept.last = value.decode() if kind == b"text" else value, place
        unchanged = numbers  # the others are put in at the end
        if kept.changed:
            unchanged = [doc_id for doc_id in numbers if doc_id not in kept.changed]
        ids = SortedIds.of(unchanged, lambda some: self._keys(schema, order, some))
        return read.followed_by(ids, is_whole=most is None or len(numbers) < most)

    def _updated(self, schema: Schema, order: Order, ids: SortedIds, kept: _Kept) -> SortedIds:
        here = f"archived = ? AND {schema.columns[order.field]} IS ?"
        rows = self._sort_rows(schema, order, kept.changed, here, (order.archived, order.value))
        known = {row[0]: _sort_key(row[2:]) for row in rows}
        newest = kept.newest
        return ids.updated(
            kept.changed,
            {row[0] for row in rows if row[1]},
            lambda some: self._keys(schema, order, some, known),
            None if newest is None else lambda key: key[-1] > newest,
        )

    def _keys(
        self, schema: Schema, order: Order, doc_ids: Collection[int], known: Mapping[int, SortKey] = NOTHING
    ) -> Mapping[int, SortKey]:
        """What sorts some documents as SQLite does: null, numbers, texts, the rest; then the order of insertion.

        `known`: keys that were read already."""
        keys = {doc_id: known[doc_id] for doc_id in doc_ids if doc_id in known}
        missing = [doc_id for doc_id in doc_ids if doc_id not in keys]
        return {**keys, **{row[0]: _sort_key(row[2:]) for row in self._sort_rows(schema, order, missing)}}

    def _sort_rows(
        self, schema: Schema, order: Order, doc_ids: Collection[int], more: str = "0", values: Sequence[Key] = ()
    ) -> list[Any]:
        """Of some documents: the id, the value of an expression, what sorts them with its types, and the place."""
        if not doc_ids:
            return []
        columns, where = schema.order_columns(order.by), "doc_id IN (SELECT value FROM json_each(?))"
        parts = ", ".join(f"{column}, typeof({column})" for column in columns)
        values = (*values, id_list(doc_ids))
        # as one text: between two rows a thread that computes gets its turn, and keeps it for a while
        is_plain = " AND ".join(f"typeof({column}) IN ('text', 'integer', 'null')" for column in columns)
        fields = f"json(iif({is_plain}, json_array(doc_id, {more}, {parts}, place), NULL))"
        sql = f"SELECT json_group_array({fields}) FROM {schema.table} WHERE {where}"
        rows = loads(self._documents.connection.one(sql, values)[0])
        if None not in rows:
            return [[value.encode() if type(value) is str else value for value in row] for row in rows]
        sql = f"SELECT doc_id, {more}, {parts}, place FROM {schema.table} WHERE {where}"
        return self._documents.connection.all(sql, values)


def _sort_key(row: Sequence[Any]) -> SortKey:
    values = zip(row[:-1:2], row[1:-1:2], strict=True)
    return (*((_RANKS[kind], 0 if value is None else value) for value, kind in values), row[-1])
