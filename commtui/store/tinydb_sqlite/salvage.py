"""Brings what can be read of a damaged file over into a fresh one, which then takes its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commtui.store.tinydb_sqlite.connection import Connection, set_up
from commtui.store.tinydb_sqlite.errors import Damage, StoreDamaged, translated
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
    """For a file that is not sound. All writers wait meanwhile. Raises StoreError; then the file is as before."""
    temporary = Path(f"{path}.repairing")
    _remove_store(temporary)
    try:
        with closing(TurnLock(path)) as turn, turn.taken():
            kept = _copy_aside(path)
            documents, lost = _bring_over(kept, temporary)
            with open(temporary, "rb") as file:
                flush_file(file.fileno())
            put_in_place(temporary, path)
    except OSError as error:
        _remove_store(temporary)
        raise translated(error, path) from error
    return Salvage(kept, documents, tuple(lost))


def _remove_store(path: Path) -> None:
    for name in (path, f"{path}-wal", f"{path}-shm", f"{path}-journal"):
        Path(name).unlink(missing_ok=True)


def _copy_aside(path: Path) -> Path:
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
    os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    lost: list[Damage] = []
    documents = 0
    with closing(Connection(damaged, mode="ro")) as source, closing(Connection(fresh)) as target:
        set_up(target)
        target.run(f"PRAGMA user_version={source.number('PRAGMA user_version')}")
        for name in _table_names(source):
            schema = Schema(name)
            target.run(schema.create_table())
            rescued: set[int] = set()
            for rows in _ranges(source, schema):
                sound = [row for row in rows if _is_sound(schema, row) and row[1] not in rescued]
                rescued.update(row[1] for row in sound)
                lost += [Damage(name, row[1]) for row in rows if row not in sound]
                target.run("BEGIN")
                target.run_many(schema.insert_sql, [(*row[:4], row[4].decode()) for row in sound])
                target.run("COMMIT")
            documents += len(rescued)
            lost += [Damage(name, doc_id) for doc_id in sorted(_known_ids(source, schema) - rescued)]
            # words and columns are made anew by whoever declares them
            highest = max((_given(source, name), *rescued))
            target.run('INSERT INTO "%tables" VALUES (?, ?, ?)', (name, highest, ""))
    return documents, list(dict.fromkeys(lost))


def _is_sound(schema: Schema, row: tuple[Any, ...]) -> bool:
    _, doc_id, archived, crc, raw = row
    return type(raw) is bytes and checksum(schema.seed, doc_id, archived, raw) == crc


def _attempt(source: Connection, sql: str, values: tuple[Any, ...] = ()) -> list[Any] | None:
    """Returns the rows; None if they cannot be read."""
    try:
        return source.all(sql, values)
    except StoreDamaged:
        return None


def _table_names(source: Connection) -> list[str]:
    rows = _attempt(source, 'SELECT name FROM "%tables" ORDER BY name')
    return [name.decode() for (name,) in rows or ()]


def _given(source: Connection, name: str) -> int:
    rows = _attempt(source, 'SELECT highest FROM "%tables" WHERE name = ?', (name,))
    return int(rows[0][0]) if rows else 0


def _known_ids(source: Connection, schema: Schema) -> set[int]:
    """The ids that the index of ids has."""
    index = f'"sqlite_autoindex_{escaped(schema.name)}_1"'
    rows = _attempt(source, f"SELECT doc_id FROM {schema.table} INDEXED BY {index} ORDER BY doc_id")
    return {doc_id for (doc_id,) in rows or ()}


def _ranges(source: Connection, schema: Schema) -> Iterator[list[Any]]:
    """Yields the rows of a range of places at a time; where it cannot be read, of each place that can."""
    last = _attempt(source, f"SELECT ifnull(max(place), 0) FROM {schema.table}")
    pages = source.number("PRAGMA page_count")
    end = int(last[0][0]) if last else pages * ROWS_OF_A_PAGE
    sql = f"SELECT place, doc_id, archived, crc, doc FROM {schema.table} NOT INDEXED WHERE place BETWEEN ? AND ?"
    for begin in range(1, end + 1, RANGE):
        rows = _attempt(source, f"{sql} ORDER BY place", (begin, begin + RANGE - 1))
        if rows is None:
            places = range(begin, begin + RANGE)
            rows = [row for place in places for row in _attempt(source, sql, (place, place)) or ()]
        yield rows
