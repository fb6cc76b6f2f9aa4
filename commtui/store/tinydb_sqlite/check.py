"""Verifies a store's file: SQLite's structure and journal, every document's checksum, and what is derived from them."""

from __future__ import annotations

import struct
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from commtui.store.tinydb_sqlite.connection import Connection
from commtui.store.tinydb_sqlite.documents import PAGE
from commtui.store.tinydb_sqlite.errors import Damage, StoreDamaged, StoreMissing, translated
from commtui.store.tinydb_sqlite.files import TurnLock, finish_replacement
from commtui.store.tinydb_sqlite.salvage import Salvage, repair_file
from commtui.store.tinydb_sqlite.schema import APPLICATION_ID, FORMAT, Schema
from commtui.store.tinydb_sqlite.values import Key, at_path, checksum, column_value, loads

MOST_PROBLEMS = 100


@dataclass(frozen=True)
class Report:
    """What was found, and what was done about it."""

    path: Path
    size: int
    """Bytes."""
    documents: int = 0
    """Those that can be read."""
    damaged: tuple[Damage, ...] = ()
    """Documents whose checksum does not fit."""
    derived: tuple[Damage, ...] = ()
    """Documents that are sound, but an index would not find them where they belong."""
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
        return not (self.damaged or self.derived or self.counts or self.structure or self.journal)


def check(path: Path, *, repair: bool = False) -> Report:
    """Verifies a file while others use it. With `repair`, and if anything is wrong: writes what can be read into a
    fresh file, puts that in its place while all writers wait, and keeps the damaged one beside it. Other handles go on
    with the fresh file by themselves. Raises StoreError if the disk is full or the file is not there."""
    path = Path(path)
    try:
        finish_replacement(path)
    except OSError as error:
        raise translated(error, path) from error
    if not path.exists():
        raise StoreMissing(path, "no such file")
    journal = damaged_journal_pages(_read_journal(path))  # before SQLite uses it up
    findings = _Findings()
    try:
        with closing(Connection(path)) as connection:
            findings.verify(connection)
    except StoreDamaged as error:
        findings.structure.append(error.what)
    report = Report(
        path,
        path.stat().st_size,
        findings.documents,
        tuple(findings.damaged),
        tuple(findings.derived),
        tuple(findings.counts),
        tuple(findings.structure),
        journal,
    )
    if repair and not report.is_sound:
        return replace(report, salvage=repair_file(path))
    return report


class _Findings:
    """What is gathered for a report."""

    def __init__(self) -> None:
        self.documents = 0
        self.damaged: list[Damage] = []
        self.derived: list[Damage] = []
        self.counts: list[str] = []
        self.structure: list[str] = []

    def verify(self, connection: Connection) -> None:
        """Raises StoreDamaged where SQLite cannot go on."""
        if connection.number("PRAGMA application_id") != APPLICATION_ID | FORMAT:
            self.structure.append("the head is not a store's")
        for (problem,) in connection.all(f"PRAGMA integrity_check({MOST_PROBLEMS})"):
            if problem != b"ok":
                self.structure.append(problem.decode())
        for (name,) in connection.all('SELECT name FROM "%tables" ORDER BY name'):
            self._verify_table(connection, Schema(name.decode()))

    def _verify_table(self, connection: Connection, schema: Schema) -> None:
        schema.adopt(row[1].decode() for row in connection.all(f"PRAGMA table_info({schema.table})"))
        names = ", ".join(["place", "doc_id", "archived", "crc", "doc", *schema.columns.values()])
        sql = f"SELECT {names} FROM {schema.table} NOT INDEXED WHERE place > ? ORDER BY place LIMIT ?"
        last = 0
        while rows := connection.all(sql, (last, PAGE)):
            for row in rows:
                self._verify_row(schema, row)
            last = rows[-1][0]
        if not _counts_fit(connection, schema):
            self.counts.append(schema.name)

    def _verify_row(self, schema: Schema, row: tuple[Any, ...]) -> None:
        _, doc_id, archived, crc, raw, *values = row
        if not isinstance(raw, bytes) or checksum(schema.seed, doc_id, archived, raw) != crc:
            self.damaged.append(Damage(schema.name, doc_id))
            return
        self.documents += 1
        document = loads(raw)
        if any(_differs(document, path, value) for path, value in zip(schema.paths.values(), values, strict=True)):
            self.derived.append(Damage(schema.name, doc_id))


def _differs(document: Any, path: tuple[str, ...], value: Key) -> bool:
    expected = column_value(at_path(document, path))
    return (expected.encode() if isinstance(expected, str) else expected) != value


def _counts_fit(connection: Connection, schema: Schema) -> bool:
    """Whether what triggers counted is what can be counted."""
    connection.run("BEGIN")  # others go on writing
    try:
        for (raw,) in connection.all('SELECT DISTINCT field FROM "%counts" WHERE name = ?', (schema.name,)):
            sql = 'SELECT archived, value, n FROM "%counts" WHERE name = ? AND field = ? AND n <> 0'
            by_triggers = connection.all(sql, (schema.name, raw.decode()))
            column = schema.columns[raw.decode()]
            sql = f"SELECT archived, ifnull({column}, x'00'), count(*) FROM {schema.table} GROUP BY 1, 2"
            if sorted(map(repr, by_triggers)) != sorted(map(repr, connection.all(sql))):
                return False
    finally:
        connection.run("COMMIT")
    return True


def _read_journal(path: Path) -> bytes:
    """Returns SQLite's journal as it is while nobody writes; empty if there is none."""
    journal = Path(f"{path}-wal")
    with suppress(OSError), closing(TurnLock(path)) as turn, turn.taken():
        return journal.read_bytes()
    with suppress(OSError):  # where no lock can be made nobody writes
        return journal.read_bytes()
    return b""


def damaged_journal_pages(data: bytes) -> int:
    """Returns how many sound pages of this generation stand after a damaged one in SQLite's journal.

    Each page's checksum goes on from the one before, as it is stored: so those after a damaged one can be told."""
    if len(data) < 32:
        return 0
    magic, _, size = struct.unpack(">III", data[:12])
    order = ">" if magic & 1 else "<"
    salts, sums = data[16:24], struct.unpack(">II", data[24:32])
    broken, after = False, 0
    for start in range(32, len(data) - size - 23, size + 24):
        head, content = data[start : start + 24], data[start + 24 : start + 24 + size]
        if head[8:16] != salts:
            if not broken:
                return 0
            continue
        stored = struct.unpack(">II", head[16:24])
        sound = _sums(order, content, _sums(order, head[:8], sums)) == stored
        broken, after = broken or not sound, after + (broken and sound)
        sums = stored
    return after


def _sums(order: str, data: bytes, sums: tuple[int, ...]) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
