"""Reads records by type, from what is current and from the archive: what the accessors of this package stand on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from commtui.model import ids
from commtui.store import codec
from commtui.store.schema import BY_LETTER, Document, table_of
from commtui.store.tinydb_sqlite import SqliteDB

R = TypeVar("R", bound=Struct)
PAGE: Final = 500
"""Documents that are read at once."""
MOST_ID: Final = (1 << 63) - 1


class Reader:
    """One handle on the database. Every call may raise StoreError."""

    def __init__(self, db: SqliteDB) -> None:
        self.db = db

    def document(self, table: str, number: int) -> Document | None:
        """A document with its derived fields, wherever it is; None if there is none."""
        raw = self.db.raw(table, number, archived=None)
        return None if raw is None else msgspec.json.decode(raw)

    def field(self, table: str, number: int, name: str) -> str:
        """A text in a document; empty if there is no such document, or null in it."""
        document = self.document(table, number)
        return str(document[name] or "") if document is not None else ""

    def get(self, kind: type[R], identity: str) -> R | None:
        """The record with this id; None also for what is no id."""
        try:
            number = ids.number(identity)
        except ValueError:
            return None
        return self.at(kind, number)

    def at(self, kind: type[R], number: int) -> R | None:
        """The record with this doc_id."""
        raw = self.db.raw(table_of(kind).name, number, archived=None)
        return None if raw is None else codec.from_json(kind, raw)

    def get_each(self, kind: type[R], identities: Iterable[str]) -> dict[str, R]:
        """Those records of some ids that are there, by their ids, in the order of the ids; by one statement."""
        numbers = {identity: ids.number(identity) for identity in identities}
        documents = self.db.raws(table_of(kind).name, list(numbers.values()))
        return {
            identity: codec.from_json(kind, documents[number])
            for identity, number in numbers.items()
            if number in documents
        }

    def records(self, kind: type[R], numbers: Iterable[int]) -> Iterator[R]:
        """The records with these doc_ids, each read when it is asked for; those that are gone are left out."""
        records = (self.at(kind, number) for number in numbers)
        return (record for record in records if record is not None)

    def each(self, kind: type[R], numbers: Sequence[int]) -> list[R]:
        """The records with these doc_ids that are there, in this order; by a few statements."""
        table = table_of(kind).name
        found: list[R] = []
        for start in range(0, len(numbers), PAGE):
            page = numbers[start : start + PAGE]
            documents = self.db.raws(table, page)
            found += [codec.from_json(kind, documents[number]) for number in page if number in documents]
        return found

    def find(self, kind: type[R], field: str, value: str) -> list[R]:
        """The records whose indexed `field` is `value`, archived ones included, in the order in which they came."""
        table = table_of(kind).name
        documents = self.db.raws(table, self.db.having(table, field, value, archived=None))
        return [codec.from_json(kind, raw) for raw in documents.values()]

    def ordered(self, kind: type[R], field: str, value: str, by: str, most: int | None = None) -> list[R]:
        """The records of a declared order, at most `most`: current ones, or if there are none, archived ones."""
        table = table_of(kind).name
        numbers: Sequence[int] = ()
        for archived in (False, True):
            numbers = numbers or self.db.ordered(table, field, value, by, limit=most, archived=archived)
        documents = self.db.raws(table, numbers)
        return [codec.from_json(kind, documents[number]) for number in numbers if number in documents]

    def all(self, kind: type[R]) -> list[R]:
        """All current records: for small tables."""
        return [codec.from_document(kind, dict(document)) for document in self.db.table(table_of(kind).name)]

    def each_document(self, table: str, archived: bool | None = None) -> Iterator[tuple[int, bytes]]:
        """Every doc_id of a table with the JSON of its document, in the order of the ids, damaged ones left out.

        `archived`: only those that are, or are not, in the archive."""
        first = 0
        while numbers := self.db.ids_between(table, first, MOST_ID, archived=archived, limit=PAGE):
            documents = self.db.raws(table, numbers)
            yield from ((number, documents[number]) for number in numbers if number in documents)
            first = numbers[-1] + 1

    def with_prefix(self, prefix: str, most: int) -> list[str]:
        """At most `most` of the ids that begin with `prefix`, in order."""
        bounds, table = ids.prefix_range(prefix), BY_LETTER.get(prefix[:1])
        if bounds is None or table is None:
            return []
        matching: list[str] = []
        for number in self.db.ids_between(table.name, *bounds, archived=None):
            identity = ids.from_number(prefix[0], number)
            if len(table.letters) == 1 or self.field(table.name, number, "id") == identity:
                matching.append(identity)
                if len(matching) == most:
                    break
        return matching
