"""TinyDB's Table over SQLite: the same calls and results, at the cost of what is touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any, cast

from tinydb.queries import QueryInstance, QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from commtui.store.tinydb_sqlite.documents import PAGE, Row
from commtui.store.tinydb_sqlite.queries import is_cacheable, prefilter
from commtui.store.tinydb_sqlite.storage import SqliteStorage
from commtui.store.tinydb_sqlite.values import dumps

FIRST_PAGE = 50
"""Rows that are read first: `get` wants one."""


def as_id(value: Any) -> int | None:
    """Returns a document's id; None for what cannot be one. TinyDB looks ids up as texts: "1" is 1, True is nothing."""
    if type(value) is not int:
        try:
            number = int(str(value))
        except ValueError:
            return None
        value = number if str(number) == str(value) else None
    return value if value is not None and abs(value) < 1 << 63 else None


class SqliteTable(Table):
    """Results stand in the order of insertion. TinyDB's cache of queries keeps ids, until the table changes."""

    def __init__(
        self, storage: Storage, name: str, cache_size: int = 10, persist_empty: bool = False, *, archived: bool = False
    ) -> None:
        """`archived`: a table of the archived documents, else of those that are not."""
        super().__init__(storage, name, cache_size, False)  # TinyDB's persist_empty EMPTIES a table that exists
        self._sqlite = cast(SqliteStorage, storage)
        self._documents = self._sqlite.documents
        self._archived = int(archived)
        self._schema = self._documents.schema(name)
        self._version = (0, 0)
        if persist_empty:
            with self._transaction():
                self._documents.prepare(name)

    def _transaction(self) -> AbstractContextManager[None]:
        self.clear_cache()
        return self._sqlite.transaction(None)

    # reading

    def _rows_by_id(self, doc_ids: Iterable[int]) -> list[Row]:
        if not self._documents.exists(self._name):
            return []
        return self._documents.rows_among(self._schema, "doc_id", list(doc_ids), self._archived)

    def _pages(self, cond: QueryLike | None = None) -> Iterator[list[Row]]:
        """Yields all rows that may match, in order; inside of a view or a transaction."""
        if not self._documents.exists(self._name):
            return
        condition = prefilter(getattr(cond, "_hash", None), self._schema.columns)
        if condition is None:
            yield from self._documents.pages(self._schema, self._archived, FIRST_PAGE)
            return
        sql = f'SELECT place AS "%n" FROM {self._schema.table} WHERE archived = ? AND {condition[0]}'
        places = sorted(self._documents.numbers(sql, (self._archived, *condition[1])))
        for begin in range(0, len(places), PAGE):
            yield self._documents.rows_among(self._schema, "place", places[begin : begin + PAGE], self._archived)

    def _matches(self, cond: QueryLike | None = None) -> Iterator[tuple[Row, Any]]:
        """Yields the rows that match, with their documents."""
        for page in self._pages(cond):
            for row in page:
                document = row.document()
                if cond is None or cond(document):
                    yield row, document

    def _as_document(self, row: Row) -> Document:
        return self.document_class(row.document(), self.document_id_class(row.doc_id))

    def search(self, cond: QueryLike) -> list[Document]:
        """Returns all documents that match."""
        with self._sqlite.view():
            version = self._sqlite.version(self._name)
            if version != self._version:
                self.clear_cache()
                self._version = version
            doc_ids = cast("list[int] | None", self._query_cache.get(cond))
            if doc_ids is not None:
                return [self._as_document(row) for row in self._rows_by_id(doc_ids)]
            matches = list(self._matches(cond))
            may_keep = getattr(cond, "is_cacheable", lambda: True)()
            if may_keep and (not isinstance(cond, QueryInstance) or is_cacheable(cond._hash)):
                self._query_cache[cond] = cast(Any, [row.doc_id for row, _ in matches])
        return [self.document_class(document, self.document_id_class(row.doc_id)) for row, document in matches]

    def get(self, cond: QueryLike | None = None, doc_id: int | None = None, doc_ids: list[int] | None = None) -> Any:
        """Returns one document by id or the first that matches; a list of documents by ids, in the table's order."""
        if doc_id is not None:
            number = as_id(doc_id)
            with self._sqlite.reading():
                rows = [] if number is None else self._rows_by_id([number])
            return self.document_class(rows[0].document(), doc_id) if rows else None
        with self._sqlite.view():
            if doc_ids is not None:
                numbers = [number for value in doc_ids if (number := as_id(value)) is not None]
                return [self._as_document(row) for row in self._rows_by_id(numbers)]
            if cond is not None:
                for row, document in self._matches(cond):
                    return self.document_class(document, self.document_id_class(row.doc_id))
                return None
        raise RuntimeError("You have to pass either cond or doc_id or doc_ids")

    def __len__(self) -> int:
        with self._sqlite.reading():
            if not self._documents.exists(self._name):
                return 0
            sql = f"SELECT count(*) FROM {self._schema.table} WHERE archived = ?"
            return self._sqlite.connection.number(sql, (self._archived,))

    def __iter__(self) -> Iterator[Document]:
        with self._sqlite.view():
            rows = [row for page in self._pages() for row in page]
        return map(self._as_document, rows)

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return {str(document.doc_id): document for document in self}

    # writing

    def insert(self, document: Mapping[str, Any]) -> int:
        """Stores a document; a `Document` under its own id, anything else under the next one. Returns the id."""
        return self.insert_multiple([document])[0]

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Stores all of them or none. Returns their ids. Raises ValueError for an id that is there."""
        added: dict[int, Mapping[str, Any]] = {}
        with self._transaction():
            highest = self._documents.highest(self._documents.prepare(self._name))
            for document in documents:
                if isinstance(document, self.document_class):
                    doc_id = document.doc_id
                elif isinstance(document, Mapping):
                    doc_id = highest + 1
                else:
                    raise ValueError("Document is not a Mapping")
                if doc_id in added:
                    raise ValueError(f"Document with ID {doc_id} already exists")
                added[doc_id] = document
                highest = max(highest, doc_id)
            self._insert(added)
        return list(added)

    def _insert(self, added: Mapping[int, Mapping[str, Any]]) -> None:
        try:
            with self._sqlite.transaction(None):
                self._documents.insert(self._name, added, self._archived)
        except sqlite3.IntegrityError as error:
            present = self._documents.rows_among(self._schema, "doc_id", list(added), None)
            if present:
                raise ValueError(f"Document with ID {present[0].doc_id} already exists") from error
            self._documents.remove_damaged(self._name, added)
            self._documents.insert(self._name, added, self._archived)

    def update(
        self,
        fields: Mapping[Any, Any] | Callable[[MutableMapping[Any, Any]], None],
        cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        """Changes the documents that match, or have these ids, or all. Returns their ids."""
        with self._transaction():
            if doc_ids is None:
                matches = {row.doc_id: (row, document) for row, document in self._matches(cond)}
                chosen = list(matches)
            else:
                chosen = list(doc_ids)
                rows = self._rows_by_id(doc_id for doc_id in chosen if type(doc_id) is int)
                matches = {row.doc_id: (row, row.document()) for row in rows}
                chosen = [doc_id for doc_id in chosen if doc_id in matches]
            for doc_id in chosen:
                document = matches[doc_id][1]
                fields(document) if callable(fields) else document.update(fields)
            self._write(matches.values())
        return chosen

    def _write(self, matches: Iterable[tuple[Row, Any]]) -> None:
        for row, document in matches:
            if dumps(document) != row.raw:
                self._documents.change(self._name, row, document, self._archived)

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        """Changes what matches (or the `Document` with that id), or stores it if there is nothing to change."""
        with self._transaction():
            return super().upsert(document, cond)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Removes what matches, or has these ids. Returns the ids that were removed."""
        if cond is None and doc_ids is None:
            raise RuntimeError("Use truncate() to remove all documents")
        with self._transaction():
            chosen = None if doc_ids is None else list(doc_ids)
            rows = [row for row, _ in self._matches(cond)] if chosen is None else self._rows_by_id(chosen)
            if rows:
                self._documents.remove(self._name, rows)
        present = {row.doc_id for row in rows}
        return [row.doc_id for row in rows] if chosen is None else [doc_id for doc_id in chosen if doc_id in present]

    def truncate(self) -> None:
        """Removes all documents, archived ones too."""
        with self._transaction():
            self._documents.clear(self._name, drop=False)

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        """What TinyDB's slower calls (update_multiple) change: compares every document."""
        with self._transaction():
            matches = {row.doc_id: (row, document) for row, document in self._matches()}
            table = {doc_id: document for doc_id, (_, document) in matches.items()}
            updater(table)
            if table.keys() != matches.keys():
                raise NotImplementedError("this call of TinyDB's adds or removes documents")
            self._write(matches.values())
