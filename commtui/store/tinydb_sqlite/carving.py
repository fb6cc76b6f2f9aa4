"""Reads documents off the pages of a file that SQLite cannot read, or not all of: each is known by its checksum.

The format of a page, a record and the file's head: sqlite.org/fileformat2.html.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from commtui.store.tinydb_sqlite.connection import PAGE_SIZE
from commtui.store.tinydb_sqlite.schema import APPLICATION_ID, FORMAT, unescaped
from commtui.store.tinydb_sqlite.values import checksum

_TABLE_LEAF = 0x0D
_HEAD = 100
_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
"""Bytes of a value by its type in a record: null, integers, a float, and the integers 0 and 1."""
_MOST_LOCAL = PAGE_SIZE - 35
_LEAST_LOCAL = (PAGE_SIZE - 12) * 32 // 255 - 23
_TABLE = re.compile(rb'CREATE TABLE "((?:[^"]|"")+)" \(place INTEGER PRIMARY KEY')


class Carved(NamedTuple):
    """A row of a table, as it is stored."""

    table: str
    place: int
    doc_id: int
    archived: int
    crc: int
    raw: bytes


def has_usual_head(path: Path) -> bool:
    """Whether the file's first bytes are what a store's are."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    usual = usual_head(head, 0)
    return all(head[part] == usual[part] for part in (slice(24), slice(44, 48), slice(56, 60), slice(68, 72)))


def usual_head(head: bytes, pages: int) -> bytes:
    """Returns what the first bytes of a store's file have to be, but for what cannot be known."""
    head = head.ljust(_HEAD, b"\0")
    start = b"SQLite format 3\0" + struct.pack(">HBBBBBB", PAGE_SIZE, 2, 2, 0, 64, 32, 32)
    counters = struct.pack(">IIII", 1, pages, 0, 0)  # nothing is written to it: no page need be free
    middle = head[40:44] + struct.pack(">II", 4, 0) + head[52:56] + struct.pack(">I", 1) + head[60:68]
    end = struct.pack(">I", APPLICATION_ID | FORMAT) + bytes(20) + struct.pack(">I", 1) + head[96:100]
    return start + counters + middle + end


def carve(path: Path, tables: Mapping[str, int]) -> Iterator[Carved]:
    """Yields the sound documents of tables (name -> seed of its checksums) that stand on the pages of a file: those of
    pages that are not in use any more, too."""
    with path.open("rb") as file:
        for number, page in enumerate(_pages(file)):
            start = _HEAD if number == 0 else 0
            if page[start] != _TABLE_LEAF:
                continue
            (cells,) = struct.unpack_from(">H", page, start + 3)
            for cell in range(min(cells, PAGE_SIZE // 4)):
                try:
                    (offset,) = struct.unpack_from(">H", page, start + 8 + 2 * cell)
                    yield from _document(file, page, offset, tables)
                except (IndexError, struct.error, OSError):
                    continue  # this one cannot be read


def table_names(path: Path) -> list[str]:
    """Returns the names of the tables of documents whose SQL stands on the pages of a file."""
    names: set[str] = set()
    with path.open("rb") as file:
        for page in _pages(file):
            names.update(unescaped(name.decode("utf-8", "replace")) for name in _TABLE.findall(page))
    return sorted(names)


def _pages(file: BinaryIO) -> Iterator[bytes]:
    number = 0
    while True:
        file.seek(number * PAGE_SIZE)
        page = file.read(PAGE_SIZE)
        if len(page) < PAGE_SIZE:
            return
        yield page
        number += 1


def _document(file: BinaryIO, page: bytes, offset: int, tables: Mapping[str, int]) -> Iterator[Carved]:
    length, offset = _varint(page, offset)
    place, offset = _varint(page, offset)
    if length > 1 << 30:
        return
    values = _values(_payload(file, page, offset, length))
    if len(values) < 5:
        return
    _, doc_id, archived, crc, *_, raw = values
    if isinstance(doc_id, int) and isinstance(archived, int) and isinstance(crc, int) and isinstance(raw, bytes):
        for table, seed in tables.items():
            if checksum(seed, doc_id, archived, raw) == crc:
                yield Carved(table, place, doc_id, archived, crc, raw)


def _payload(file: BinaryIO, page: bytes, offset: int, length: int) -> bytes:
    """Returns a record, whose end may stand on pages of its own."""
    if length <= _MOST_LOCAL:
        return page[offset : offset + length]
    local = _LEAST_LOCAL + (length - _LEAST_LOCAL) % (PAGE_SIZE - 4)
    local = local if local <= _MOST_LOCAL else _LEAST_LOCAL
    parts, missing = [page[offset : offset + local]], length - local
    (following,) = struct.unpack_from(">I", page, offset + local)
    while missing > 0:
        file.seek((following - 1) * PAGE_SIZE)
        more = file.read(PAGE_SIZE)
        (following,) = struct.unpack_from(">I", more)
        parts.append(more[4 : 4 + missing])
        missing -= PAGE_SIZE - 4
    return b"".join(parts)


def _values(record: bytes) -> list[int | bytes | None]:
    """Returns a record's columns; a float as None."""
    end, offset = _varint(record, 0)
    kinds = []
    while offset < end:
        kind, offset = _varint(record, offset)
        kinds.append(kind)
    values: list[int | bytes | None] = []
    for kind in kinds:
        size = _SIZES[kind] if kind < len(_SIZES) else max(0, kind - 12) // 2
        content = record[offset : offset + size]
        offset += size
        if kind in (8, 9):
            values.append(kind - 8)
        elif 0 < kind < 7:
            values.append(int.from_bytes(content, "big", signed=True))
        else:
            values.append(content if kind >= 12 else None)
    return values


def _varint(data: bytes, offset: int) -> tuple[int, int]:
    """Returns a number of one to nine bytes, and where it ends."""
    value = 0
    for count in range(8):
        byte = data[offset + count]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, offset + count + 1
    return value << 8 | data[offset + 8], offset + 9
