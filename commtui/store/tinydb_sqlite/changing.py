"""Many documents changed by a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from commtui.store.tinydb_sqlite.documents import Documents
from commtui.store.tinydb_sqlite.schema import Schema
from commtui.store.tinydb_sqlite.values import Key, at_path, checksum, column_value, dumps, id_list
from commtui.store.tinydb_sqlite.words import texts_of

Change = tuple[int, Mapping[str, Any], Mapping[str, Any]]
"""A document's id, the document as it is stored, and as it is to be."""


def change_each(documents: Documents, name: str, changes: Iterable[Change]) -> None:
    """Gives documents of a table other contents: one statement for each set of columns that differ."""
    schema = documents.prepare(name)
    rows: defaultdict[tuple[str, ...], list[list[Key]]] = defaultdict(list)
    reworded: list[Change] = []
    for doc_id, before, document in changes:
        raw = dumps(document)
        differing = {
            schema.columns[field]: column_value(at_path(document, path))
            for field, path in schema.paths.items()
            if before.get(path[0]) != document.get(path[0])
        }
        crc = checksum(schema.seed, doc_id, 0, raw)
        rows[tuple(differing)].append([crc, raw.decode(), *differing.values(), doc_id])
        if schema.searched and texts_of(before, schema.searched) != texts_of(document, schema.searched):
            reworded.append((doc_id, before, document))
    for columns, some in rows.items():
        assignments = "".join(f", {column} = ?" for column in columns)
        sql = f"UPDATE {schema.table} SET crc = ? + (archived << 32), doc = ?{assignments} WHERE doc_id = ?"
        documents.connection.run_many(sql, some)
    if reworded:
        _index_again(documents, schema, reworded)


def _index_again(documents: Documents, schema: Schema, changes: Iterable[Change]) -> None:
    sql = f"SELECT doc_id, place FROM {schema.table} WHERE doc_id IN (SELECT value FROM json_each(?))"
    places = dict(documents.connection.all(sql, (id_list(doc_id for doc_id, _, _ in changes),)))
    documents.remove_words(schema, [(places[doc_id], before) for doc_id, before, _ in changes])
    documents.add_words(schema, [(places[doc_id], document) for doc_id, _, document in changes])
