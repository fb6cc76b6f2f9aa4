"""The SQL of one table of documents: columns, indexes, counters, and the triggers that feed the list of changes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

By = str | tuple[str, ...]
"""The field, or the fields, that sort."""

FORMAT = 1
"""Of the tables below: files of a higher one are refused."""
APPLICATION_ID = 0x74440000
"""SQLite's mark of a program's files; the format stands in its low half."""

OWN_TABLES = (
    'CREATE TABLE "%tables" (name TEXT PRIMARY KEY, highest INTEGER NOT NULL, words TEXT NOT NULL) WITHOUT ROWID',
    'CREATE TABLE "%changes" (seq INTEGER PRIMARY KEY, name TEXT NOT NULL, doc_id INTEGER)',
    """CREATE TABLE "%counts" (name TEXT, field TEXT, archived INTEGER, value, n INTEGER,
    PRIMARY KEY (name, field, archived, value)) WITHOUT ROWID""",
)
"""Tables' names, highest ids and fields in the full-text index; what changed (doc_id NULL: everything); how many
documents have which value."""

NULL = b"\0"
"""Stands for null in the key of "%counts"."""
_OWN_COLUMNS = frozenset(("place", "doc_id", "archived", "crc", "doc"))
_ODD = re.compile(r'[A-Z%":\x00-\x1f\ud800-\udfff]|^(?=sqlite_)')


def escaped(name: str) -> str:
    """Returns a name that SQLite keeps apart from all others: to it, letters are the same in both cases."""
    if name in _OWN_COLUMNS:
        return f"%.{name}"
    return _ODD.sub(lambda match: f"%{ord(match[0]):x}." if match[0] else "%.", name)


def unescaped(name: str) -> str:
    return re.sub(r"%([0-9a-f]*)\.", lambda match: chr(int(match[1], 16)) if match[1] else "", name)


def quoted(name: str) -> str:
    return f'"{escaped(name)}"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


class Declared(NamedTuple):
    """What a program wants of the tables, by their names."""

    indexes: Mapping[str, Sequence[str]]
    ordered: Mapping[str, Sequence[tuple[str, By]]]
    counted: Mapping[str, Sequence[str]]
    searched: Mapping[str, Sequence[str]]


class Schema:
    """What is declared of a table, as SQL."""

    def __init__(
        self,
        name: str,
        fields: Sequence[str] = (),
        pairs: Sequence[tuple[str, By]] = (),
        counted: Sequence[str] = (),
        searched: Sequence[str] = (),
    ) -> None:
        """`fields` have columns and an index; `pairs` (field, by) are sorted; `counted` fields are kept counted; the
        words of `searched` fields are indexed."""
        self.name = name
        self.seed = zlib.crc32(name.encode("utf-8", "surrogatepass"))
        self.table = quoted(name)
        self.words = f'"{escaped(name)}:words"'
        self.fields = tuple(fields)
        self.pairs = tuple((field, (by,) if isinstance(by, str) else tuple(by)) for field, by in pairs)
        self.counted = tuple(counted)
        self.declared_words = tuple(searched)
        self.searched = self.declared_words
        """What is indexed in the file: another program may have declared other fields."""
        in_pairs = (part for field, by in self.pairs for part in (field, *by))
        self._set_columns([*fields, *counted, *in_pairs])

    def adopt(self, columns: Iterable[str]) -> None:
        """Keeps up columns that the table has and this program did not declare."""
        self._set_columns([*self.columns, *(unescaped(name) for name in columns if name not in _OWN_COLUMNS)])

    def _set_columns(self, fields: Iterable[str]) -> None:
        self.columns = {field: quoted(field) for field in fields}
        self.paths = {field: tuple(field.split(".")) for field in self.columns}
        names = ", ".join(["place", "doc_id", "archived", "crc", *self.columns.values(), "doc"])
        marks = ", ".join("?" * (5 + len(self.columns)))
        self.insert_sql = f"INSERT INTO {self.table} ({names}) VALUES ({marks})"

    def has_order(self, field: str, by: By) -> bool:
        return (field, (by,) if isinstance(by, str) else tuple(by)) in self.pairs

    def order_columns(self, by: By) -> list[str]:
        return [self.columns[field] for field in ((by,) if isinstance(by, str) else by)]

    # statements

    def create_table(self) -> str:
        columns = "".join(f"{column}, " for column in self.columns.values())
        return (
            f"CREATE TABLE IF NOT EXISTS {self.table} (place INTEGER PRIMARY KEY, doc_id INTEGER NOT NULL UNIQUE,"
            f" archived INTEGER NOT NULL, crc INTEGER NOT NULL, {columns}doc TEXT NOT NULL)"
        )

    def create_words(self) -> str:
        return (
            f"CREATE VIRTUAL TABLE {self.words} USING fts5(terms, tokenize='ascii', prefix='2', detail=none,"
            " columnsize=0, content='')"
        )

    def indexes_and_triggers(self) -> Iterator[tuple[str, str]]:
        """Yields (name, statement)."""
        yield self._index("archived")
        for field, by in self.pairs:
            yield self._index("archived", self.columns[field], *(self.columns[part] for part in by), "place", "doc_id")
        for field in dict.fromkeys(self.fields):
            if all(field != first for first, _ in self.pairs):
                yield self._index("archived", self.columns[field], "place", "doc_id")
        for event, row in (("INSERT", "new"), ("DELETE", "old"), ("UPDATE", "new")):
            feed = f'INSERT INTO "%changes" (name, doc_id) VALUES ({_literal(self.name)}, {row}.doc_id);'
            yield self._trigger("feed", f"AFTER {event}", feed)
        for field in self.counted:
            yield from self._counters(field)

    def count_all(self, field: str) -> str:
        """Counts a field of all documents, for `counted` fields that were declared later."""
        column = self.columns[field]
        return (
            f'INSERT OR REPLACE INTO "%counts" SELECT {_literal(self.name)}, {_literal(field)}, archived,'
            f" ifnull({column}, x'00'), count(*) FROM {self.table} GROUP BY 3, 4"
        )

    def counter_name(self, field: str) -> str:
        return f"{escaped(self.name)}:count:{escaped(field)}:insert"

    def _index(self, *columns: str) -> tuple[str, str]:
        name = ":".join(column.strip('"') for column in (self.table, *columns))
        return name, f'CREATE INDEX IF NOT EXISTS "{name}" ON {self.table} ({", ".join(columns)})'

    def _trigger(self, what: str, event: str, action: str) -> tuple[str, str]:
        name = f"{escaped(self.name)}:{what}:{event.split()[1].lower()}"
        return name, f'CREATE TRIGGER IF NOT EXISTS "{name}" {event} ON {self.table} BEGIN {action} END'

    def _counters(self, field: str) -> Iterator[tuple[str, str]]:
        column = self.columns[field]

        def add(row: str, number: int) -> str:
            key = f"{_literal(self.name)}, {_literal(field)}, {row}.archived, ifnull({row}.{column}, x'00')"
            return f'INSERT INTO "%counts" VALUES ({key}, {number}) ON CONFLICT DO UPDATE SET n = n + excluded.n;'

        what = f"count:{escaped(field)}"
        yield self._trigger(what, "AFTER INSERT", add("new", 1))
        yield self._trigger(what, "AFTER DELETE", add("old", -1))
        yield self._trigger(what, f"AFTER UPDATE OF archived, {column}", add("old", -1) + add("new", 1))
