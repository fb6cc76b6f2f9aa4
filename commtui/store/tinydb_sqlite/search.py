"""Finding the documents that say a word, a slice at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from commtui.store.tinydb_sqlite.documents import Row
from commtui.store.tinydb_sqlite.schema import Schema
from commtui.store.tinydb_sqlite.storage import SqliteStorage
from commtui.store.tinydb_sqlite.values import equal_to, id_list
from commtui.store.tinydb_sqlite.words import match_of, texts_of

SLICE = 500
"""Documents that are found at once: about a millisecond."""
SCANNED = 100
"""Documents that are read at once where the index cannot tell."""


class Among(NamedTuple):
    """The few documents whose indexed field has one of some texts."""

    field: str
    values: Sequence[str]


def find_text(
    storage: SqliteStorage, table: str, word: str, archived: int | None, among: Among | None = None
) -> Iterator[list[int]]:
    """Yields ids of the documents that say a casefolded word, and perhaps of a few others, the newest first.

    `among`: of these alone, as they are at the first slice. No lock is held between two slices: each is of the table
    as it is then."""
    schema = storage.documents.schema(table)
    with storage.reading():
        is_indexed = storage.documents.exists(table) and bool(schema.searched)
    search = _indexed if is_indexed and match_of(word) else _scanned
    yield from search(storage, schema, word, archived, among)


def _places(storage: SqliteStorage, schema: Schema, archived: int | None, among: Among) -> set[int]:
    condition, values = equal_to(list(among.values))
    where = f"archived IN ({'0, 1' if archived is None else archived}) AND {schema.columns[among.field]} {condition}"
    with storage.reading():
        if not storage.documents.exists(schema.name):
            return set()
        return set(storage.documents.numbers(f'SELECT place AS "%n" FROM {schema.table} WHERE {where}', (values,)))


def _last_place(storage: SqliteStorage, schema: Schema, archived: int) -> int:
    with storage.reading():
        sql = f"SELECT ifnull(max(place), 0) FROM {schema.table} WHERE archived = ?"
        return storage.connection.number(sql, (archived,)) if storage.documents.exists(schema.name) else 0


def _indexed(
    storage: SqliteStorage, schema: Schema, word: str, archived: int | None, among: Among | None
) -> Iterator[list[int]]:
    documents, match, first, before, size = storage.documents, match_of(word), 0, 1 << 62, SLICE
    few = None if among is None else _places(storage, schema, archived, among)
    if few is not None:
        first, before = min(few, default=1), max(few, default=0) + 1
    elif archived is not None:  # what is archived is the older part of a table
        before = _last_place(storage, schema, archived) + 1
    matching = f'SELECT rowid AS "%n" FROM {schema.words} WHERE {schema.words} MATCH ? AND rowid BETWEEN ? AND ?'
    matching += " ORDER BY rowid DESC LIMIT ?"
    chosen = f'SELECT doc_id AS "%n" FROM {schema.table} WHERE place IN (SELECT value FROM json_each(?))'
    chosen += "" if archived is None else " AND +archived = ?"
    while first < before:
        with storage.view():
            if not documents.exists(schema.name):
                return
            found = documents.numbers(matching, (match, first, before - 1, size))
            places = found if few is None else [place for place in found if place in few]
            more = () if archived is None else (archived,)
            ids = documents.numbers(f"{chosen} ORDER BY place DESC", (id_list(places), *more)) if places else []
        yield ids
        if len(found) < size:
            return
        before = found[-1]
        if any(len(part) == 1 for part in word.split()):  # FTS5 gathers all that begins so for each slice anew
            size *= 8


def _scanned(
    storage: SqliteStorage, schema: Schema, word: str, archived: int | None, among: Among | None
) -> Iterator[list[int]]:
    documents, before = storage.documents, 1 << 62
    where = "place < ? ORDER BY place DESC"
    few: tuple[str, ...] = ()
    if among is not None:
        where = f"place IN (SELECT value FROM json_each(?)) AND {where}"
        few = (id_list(_places(storage, schema, archived, among)),)
    elif archived is not None:
        where = f"archived = {archived} AND {where}"
    while True:
        with storage.reading():
            values = (*few, before)
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
