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


class Between(NamedTuple):
    """The documents whose indexed field, a text, is from one text to another, both included."""

    field: str
    least: str
    most: str


class Chosen(NamedTuple):
    """Which documents are looked at. `archived` None: archived or not."""

    archived: bool | None = None
    among: Among | None = None
    between: Between | None = None


EVERY, CURRENT = Chosen(), Chosen(archived=False)


def find_text(storage: SqliteStorage, table: str, word: str, chosen: Chosen) -> Iterator[list[int]]:
    """Yields ids of the documents that say a casefolded word, and perhaps of a few others, the newest first.

    `chosen.among` are those that are there at the first slice. No lock is held between two slices: each is of the table
    as it is then."""
    schema = storage.documents.schema(table)
    with storage.reading():
        is_indexed = storage.documents.exists(table) and bool(schema.searched)
    search = _indexed if is_indexed and match_of(word) else _scanned
    yield from search(storage, schema, word, chosen)


def _archived(chosen: Chosen) -> str:
    return "0, 1" if chosen.archived is None else str(int(chosen.archived))


def _between(schema: Schema, chosen: Chosen) -> tuple[str, tuple[str, ...]]:
    """Returns a condition, and its values."""
    if chosen.between is None:
        return "", ()
    return f" AND {schema.columns[chosen.between.field]} BETWEEN ? AND ?", chosen.between[1:]


def _few(storage: SqliteStorage, schema: Schema, chosen: Chosen) -> set[int] | None:
    """Returns the places of the few documents that are to be looked at; None: they may be many."""
    if chosen.among is None:
        return None
    condition, values = equal_to(list(chosen.among.values))
    where = f"archived IN ({_archived(chosen)}) AND {schema.columns[chosen.among.field]} {condition}"
    with storage.reading():
        if not storage.documents.exists(schema.name):
            return set()
        return set(storage.documents.numbers(f'SELECT place AS "%n" FROM {schema.table} WHERE {where}', (values,)))


def _last_place(storage: SqliteStorage, schema: Schema, chosen: Chosen) -> int:
    """Returns the last place of these documents: the archived ones are the older part."""
    with storage.reading():
        where = "" if chosen.archived is None else f" WHERE archived = {int(chosen.archived)}"
        sql = f"SELECT ifnull(max(place), 0) FROM {schema.table}{where}"
        return storage.connection.number(sql) if storage.documents.exists(schema.name) else 0


def _indexed(storage: SqliteStorage, schema: Schema, word: str, chosen: Chosen) -> Iterator[list[int]]:
    documents, match, size = storage.documents, match_of(word), SLICE
    few, (more, values) = _few(storage, schema, chosen), _between(schema, chosen)
    first = 0 if few is None else min(few, default=1)
    last = _last_place(storage, schema, chosen) if few is None else max(few, default=0)
    matching = f'SELECT rowid AS "%n" FROM {schema.words} WHERE {schema.words} MATCH ? AND rowid BETWEEN ? AND ?'
    matching += " ORDER BY rowid DESC LIMIT ?"
    documents_at = f'SELECT doc_id AS "%n" FROM {schema.table} WHERE place IN (SELECT value FROM json_each(?))'
    documents_at += f" AND +archived IN ({_archived(chosen)}){more} ORDER BY place DESC"
    while first <= last:
        with storage.view():
            if not documents.exists(schema.name):
                return
            found = documents.numbers(matching, (match, first, last, size))
            places = found if few is None else [place for place in found if place in few]
            ids = documents.numbers(documents_at, (id_list(places), *values)) if places else []
        yield ids
        if len(found) < size:
            return
        last = found[-1] - 1
        if any(len(part) == 1 for part in word.split()):  # FTS5 gathers all that begins so for each slice anew
            size *= 8


def _scanned(storage: SqliteStorage, schema: Schema, word: str, chosen: Chosen) -> Iterator[list[int]]:
    documents, before, few = storage.documents, 1 << 62, _few(storage, schema, chosen)
    more, values = _between(schema, chosen)
    where = "place < ?" if chosen.archived is None else f"archived = {int(chosen.archived)} AND place < ?"
    if few is not None:
        where, values = f"{where} AND place IN (SELECT value FROM json_each(?))", (id_list(few), *values)
    where += f"{more} ORDER BY place DESC"
    while True:
        with storage.reading():
            if not documents.exists(schema.name):
                return
            rows, last = documents.page(schema, where, (before, *values), SCANNED)
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
