"""Tables of documents as rows: making tables, and reading and writing rows, in whatever transaction is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from commtui.store.tinydb_sqlite.connection import Connection
from commtui.store.tinydb_sqlite.errors import Damage
from commtui.store.tinydb_sqlite.schema import NULL, Declared, Schema, escaped
from commtui.store.tinydb_sqlite.values import Key, at_path, checksum, column_value, dumps, id_list, loads
from commtui.store.tinydb_sqlite.words import terms_of, texts_of

PAGE = 1000
"""Rows that are read at once."""


class Row(NamedTuple):
    """A document as it is stored."""

    place: int
    """Its place in the order of insertion."""
    doc_id: int
    raw: bytes

    def document(self) -> Any:
        return loads(self.raw)


class Documents:
    """One handle's tables. Used under the handle's lock."""

    def __init__(self, connection: Connection, declared: Declared) -> None:
        self.connection = connection
        self._declared = declared
        self._schemas: dict[str, Schema] = {}
        self._existing: set[str] = set()
        self._ready: set[str] = set()
        """Tables that have all that is declared."""
        self.damage: dict[Damage, None] = {}

    def forget_tables(self, name: str | None = None) -> None:
        """What is known of one table or of all may not hold any more."""
        for known in (self._existing, self._ready):
            known.clear() if name is None else known.discard(name)

    # tables

    def schema(self, name: str) -> Schema:
        if name not in self._schemas:
            indexes, ordered, counted, searched = self._declared
            self._schemas[name] = Schema(
                name, indexes.get(name, ()), ordered.get(name, ()), counted.get(name, ()), searched.get(name, ())
            )
        return self._schemas[name]

    def exists(self, name: str) -> bool:
        if name not in self._existing:
            row = self.connection.one('SELECT words FROM "%tables" WHERE name = ?', (name,))
            if row is None:
                return False
            schema = self.schema(name)
            schema.adopt(self._columns(schema))
            schema.searched = tuple(filter(None, row[0].decode().split("\n")))
            self._existing.add(name)
        return True

    def names(self) -> set[str]:
        return {name.decode() for (name,) in self.connection.all('SELECT name FROM "%tables"')}

    def outdated(self) -> list[str]:
        """Returns the existing tables that lack something that is declared."""
        declared = sorted({name for part in self._declared for name in part})
        return [name for name in declared if self.exists(name) and self._lacks(self.schema(name))]

    def _lacks(self, schema: Schema) -> bool:
        outdated_words = schema.declared_words not in ((), schema.searched)
        return outdated_words or bool(self._missing_fields(schema) or self._missing_parts(schema))

    def prepare(self, name: str, *, rebuild: bool = False) -> Schema:
        """Returns a table's schema, for writing: makes what is declared and missing. `rebuild`: the words, too, where
        others than the declared fields are indexed."""
        schema = self.schema(name)
        if name in self._ready and not rebuild:
            return schema
        is_new = not self.exists(name)
        self.connection.run(schema.create_table())
        schema.adopt(self._columns(schema))
        self._add_columns(schema, self._missing_fields(schema))
        for part_name, statement in self._missing_parts(schema):
            self.connection.run(statement)
            for field in schema.counted:
                if part_name == schema.counter_name(field):
                    self.connection.run(schema.count_all(field))
        if is_new or (rebuild and schema.declared_words not in ((), schema.searched)):
            highest = 'ifnull((SELECT highest FROM "%tables" WHERE name = ?1), 0)'
            sql = f'INSERT OR REPLACE INTO "%tables" VALUES (?1, {highest}, ?2)'
            self.connection.run(sql, (name, "\n".join(schema.declared_words)))
            self._index_words(schema)
        self._existing.add(name)
        self._ready.add(name)
        return schema

    def _columns(self, schema: Schema) -> list[str]:
        return [row[1].decode() for row in self.connection.all(f"PRAGMA table_info({schema.table})")]

    def _missing_fields(self, schema: Schema) -> list[str]:
        present = set(self._columns(schema))
        return [field for field, column in schema.columns.items() if column.strip('"') not in present]

    def _missing_parts(self, schema: Schema) -> list[tuple[str, str]]:
        """The indexes and triggers that the file lacks, as (name, statement)."""
        sql = "SELECT name FROM sqlite_master WHERE tbl_name = ?"
        present = {name.decode() for (name,) in self.connection.all(sql, (escaped(schema.name),))}
        return [(name, statement) for name, statement in schema.indexes_and_triggers() if name not in present]

    def _add_columns(self, schema: Schema, fields: list[str]) -> None:
        for field in fields:
            self.connection.run(f"ALTER TABLE {schema.table} ADD COLUMN {schema.columns[field]}")
        assignments = ", ".join(f"{schema.columns[field]} = ?" for field in fields)
        for rows in self.pages(schema) if fields else ():
            values = []
            for row in rows:
                document = row.document()
                values.append([*(column_value(at_path(document, schema.paths[field])) for field in fields), row.place])
            self.connection.run_many(f"UPDATE {schema.table} SET {assignments} WHERE place = ?", values)

    def _index_words(self, schema: Schema) -> None:
        schema.searched = schema.declared_words
        self.connection.run(f"DROP TABLE IF EXISTS {schema.words}")
        if schema.searched:
            self.connection.run(schema.create_words())
            for rows in self.pages(schema):
                self.add_words(schema, [(row.place, row.document()) for row in rows])

    # reading

    def numbers(self, sql: str, values: Sequence[Any] = ()) -> list[int]:
        """Returns the column "%n" of a SELECT: as one text, which is quicker than as many rows."""
        numbers: list[int] = loads(self.connection.one(f'SELECT json_group_array("%n") FROM ({sql})', values)[0])
        return numbers

    def count(self, schema: Schema, where: str, values: Sequence[Any]) -> int:
        """Returns how many rows `where` chooses; the last of the values is the most that are counted, -1: all."""
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {schema.table} WHERE {where} LIMIT ?)"
        return self.connection.number(sql, values) if self.exists(schema.name) else 0

    def page(self, schema: Schema, where: str, values: Sequence[Any], limit: int) -> tuple[list[Row], int | None]:
        """Returns the sound rows among those that `where` chooses, and the last place of all of them; None: there are
        none. Notes those that are damaged."""
        sql = f"SELECT place, doc_id, archived, crc, doc FROM {schema.table} WHERE {where} LIMIT ?"
        rows, seed, place = [], schema.seed, None
        for place, doc_id, archived, crc, raw in self.connection.all(sql, (*values, limit)):
            if type(raw) is bytes and checksum(seed, doc_id, archived, raw) == crc:
                rows.append(Row(place, doc_id, raw))
            else:
                self.damage[Damage(schema.name, doc_id)] = None
        return rows, place

    def pages(self, schema: Schema, archived: int | None = None, first: int = PAGE) -> Iterator[list[Row]]:
        """Yields all rows in the order of insertion, a page at a time, the first one of `first` rows. Inside of a view
        or a transaction they are of one state."""
        where = "place > ? ORDER BY place" if archived is None else "archived = ? AND place > ? ORDER BY place"
        flag = () if archived is None else (archived,)
        rows, last = self.page(schema, where, (*flag, 0), first)
        while last is not None:
            yield rows
            rows, last = self.page(schema, where, (*flag, last), PAGE)

    def rows_among(self, schema: Schema, column: str, numbers: Sequence[int], archived: int | None) -> list[Row]:
        """Returns the rows whose id or place (`column`) is among some, in the order of insertion."""
        if not numbers:
            return []
        # the + keeps SQLite from walking through all that are not archived
        condition, more = ("", ()) if archived is None else (" AND +archived = ?", (archived,))
        if len(numbers) == 1:
            return self.page(schema, f"{column} = ?{condition}", (numbers[0], *more), -1)[0]
        where = f"{column} IN (SELECT value FROM json_each(?)){condition} ORDER BY +place"
        return self.page(schema, where, (id_list(numbers), *more), -1)[0]

    def highest(self, schema: Schema) -> int:
        """Returns the highest id that was ever given."""
        present = self.connection.number(f"SELECT ifnull(max(doc_id), 0) FROM {schema.table}")
        removed = self.connection.one('SELECT highest FROM "%tables" WHERE name = ?', (schema.name,))
        return max(present, removed[0] if removed else 0)

    def counts(self, name: str, field: str, archived: int) -> dict[Any, int]:
        """Returns how many documents have each value of an indexed field, lists and objects left out."""
        schema = self.schema(name)
        column = schema.columns[field]
        if field in schema.counted:
            sql = (
                'SELECT value, n, typeof(value) FROM "%counts" WHERE archived = ? AND name = ? AND field = ? AND n > 0'
            )
            rows = self.connection.all(sql, (archived, name, field))
        elif self.exists(name):
            sql = f"SELECT {column}, count(*), typeof({column}) FROM {schema.table} WHERE archived = ? GROUP BY 1"
            rows = self.connection.all(sql, (archived,))
        else:
            rows = []
        return {
            value.decode() if kind == b"text" else None if value == NULL else value: number
            for value, number, kind in rows
            if kind != b"blob" or value == NULL
        }

    # writing

    def insert(self, name: str, documents: Mapping[int, Mapping[str, Any]], archived: int = 0) -> None:
        """Adds documents. Raises sqlite3.IntegrityError for an id that is there."""
        schema = self.prepare(name)
        place = self.connection.number(f"SELECT ifnull(max(place), 0) FROM {schema.table}")
        rows: list[tuple[Key, ...]] = []
        words = []
        for new_place, (doc_id, document) in enumerate(documents.items(), place + 1):
            raw = dumps(document)
            keys = [column_value(at_path(document, path)) for path in schema.paths.values()]
            crc = checksum(schema.seed, doc_id, archived, raw)
            rows.append((new_place, doc_id, archived, crc, *keys, raw.decode()))
            words.append((new_place, document))
        self.connection.run_many(schema.insert_sql, rows)
        self.add_words(schema, words)

    def change(self, name: str, row: Row, document: Mapping[str, Any], archived: int) -> None:
        """Gives a document another content; writes only the columns that differ."""
        schema, before, raw = self.prepare(name), row.document(), dumps(document)
        columns = ""
        values: list[Key] = [checksum(schema.seed, row.doc_id, archived, raw), raw.decode()]
        for field, path in schema.paths.items():
            old, new = column_value(at_path(before, path)), column_value(at_path(document, path))
            if old != new or type(old) is not type(new):
                columns += f", {schema.columns[field]} = ?"
                values.append(new)
        self.connection.run(
            f"UPDATE {schema.table} SET crc = ?, doc = ?{columns} WHERE place = ?", (*values, row.place)
        )
        if schema.searched and texts_of(before, schema.searched) != texts_of(document, schema.searched):
            self.remove_words(schema, [(row.place, before)])
            self.add_words(schema, [(row.place, document)])

    def remove(self, name: str, rows: Iterable[Row]) -> None:
        schema = self.prepare(name)
        rows, highest = list(rows), self.highest(schema)
        self.connection.run_many(f"DELETE FROM {schema.table} WHERE place = ?", [(row.place,) for row in rows])
        if any(row.doc_id == highest for row in rows):  # an id is never given twice
            self.connection.run('UPDATE "%tables" SET highest = ? WHERE name = ?', (highest, name))
        if schema.searched:
            self.remove_words(schema, [(row.place, row.document()) for row in rows])

    def remove_damaged(self, name: str, doc_ids: Iterable[int]) -> None:
        """Removes those of some documents that cannot be read, so that they can be written anew."""
        schema = self.prepare(name)
        for doc_id in doc_ids:
            if not self.rows_among(schema, "doc_id", [doc_id], None):
                self.connection.run(f"DELETE FROM {schema.table} WHERE doc_id = ?", (doc_id,))

    def move(self, name: str, doc_ids: Iterable[int], archived: int) -> None:
        """Moves documents into the archive, or out of it."""
        sql = f"UPDATE {self.prepare(name).table} SET archived = ?, crc = crc + ? WHERE doc_id = ? AND archived <> ?"
        step = (1 if archived else -1) << 32
        self.connection.run_many(sql, [(archived, step, doc_id, archived) for doc_id in doc_ids])

    def clear(self, name: str, *, drop: bool) -> None:
        """Removes all documents; with `drop` the table, too."""
        schema = self.prepare(name)
        self.connection.run(f"DELETE FROM {schema.table}")
        if schema.searched:
            self.connection.run(f"INSERT INTO {schema.words} ({schema.words}) VALUES ('delete-all')")
        self.connection.run('INSERT INTO "%changes" (name, doc_id) VALUES (?, NULL)', (name,))
        self.connection.run('UPDATE "%tables" SET highest = 0 WHERE name = ?', (name,))
        if drop:
            self.connection.run('DELETE FROM "%tables" WHERE name = ?', (name,))
            self.forget_tables(name)

    def add_words(self, schema: Schema, documents: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
        """Indexes the words of documents: (place, document)."""
        if schema.searched:
            terms = [(place, terms_of(document, schema.searched)) for place, document in documents]
            self.connection.run_many(f"INSERT INTO {schema.words} (rowid, terms) VALUES (?, ?)", terms)

    def remove_words(self, schema: Schema, documents: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
        """Takes the words of documents, as they were indexed, out of the index: (place, document)."""
        terms = [(place, terms_of(document, schema.searched)) for place, document in documents]
        self.connection.run_many(
            f"INSERT INTO {schema.words} ({schema.words}, rowid, terms) VALUES ('delete', ?, ?)", terms
        )
