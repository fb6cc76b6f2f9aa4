"""Finding the documents that say a word, a slice at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from commtui.store.tinydb_sqlite.documents import Row
from commtui.store.tinydb_sqlite.schema import Schema
from commtui.store.tinydb_sqlite.storage import SqliteStorage
from commtui.store.tinydb_sqlite.values import id_list
from commtui.store.tinydb_sqlite.words import match_of, texts_of

SLICE = 500
"""Documents that are found at once: about a millisecond."""
SCANNED = 100
"""Documents that are read at once where the index cannot tell."""


def find_text(storage: SqliteStorage, table: str, word: str, archived: int | None) -> Iterator[list[int]]:
    """Yields ids of the documents that say a casefolded word, and perhaps of a few others, the newest first.

    No lock is held between two slices: each is of the table as it is then."""
    schema = storage.documents.schema(table)
    with storage.reading():
        is_indexed = storage.documents.exists(table) and bool(schema.searched)
    search = _indexed if is_indexed and match_of(word) else _scanned
    yield from search(storage, schema, word, archived)


def _indexed(storage: SqliteStorage, schema: Schema, word: str, archived: int | None) -> Iterator[list[int]]:
    documents, match, before, size = storage.documents, match_of(word), 1 << 62, SLICE
    matching = f'SELECT rowid AS "%n" FROM {schema.words} WHERE {schema.words} MATCH ? AND rowid < ?'
    matching += " ORDER BY rowid DESC LIMIT ?"
    chosen = f'SELECT doc_id AS "%n" FROM {schema.table} WHERE place IN (SELECT value FROM json_each(?))'
    chosen += "" if archived is None else " AND +archived = ?"
    while True:
        with storage.view():
            if not documents.exists(schema.name):
                return
            places = documents.numbers(matching, (match, before, size))
            more = () if archived is None else (archived,)
            ids = documents.numbers(f"{chosen} ORDER BY place DESC", (id_list(places), *more))
        yield ids
        if len(places) < size:
            return
        before = places[-1]
        if any(len(part) == 1 for part in word.split()):  # FTS5 gathers all that begins so for each slice anew
            size *= 8


def _scanned(storage: SqliteStorage, schema: Schema, word: str, archived: int | None) -> Iterator[list[int]]:
    documents, before = storage.documents, 1 << 62
    where = "place < ? ORDER BY place DESC" if archived is None else "archived = ? AND place < ? ORDER BY place DESC"
    while True:
        with storage.reading():
            values = (before,) if archived is None else (archived, before)
            rows, last = documents.page(schema, where, values, SCANNED) if documents.exists(schema.name) else ([], None)
        if last is None:
            return
        yield [row.doc_id for row in rows if _says(row, schema, word)]
        before = last


def _says(row: Row, schema: Schema, word: str) -> bool:
    document = row.document()
    texts = texts_of(document, schema.searched) if schema.searched else _all_texts(document)
    return any(word in text.casefold() for text in texts)


def _all_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _all_texts(part)
