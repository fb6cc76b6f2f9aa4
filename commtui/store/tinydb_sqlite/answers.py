"""What the database answers from columns and indexes, without reading documents. `archived` None: archived or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from commtui.store.tinydb_sqlite.orders import Order, Orders, range_condition
from commtui.store.tinydb_sqlite.schema import NULL, By, Schema
from commtui.store.tinydb_sqlite.search import find_text
from commtui.store.tinydb_sqlite.storage import SqliteStorage
from commtui.store.tinydb_sqlite.values import column_value, id_list


def _flags(archived: bool | None) -> tuple[int, int]:
    return (0, 1) if archived is None else (int(archived), int(archived))


class IndexAnswers:
    """The part of the database that reads. A field that a document lacks counts as null."""

    def __init__(self, storage: SqliteStorage) -> None:
        self._sqlite = storage
        self._orders: dict[str, Orders] = {}

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
        """Returns the ids of the documents whose `field` is `value`, sorted by (`by`, id): null, numbers, texts by
        code point. At most `limit`, where the first field of `by` is at least `at_least` and below `below`.

        With none of these all ids are kept for the next call. Raises KeyError for a pair that was not declared."""
        schema, order = self._order(table, field, value, by, archived)
        documents = self._sqlite.documents
        with self._sqlite.reading():
            if not documents.exists(table):
                return ()
            if limit is None and at_least is None and below is None and not reverse:
                return self._orders_of(table).ids(order)
            condition, bounds = range_condition(schema, by, at_least, below)
            sql = f"SELECT doc_id AS n FROM {schema.table} WHERE {order.where(schema)}{condition}"
            sql += f" ORDER BY {order.order_by(schema, reverse=reverse)} LIMIT ?"
            return documents.numbers(sql, (order.archived, order.value, *bounds, -1 if limit is None else limit))

    def count_ordered(
        self,
        table: str,
        field: str,
        value: Any,
        by: By,
        *,
        at_least: Any = None,
        below: Any = None,
        archived: bool = False,
    ) -> int:
        """Returns how many ids `ordered` has without a limit."""
        schema, order = self._order(table, field, value, by, archived)
        condition, bounds = range_condition(schema, by, at_least, below)
        with self._sqlite.reading():
            if not self._sqlite.documents.exists(table):
                return 0
            sql = f"SELECT count(*) FROM {schema.table} WHERE {order.where(schema)}{condition}"
            return self._sqlite.connection.number(sql, (order.archived, order.value, *bounds))

    def _order(self, table: str, field: str, value: Any, by: By, archived: bool) -> tuple[Schema, Order]:
        schema = self._sqlite.documents.schema(table)
        if not schema.has_order(field, by):
            raise KeyError((field, by))
        return schema, Order(field, column_value(value), by, int(archived))

    def _orders_of(self, table: str) -> Orders:
        self._sqlite.catch_up()
        if table not in self._orders:
            documents = self._sqlite.documents
            self._orders[table] = Orders(documents, documents.schema(table))
            self._sqlite.feed.listen(table, self._orders[table].hear)
        return self._orders[table]

    def having(self, table: str, field: str, value: Any, *, archived: bool | None = False) -> list[int]:
        """Returns the ids of the documents whose indexed `field` is `value`, in the order of insertion."""
        column = self._sqlite.documents.schema(table).columns[field]
        where = f"archived IN (?, ?) AND {column} IS ? ORDER BY place"
        return self._numbers(table, "doc_id", where, (*_flags(archived), column_value(value)))

    def ids_between(
        self,
        table: str,
        first: int,
        last: int,
        *,
        archived: bool | None = False,
        limit: int = -1,
        reverse: bool = False,
    ) -> list[int]:
        """Returns the ids from `first` to `last`, both included, sorted; at most `limit`."""
        where = f"+archived IN (?, ?) AND doc_id BETWEEN ? AND ? ORDER BY doc_id{' DESC' if reverse else ''} LIMIT ?"
        return self._numbers(table, "doc_id", where, (*_flags(archived), first, last, limit))

    def _numbers(self, table: str, column: str, where: str, values: Sequence[Any]) -> list[int]:
        documents = self._sqlite.documents
        with self._sqlite.reading():
            if not documents.exists(table):
                return []
            return documents.numbers(f"SELECT {column} AS n FROM {documents.schema(table).table} WHERE {where}", values)

    def counts(self, table: str, field: str, *, archived: bool = False) -> Mapping[Any, int]:
        """Returns how many documents have each value of an indexed field; lists and objects are not counted."""
        documents, schema = self._sqlite.documents, self._sqlite.documents.schema(table)
        column = schema.columns[field]
        with self._sqlite.reading():
            if not documents.exists(table):
                return {}
            if field in schema.counted:
                sql = 'SELECT value, n, typeof(value) FROM "%counts" WHERE name = ? AND field = ? AND archived = ?'
                rows = self._sqlite.connection.all(f"{sql} AND n > 0", (table, field, int(archived)))
            else:
                sql = f"SELECT {column}, count(*), typeof({column}) FROM {schema.table} WHERE archived = ? GROUP BY 1"
                rows = self._sqlite.connection.all(sql, (int(archived),))
        return {
            value.decode() if kind == b"text" else None if value == NULL else value: number
            for value, number, kind in rows
            if kind != b"blob" or value == NULL
        }

    def raw(self, table: str, doc_id: int, *, archived: bool | None = False) -> bytes | None:
        """Returns a document's JSON as it is stored; None if there is no such document, or if it is damaged."""
        return self.raws(table, [doc_id], archived=archived).get(doc_id)

    def raws(self, table: str, doc_ids: Sequence[int], *, archived: bool | None = None) -> dict[int, bytes]:
        """Returns the JSON of some documents by their ids, in the order of insertion."""
        documents = self._sqlite.documents
        with self._sqlite.reading():
            if not documents.exists(table):
                return {}
            flag = None if archived is None else int(archived)
            rows = documents.rows_among(documents.schema(table), "doc_id", doc_ids, flag)
        return {row.doc_id: row.raw for row in rows}

    def is_archived(self, table: str, doc_id: int) -> bool:
        """Whether there is such a document and it is archived."""
        return bool(self._numbers(table, "archived", "doc_id = ? AND +archived = 1", (doc_id,)))

    def values_of(self, table: str, field: str, doc_ids: Sequence[int]) -> list[Any]:
        """Returns an indexed field of some documents, archived or not, in the order of insertion: no document is read.

        What is neither a text nor a number nor null is left out."""
        documents = self._sqlite.documents
        column = documents.schema(table).columns[field]
        with self._sqlite.reading():
            if not documents.exists(table):
                return []
            where = "doc_id IN (SELECT value FROM json_each(?)) ORDER BY place"
            sql = f"SELECT {column}, typeof({column}) FROM {documents.schema(table).table} WHERE {where}"
            rows = self._sqlite.connection.all(sql, (id_list(doc_ids),))
        return [value.decode() if kind == b"text" else value for value, kind in rows if kind != b"blob"]

    def find_text(self, table: str, word: str, *, archived: bool | None = False) -> Iterator[list[int]]:
        """Yields the ids of the documents whose declared fields say a casefolded word, and perhaps of a few others: the
        newest first, in slices of about a millisecond, each of the table as it is then.

        A word of one ASCII letter, and any where no fields are declared, is looked for by reading."""
        return find_text(self._sqlite, table, word, None if archived is None else int(archived))
