"""Brings what can be read of a damaged file over into a fresh one, which then takes its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commtui.store.tinydb_sqlite import carving
from commtui.store.tinydb_sqlite.connection import PAGE_SIZE, Connection, set_up
from commtui.store.tinydb_sqlite.errors import Damage, StoreDamaged, StoreError, translated
from commtui.store.tinydb_sqlite.files import TurnLock, flush_file, put_in_place
from commtui.store.tinydb_sqlite.schema import Schema, escaped
from commtui.store.tinydb_sqlite.values import checksum

RANGE = 500
"""Places that are read at once."""
ROWS_OF_A_PAGE = 100
"""More than fit a page of SQLite's: tells how far to look if the end of a table cannot be read."""


@dataclass(frozen=True)
class Salvage:
    """What a repair brought over."""

    kept: Path
    """Where the damaged file is."""
    documents: int
    lost: tuple[Damage, ...]
    """Documents that were there and could not be read."""


def repair_file(path: Path) -> Salvage:
    """For a file that is not sound. All writers wait meanwhile. Raises StoreError (StoreDamaged if nothing of a store
    is left in it); then the file is as before."""
    fresh = Path(f"{path}.repairing")
    _remove_store(fresh)
    try:
        with closing(TurnLock(path)) as turn, turn.taken():
            kept = _keep_aside(path)
            try:
                documents, lost = _bring_over(kept, fresh)
                with open(fresh, "rb") as file:
                    flush_file(file.fileno())
                put_in_place(fresh, path)
            except BaseException:
                _remove_store(fresh)
                _remove_store(kept)
                raise
    except OSError as error:
        raise translated(error, path) from error
    return Salvage(kept, documents, tuple(lost))


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


def _bring_over(damaged: Path, fresh: Path) -> tuple[int, list[Damage]]:
    """Returns how many documents were brought over, and those that were not."""
    readable = _with_usual_head(damaged, Path(f"{fresh}-source"))
    os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        with closing(Connection(readable, mode="ro")) as source, closing(Connection(fresh)) as target:
            set_up(target)
            version = _attempt(source, "PRAGMA user_version")
            target.run(f"PRAGMA user_version={version[0][0] if version else 0}")
            names = _attempt(source, 'SELECT name FROM "%tables" ORDER BY name')
            tables = [name.decode() for (name,) in names] if names else carving.table_names(readable)
            if not tables:
                raise StoreDamaged(damaged, "nothing of a store is left in it")
            rescues = [_Rescue(source, target, Schema(name)) for name in tables]
            missing = {rescue.schema.name: rescue for rescue in rescues if rescue.is_incomplete()}
            if missing:
                for row in carving.carve(readable, {name: rescue.schema.seed for name, rescue in missing.items()}):
                    missing[row.table].add_carved(row)
            lost = [damage for rescue in rescues for damage in rescue.finish()]
    finally:
        if readable != damaged:
            _remove_store(readable)
    return sum(len(rescue.rescued) for rescue in rescues), lost


def _with_usual_head(damaged: Path, copy: Path) -> Path:
    """Returns the file, or a copy of it whose first bytes say what all others are."""
    if carving.has_usual_head(damaged):
        return damaged
    _remove_store(copy)
    shutil.copyfile(damaged, copy)
    if Path(f"{damaged}-wal").exists():
        shutil.copyfile(f"{damaged}-wal", f"{copy}-wal")
    with copy.open("r+b") as file:
        head = carving.usual_head(file.read(100), copy.stat().st_size // PAGE_SIZE)
        file.seek(0)
        file.write(head)
    return copy


class _Rescue:
    """One table on its way into the fresh file."""

    def __init__(self, source: Connection, target: Connection, schema: Schema) -> None:
        """Brings over what SQLite can read."""
        self.schema = schema
        self.rescued: set[int] = set()
        self._target = target
        self._places: set[int] = set()
        self._lost: set[int] = set()
        target.run(schema.create_table())
        self._is_read = True
        for rows in _ranges(source, schema):
            if rows is None:
                self._is_read = False
            else:
                self._add(rows)
        index = f'"sqlite_autoindex_{escaped(schema.name)}_1"'
        ids = _attempt(source, f"SELECT doc_id FROM {schema.table} INDEXED BY {index} ORDER BY doc_id")
        self._known = None if ids is None else {doc_id for (doc_id,) in ids}
        given = _attempt(source, 'SELECT highest FROM "%tables" WHERE name = ?', (schema.name,))
        self._given = int(given[0][0]) if given else 0

    def _add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        sound = []
        for place, doc_id, archived, crc, raw in rows:
            fits = type(raw) is bytes and checksum(self.schema.seed, doc_id, archived, raw) == crc
            if fits and doc_id not in self.rescued and place not in self._places:
                self.rescued.add(doc_id)
                self._places.add(place)
                sound.append((place, doc_id, archived, crc, raw.decode()))
            elif not fits:
                self._lost.add(doc_id)
        self._target.run("BEGIN")
        self._target.run_many(self.schema.insert_sql, sound)
        self._target.run("COMMIT")

    def is_incomplete(self) -> bool:
        """Whether documents are missing that may stand on pages that SQLite did not reach."""
        return not self._is_read or self._known is None or not self._known <= self.rescued

    def add_carved(self, row: carving.Carved) -> None:
        """Brings over a document that is known to be missing; if it cannot be known, any."""
        if self._known is None or row.doc_id in self._known:
            self._add([row[1:]])

    def finish(self) -> list[Damage]:
        """Returns what is lost."""
        # words and columns are made anew by whoever declares them
        values = (self.schema.name, max((self._given, *self.rescued)), "")
        self._target.run('INSERT INTO "%tables" VALUES (?, ?, ?)', values)
        lost = (self._lost | (self._known or set())) - self.rescued
        return [Damage(self.schema.name, doc_id) for doc_id in sorted(lost)]


def _attempt(source: Connection, sql: str, values: tuple[Any, ...] = ()) -> list[Any] | None:
    """Returns the rows; None if they cannot be read."""
    try:
        return source.all(sql, values)
    except StoreError:  # damaged, or the table is not there
        return None


def _ranges(source: Connection, schema: Schema) -> Iterator[list[Any] | None]:
    """Yields the rows of a range of places at a time; where it cannot be read None, and of each place what can."""
    last = _attempt(source, f"SELECT ifnull(max(place), 0) FROM {schema.table}")
    pages = _attempt(source, "PRAGMA page_count")
    end = int(last[0][0]) if last else int(pages[0][0]) * ROWS_OF_A_PAGE if pages else 0
    sql = f"SELECT place, doc_id, archived, crc, doc FROM {schema.table} NOT INDEXED WHERE place BETWEEN ? AND ?"
    if last is None:
        yield None
        if _attempt(source, sql, (1, 1)) is None and _attempt(source, f"SELECT 1 FROM {schema.table} LIMIT 0") is None:
            return  # there is no such table
    for begin in range(1, end + 1, RANGE):
        rows = _attempt(source, f"{sql} ORDER BY place", (begin, begin + RANGE - 1))
        if rows is None:
            yield None
            places = range(begin, begin + RANGE)
            rows = [row for place in places for row in _attempt(source, sql, (place, place)) or ()]
        yield rows
