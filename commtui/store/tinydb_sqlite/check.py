"""Verifies a store's file: SQLite's structure, every document's checksum, and the counts; repairs what is not sound."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from commtui.store.tinydb_sqlite.connection import Connection, connected, set_up
from commtui.store.tinydb_sqlite.errors import Damage, StoreDamaged, StoreError, StoreMissing, translated
from commtui.store.tinydb_sqlite.files import TurnLock, finish_replacement, flush_file, put_in_place
from commtui.store.tinydb_sqlite.journal_pages import damaged_journal_pages, read_journal
from commtui.store.tinydb_sqlite.schema import APPLICATION_ID, FORMAT, Schema, escaped, quoted
from commtui.store.tinydb_sqlite.values import checksum

MOST_PROBLEMS = 100
ROWS = 500
"""Those that are read at once."""


@dataclass(frozen=True)
class Salvage:
    """What a repair brought over."""

    kept: Path
    """Where the damaged file is."""
    documents: int
    lost: tuple[Damage, ...]
    """Documents that were there and could not be read."""


@dataclass(frozen=True)
class Report:
    """What was found, and what was done about it."""

    path: Path
    size: int
    """Bytes."""
    documents: int = 0
    """Those that can be read."""
    damaged: tuple[Damage, ...] = ()
    """Documents that cannot be read."""
    counts: tuple[str, ...] = ()
    """Tables whose kept counts are wrong."""
    structure: tuple[str, ...] = ()
    """What SQLite says of its own pages: for a log."""
    journal: int = 0
    """Sound pages in the journal after a damaged one: SQLite cannot use them."""
    salvage: Salvage | None = None
    """What a repair brought over, if there was one."""

    @property
    def is_sound(self) -> bool:
        return not (self.damaged or self.counts or self.structure or self.journal)


def check(path: Path, *, repair: bool = False, tables: Sequence[str] = ()) -> Report:
    """Verifies a file while others use it. With `repair`, and if anything is wrong: writes what can be read into a
    fresh file, puts that in its place while all writers wait, and keeps the damaged one beside it. Other handles go on
    with the fresh file by themselves. `tables`: names that a repair goes by where the file's list cannot be read.

    Raises StoreError if the disk is full or the file is not there, StoreDamaged if a repair finds nothing: a damaged
    head of the file is not mended."""
    path = Path(path)
    try:
        finish_replacement(path)
    except OSError as error:
        raise translated(error, path) from error
    if not path.exists():
        raise StoreMissing(path, "no such file")
    journal = damaged_journal_pages(read_journal(path))
    if journal and repair:  # closing a connection would remove the journal before it is kept
        size, salvage = path.stat().st_size, _repair(path, tables)
        return Report(path, size, salvage.documents, salvage.lost, journal=journal, salvage=salvage)
    report = replace(_verify(path), journal=journal)
    return replace(report, salvage=_repair(path, tables)) if repair and not report.is_sound else report


def _verify(path: Path) -> Report:
    damaged, counts, structure, documents = [], [], [], 0
    try:
        with connected(path) as connection:
            if connection.number("PRAGMA application_id") != APPLICATION_ID | FORMAT:
                structure.append("the head is not a store's")
            problems = connection.all(f"PRAGMA integrity_check({MOST_PROBLEMS})")
            structure += [problem.decode("utf-8", "replace") for (problem,) in problems if problem != b"ok"]
            for name in _table_names(connection):
                connection.run("BEGIN")  # others go on writing
                table = _Table(connection, name)
                documents += sum(map(len, table.sound_rows()))
                damaged += table.damaged()
                connection.run("COMMIT")
            for name in _table_names(connection):
                connection.run("BEGIN")
                counts += [] if _counts_fit(connection, name) else [name]
                connection.run("COMMIT")
            _check_words(connection)
    except StoreDamaged as error:
        structure.append(error.what)
    return Report(path, path.stat().st_size, documents, tuple(damaged), tuple(counts), tuple(structure))


def _table_names(connection: Connection) -> list[str]:
    return [name.decode() for (name,) in connection.all('SELECT name FROM "%tables" ORDER BY name')]


def _check_words(connection: Connection) -> None:
    """Raises StoreDamaged if a full-text index is not sound. In turns: SQLite takes its lock for it."""
    for name in _table_names(connection):
        words = Schema(name).words
        if connection.all("SELECT 1 FROM sqlite_master WHERE name = ?", (words.strip('"'),)):
            with closing(TurnLock(connection.path)) as turn, turn.taken():
                connection.run(f"INSERT INTO {words} ({words}) VALUES ('integrity-check')")


def _counts_fit(connection: Connection, table: str) -> bool:
    """Whether what triggers counted is what can be counted."""
    for (raw,) in connection.all('SELECT DISTINCT field FROM "%counts" WHERE name = ?', (table,)):
        sql = 'SELECT archived, value, n FROM "%counts" WHERE name = ? AND field = ? AND n <> 0'
        by_triggers = connection.all(sql, (table, raw.decode()))
        value = f"ifnull({quoted(raw.decode())}, x'00')"
        counted = connection.all(f"SELECT archived, {value}, count(*) FROM {quoted(table)} GROUP BY 1, 2")
        if sorted(map(repr, by_triggers)) != sorted(map(repr, counted)):
            return False
    return True


class _Table:
    """Reads what can be read of a table, and knows what cannot."""

    def __init__(self, connection: Connection, name: str) -> None:
        self.schema = Schema(name)
        self._connection = connection
        self._unread: set[int] = set()
        """Ids of documents that are there, as far as is known, and were not read."""

    def sound_rows(self) -> Iterator[list[tuple[Any, ...]]]:
        """Yields rows as they are stored, some at a time."""
        table = self.schema.table
        index = f'{table} INDEXED BY "sqlite_autoindex_{escaped(self.schema.name)}_1"'  # of the ids
        self._unread = {doc_id for (doc_id,) in self._attempt(f"SELECT doc_id FROM {index}")}
        last = self._attempt(f"SELECT max(place) FROM {table}") or self._attempt(f"SELECT max(place) FROM {index}")
        for rows in self._read(1, last[0][0] or 0) if last else ():
            yield [row for row in rows if self._is_sound(row)]

    def _read(self, first: int, last: int) -> Iterator[list[Any]]:
        """Yields the rows of a range of places; where that cannot be read, those of its halves."""
        sql = f"SELECT place, doc_id, archived, crc, doc FROM {self.schema.table} NOT INDEXED"
        while first <= last:
            try:
                rows = self._connection.all(f"{sql} WHERE place BETWEEN ? AND ? LIMIT {ROWS}", (first, last))
            except StoreDamaged:
                if first < last:
                    middle = (first + last) // 2
                    yield from self._read(first, middle)
                    yield from self._read(middle + 1, last)
                return
            yield rows
            if len(rows) < ROWS:
                return
            first = max(first, rows[-1][0]) + 1

    def _is_sound(self, row: tuple[Any, ...]) -> bool:
        _, doc_id, archived, crc, raw = row
        if type(raw) is bytes and checksum(self.schema.seed, doc_id, archived, raw) == crc:
            self._unread.discard(doc_id)
            return True
        self._unread.add(doc_id)
        return False

    def damaged(self) -> list[Damage]:
        return [Damage(self.schema.name, doc_id) for doc_id in sorted(self._unread)]

    def highest_given(self) -> int:
        """Returns the highest id that was ever given and is known apart from the documents."""
        rows = self._attempt('SELECT highest FROM "%tables" WHERE name = ?', (self.schema.name,))
        return max((highest for (highest,) in rows), default=0)

    def _attempt(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Returns the rows; none if they cannot be read."""
        try:
            return self._connection.all(sql, values)
        except StoreError:  # damaged, or the table is not there
            return []


def _repair(path: Path, tables: Sequence[str]) -> Salvage:
    """For a file that is not sound. All writers wait meanwhile. Raises StoreError (StoreDamaged if nothing of a store
    is left in it); then the file is as before."""
    fresh = Path(f"{path}.repairing")
    _remove_store(fresh)
    try:
        with closing(TurnLock(path)) as turn, turn.taken():
            kept = _keep_aside(path)
            try:
                documents, lost = _bring_over(path, fresh, tables)
                with open(fresh, "rb") as file:
                    flush_file(file.fileno())
                put_in_place(fresh, path)
            except BaseException:  # raised again: whatever ended it, no half copy stays
                _remove_store(fresh)
                _remove_store(kept)
                raise
    except OSError as error:
        raise translated(error, path) from error
    return Salvage(kept, documents, lost)


def _remove_store(path: Path) -> None:
    for name in (path, f"{path}-wal", f"{path}-shm", f"{path}-journal"):
        Path(name).unlink(missing_ok=True)


def _keep_aside(path: Path) -> Path:
    """Gives the file a second name, which stays with it, and copies its journal. The file itself must not be opened but
    by SQLite: where this process has it open, closing it would free SQLite's locks."""
    number = 1
    while Path(f"{path}.damaged-{number}").exists():
        number += 1
    kept = Path(f"{path}.damaged-{number}")
    os.link(path, kept)
    if Path(f"{path}-wal").exists():
        shutil.copyfile(f"{path}-wal", f"{kept}-wal")
    return kept


def _bring_over(damaged: Path, fresh: Path, tables: Sequence[str]) -> tuple[int, tuple[Damage, ...]]:
    """Returns how many documents were brought over, and those that could not be read. Reads the file under its own
    name: where others have it open, their index of the journal has also what stands after a damaged page."""
    os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    lost, documents = [], 0
    with closing(Connection(damaged, mode="ro")) as source, closing(Connection(fresh)) as target:
        set_up(target)
        target.run(f"PRAGMA user_version={source.number('PRAGMA user_version')}")
        try:
            names: Sequence[str] = _table_names(source)
        except StoreError:
            names = tables
        for name in names:
            table = _Table(source, name)
            target.run(table.schema.create_table())
            target.run("BEGIN")
            insert = table.schema.insert_sql.replace("INSERT", "INSERT OR IGNORE")  # damaged pages may repeat rows
            for rows in table.sound_rows():
                target.run_many(insert, [(None, *row[1:4], row[4].decode()) for row in rows])
            count, highest = target.one(f"SELECT count(*), ifnull(max(doc_id), 0) FROM {table.schema.table}")
            given = table.highest_given()
            # words and columns are made anew by whoever declares them
            target.run("INSERT INTO \"%tables\" VALUES (?, ?, '')", (name, max(highest, given)))
            target.run("COMMIT")
            documents += count
            lost += table.damaged()
    if not documents and not lost:
        raise StoreDamaged(damaged, "nothing of a store is left in it")
    return documents, tuple(lost)
