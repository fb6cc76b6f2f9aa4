"""TinyDB's Table over the journal: the same calls and results, at the cost of what is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, cast

from tinydb.queries import QueryInstance, QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from commtui.store.journal.base import Base
from commtui.store.journal.cache import QueryCache
from commtui.store.journal.format import dumps, loads
from commtui.store.journal.found import Found
from commtui.store.journal.queries import cacheable, candidates
from commtui.store.journal.state import Row, in_order
from commtui.store.journal.storage import JournalStorage
from commtui.store.journal.views import Overlay, TableView, as_id, checked_id


class JournalTable(Table):
    """A TinyDB table.

    Results stand in the order in which documents were inserted, as in TinyDB: an update keeps a document's place,
    removing it and inserting it again puts it last; ids need not grow. Documents are decoded anew for each result:
    changing one changes nothing else. Ids that TinyDB gives are never given twice, not even after a removal or by
    another process (TinyDB's may be), until the table is truncated or dropped.
    """

    def __init__(self, storage: Storage, name: str, cache_size: int = 10, persist_empty: bool = False) -> None:
        # TinyDB's persist_empty EMPTIES a table that exists, so it is not passed on.
        super().__init__(storage, name, cache_size, False)
        self._journal = cast(JournalStorage, storage)
        self._cache = QueryCache(self._query_cache, self._journal, name, cache_size)
        if persist_empty and not self._journal.state(name).exists:
            with self._transaction():
                if not self._journal.state(name).exists:
                    self._journal.change("c", name, 0)

    def _transaction(self) -> AbstractContextManager[None]:
        return self._journal.transaction(None)

    # -- reading

    def _read_table(self) -> Any:
        self._journal.refresh()
        return TableView(self._journal, self._name)

    def __len__(self) -> int:
        self._journal.refresh()
        return len(self._journal.state(self._name))

    def __iter__(self) -> Iterator[Document]:
        self._journal.refresh()
        for ident, document in TableView(self._journal, self._name).rows():
            yield self.document_class(document, self.document_id_class(ident))

    def _matching(self, cond: QueryLike) -> tuple[Base, Iterator[tuple[Row, dict[str, Any]]]]:
        """Rows that match, in order, each with its document; and the snapshot that they stand on."""
        journal, name = self._journal, self._name
        with journal.lock:
            state = journal.state(name)
            base = state.base
            found = candidates(getattr(cond, "_hash", None), journal.indexes(name))
            rows = iter(found) if found is not None else state.frozen()()

        def matches() -> Iterator[tuple[Row, dict[str, Any]]]:
            for row in rows:
                raw = row[2]
                if raw is None:
                    raw = base.raw(row[0])
                    if raw is None:
                        journal.lose(name, base, row[0])
                        continue
                document = loads(raw)
                if cond(document):
                    yield row, document

        return base, matches()

    def documents(self, base: Base, rows: Iterable[Row]) -> list[Document]:
        """The rows, decoded; those whose line in the snapshot is damaged are left out."""
        documents = []
        for position, ident, raw in rows:
            if raw is None:
                raw = base.raw(position)
                if raw is None:
                    self._journal.lose(self._name, base, position)
                    continue
            documents.append(self.document_class(loads(raw), self.document_id_class(ident)))
        return documents

    def _found(self, cond: QueryLike) -> tuple[Base, list[Row]]:
        """What matches now: from the cache, brought up to date, or by running the query."""
        journal = self._journal
        journal.refresh()
        with journal.lock:
            base = journal.state(self._name).base
            rows = self._cache.get(cond)
            if rows is not None:
                return base, rows
            version = self._cache.version
        base, matches = self._matching(cond)
        rows = [row for row, _ in matches]
        with journal.lock:
            if isinstance(cond, QueryInstance):
                may = cacheable(cond._hash)
            else:
                may = getattr(cond, "is_cacheable", lambda: True)()  # as in TinyDB
            if may and version == self._cache.version:
                self._cache.put(cond, rows)
        return base, rows

    def search(self, cond: QueryLike) -> list[Document]:
        """All documents that match, decoded. `find` does not decode what is not looked at."""
        return self.documents(*self._found(cond))

    def find(self, cond: QueryLike) -> Found:
        """What `search` finds, as a sequence that decodes a document when it is taken out. After a change, costs what
        changed."""
        base, rows = self._found(cond)
        return Found(self, base, rows)

    def count(self, cond: QueryLike) -> int:
        """How many documents match."""
        return len(self._found(cond)[1])

    def get(  # type: ignore[override]
        self,
        cond: QueryLike | None = None,
        doc_id: int | None = None,
        doc_ids: list[int] | None = None,
    ) -> Document | list[Document] | None:
        """One document by id or the first that matches; a list of documents by ids, in the table's order."""
        journal = self._journal
        journal.refresh()
        if doc_id is not None:
            ident = as_id(doc_id)
            raw = None if ident is None else journal.raw(self._name, ident)
            return None if raw is None else self.document_class(loads(raw), doc_id)
        if doc_ids is not None:
            with journal.lock:
                state = journal.state(self._name)
                wanted = {ident for key in doc_ids if (ident := as_id(key)) is not None}
                rows = sorted((row for ident in wanted if (row := state.row(ident)) is not None), key=in_order)
                base = state.base
            return self.documents(base, rows)
        if cond is not None:
            for row, document in self._matching(cond)[1]:
                return self.document_class(document, self.document_id_class(row[1]))
            return None
        raise RuntimeError("You have to pass either cond or doc_id or doc_ids")

    def contains(self, cond: QueryLike | None = None, doc_id: int | None = None) -> bool:
        """Whether there is such a document."""
        if doc_id is not None:
            self._journal.refresh()
            ident = as_id(doc_id)
            with self._journal.lock:
                return ident is not None and self._journal.state(self._name).has(ident)
        if cond is not None:
            return self.get(cond) is not None
        raise RuntimeError("You have to pass either cond or doc_id")

    def forget(self) -> None:
        """The table was dropped."""
        self.clear_cache()

    def clear_cache(self) -> None:
        """Forgets all results."""
        with self._journal.lock:
            self._cache.clear()

    # -- writing

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        with self._transaction():
            overlay = Overlay(self._journal, self._name)
            updater(overlay)
            overlay.write()
            self._cache.retire()

    def insert(self, document: Mapping[str, Any]) -> int:
        """Stores a document; a `Document` under its own id, anything else under the next one."""
        return self.insert_multiple([document])[0]

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Stores all of them or none."""
        made: dict[int, bytes] = {}
        with self._transaction():
            state = self._journal.state(self._name)
            highest = state.highest
            for document in documents:
                if isinstance(document, self.document_class):
                    ident = checked_id(document.doc_id)
                    if ident in made or state.has(ident):
                        raise ValueError(f"Document with ID {ident} already exists")
                elif isinstance(document, Mapping):
                    ident = checked_id(highest + 1)
                else:
                    raise ValueError("Document is not a Mapping")
                if ident > highest:
                    highest = ident
                made[ident] = dumps(document)
            if made:
                self._journal.insert(self._name, made)
            self._cache.retire()
        return list(made)

    def update(
        self,
        fields: Mapping[str, Any] | Callable[[Any], None],
        cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        """Changes the documents that match, or have these ids, or all; returns their ids."""
        journal, name = self._journal, self._name
        touched: dict[int, tuple[bytes, dict[str, Any]]] = {}
        changed: list[int] = []
        with self._transaction():
            for ident in self._chosen(cond, doc_ids, touched):
                document = touched[ident][1]
                if callable(fields):
                    fields(document)
                else:
                    document.update(fields)
                changed.append(ident)
            for ident, (before, document) in touched.items():
                raw = dumps(document)
                if raw != before:
                    journal.change("p", name, ident, raw)
            self._cache.retire()
        return changed

    def _chosen(
        self,
        cond: QueryLike | None,
        doc_ids: Iterable[int] | None,
        touched: dict[int, tuple[bytes, dict[str, Any]]],
    ) -> Iterator[int]:
        """The ids that an update is about; puts the JSON and the document of each into `touched`."""
        journal, name = self._journal, self._name
        if doc_ids is None:
            if cond is not None:
                doc_ids = [row[1] for row, _ in self._matching(cond)[1]]
            else:
                doc_ids = [row[1] for row in journal.state(name).frozen()()]
        for ident in list(doc_ids):
            if ident not in touched:
                raw = journal.raw(name, ident) if type(ident) is int else None
                if raw is None:
                    continue
                touched[ident] = raw, loads(raw)
            yield ident

    def update_multiple(
        self, updates: Iterable[tuple[Mapping[str, Any] | Callable[[Any], None], QueryLike]]
    ) -> list[int]:
        """Applies each (fields, query) in turn to each document."""
        steps = list(updates)
        changed: list[int] = []
        journal, name = self._journal, self._name
        with self._transaction():
            for ident, document in list(TableView(journal, name).rows()) if steps else ():
                hits = 0
                for fields, cond in steps:
                    if cond(document):
                        hits += 1
                        if callable(fields):
                            fields(document)
                        else:
                            document.update(fields)
                if hits:
                    changed += [ident] * hits
                    raw = dumps(document)
                    if raw != journal.raw(name, ident):
                        journal.change("p", name, ident, raw)
            self._cache.retire()
        return changed

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        """Changes what matches (or the `Document` with that id), or stores it if there is nothing to change."""
        with self._transaction():
            return super().upsert(document, cond)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Removes what matches, or has these ids; returns the ids that were removed."""
        with self._transaction():
            if doc_ids is None and cond is not None:
                doc_ids = [row[1] for row, _ in self._matching(cond)[1]]
            return super().remove(None, doc_ids)
