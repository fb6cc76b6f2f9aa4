"""Snapshots: writing one, opening one without reading it, and deriving the index again when it is lost.

`snap-<gen>.jl` holds record lines, table by table in insertion order, then an `E` line with what cannot be counted
from them.
`snap-<gen>.idx` holds a version line, the length of a directory, the directory as JSON, and the sections
(columns.py), each with a CRC.
"""

from __future__ import annotations

import mmap
import os
from array import array
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import orjson

from commtui.store.journal.base import Base
from commtui.store.journal.columns import Columns, Wanted
from commtui.store.journal.files import FileWriter, flush_folder, index_name, snapshot_name
from commtui.store.journal.format import (
    NAMES,
    QUOTED,
    check_header,
    damaged,
    header,
    json_of,
    line,
    loads,
    sound,
)
from commtui.store.journal.leftover import open_shared


class Snapshot(NamedTuple):
    """The state before a journal."""

    tables: dict[str, tuple[Base, int]]
    """name -> (documents, highest id ever given out)."""
    transaction: int
    """Number of the last transaction in it."""
    size: int
    damage: list[tuple[int, int]]
    """(begin, end) of lines that are not sound; known only when the snapshot had to be scanned."""
    indexed: bool
    """The index was there and held all that is declared."""


def open_snapshot(folder: Path, generation: int, wanted: Mapping[str, Wanted]) -> Snapshot:
    """Maps the files. Raises FileNotFoundError, NewerFormat, StoreDamaged."""
    path = folder / snapshot_name(generation)
    with open(open_shared(path), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if not size:
            raise damaged(path, "is empty")
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    first = data[:200].partition(b"\n")
    check_header(first[0] + b"\n", path)
    try:
        found = _open_index(folder / index_name(generation), data, size, wanted)
    except (FileNotFoundError, ValueError):
        if not path.exists():
            raise FileNotFoundError(path) from None  # both were compacted away
        found = None  # derived data: made anew below
    return found or _scan(path, data, size, wanted)


def index_directory(index: bytes | mmap.mmap, path: Path, size: int) -> dict[str, Any] | None:
    """The directory of an index that belongs to a snapshot of `size` bytes; None if it is damaged or another's."""
    end = index.find(b"\n", 0, 200) + 1
    if not check_header(index[:end], path):
        return None
    try:
        length, crc = int(index[end : end + 8], 16), int(index[end + 9 : end + 17], 16)
    except ValueError:
        return None
    head = index[end + 18 : end + 18 + length]
    if crc32(head) != crc:
        return None
    directory: dict[str, Any] = orjson.loads(head)
    return directory if directory["size"] == size else None


def _open_index(path: Path, data: mmap.mmap, size: int, wanted: Mapping[str, Wanted]) -> Snapshot | None:
    with open(open_shared(path), "rb") as file:
        index = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    directory = index_directory(index, path, size)
    if directory is None:
        return None
    origin = directory["origin"]
    tables: dict[str, tuple[Base, int]] = {}
    complete = True
    for name, entry in directory["tables"].items():
        places = {key: (origin + place[0], place[1], place[2]) for key, place in entry["sections"].items()}
        want = wanted.get(name) or Wanted()
        complete = complete and want.names() <= places.keys()
        base = Base(want, data, index, places, length=entry["length"])
        if not (base.checked("starts") and base.checked("order")):
            return None
        tables[name] = base, entry["highest"]
    return Snapshot(tables, directory["transaction"], size, [], complete)


def _scan(path: Path, data: mmap.mmap, size: int, wanted: Mapping[str, Wanted]) -> Snapshot:
    """Reads every line. One that is not sound is left out, and named in `damage`."""
    columns: dict[str, Columns] = {}
    starts: dict[str, array[int]] = {}
    highest: dict[str, int] = {}
    damage: list[tuple[int, int]] = []
    end = data.find(b"\n") + 1
    finished = False
    last_transaction = 0
    pieces: dict[str, list[bytes]] = {}
    where: dict[str, int] = {}
    while end < size:
        begin = end
        end = data.find(b"\n", begin) + 1 or size
        text = data[begin : end - 1]
        if not sound(text):
            damage.append((begin, end))
            continue
        head, table, key, raw = text.split(b"\t", 3)
        flag = head.rpartition(b" ")[2]
        if flag == b"E":
            finished = True
            last = loads(raw)
            last_transaction = last["transaction"]
            highest |= last["highest"]
            continue
        name = NAMES[table]
        if name not in columns:
            columns[name] = Columns(wanted.get(name) or Wanted())
            starts[name] = array("Q", [0])
            pieces[name] = []
            where[name] = 0
        if flag == b"P":
            columns[name].add(int(key), loads(json_of(text)))
            pieces[name].append(data[begin:end])
            where[name] += end - begin
            starts[name].append(where[name])
            highest[name] = max(highest.get(name, 0), int(key))
    if not finished:
        damage.append((size, size))
    tables: dict[str, tuple[Base, int]] = {}
    for name, taken in columns.items():
        made: dict[str, bytes] = taken.sections(lambda: None)
        made["starts"] = starts[name].tobytes()
        base = Base(wanted.get(name) or Wanted(), b"".join(pieces[name]), made=made, length=len(starts[name]) - 1)
        tables[name] = base, highest.get(name, 0)
    return Snapshot(tables, last_transaction, size, damage, False)


class Frozen(NamedTuple):
    """A table as it stood at the end of a journal."""

    documents: Callable[[], Iterator[tuple[int, bytes]]]
    """(id, JSON) in insertion order."""
    highest: int


def write_snapshot(
    folder: Path,
    generation: int,
    tables: Mapping[str, Frozen],
    wanted: Mapping[str, Wanted],
    transaction: int,
    pause: Callable[[], None],
) -> int:
    """Writes snapshot and index; the last rename makes them count. Returns the bytes written. Nothing is left behind
    on an error."""
    temporary = folder / f"snap-{generation:08d}.tmp"
    index_temporary = folder / f"snap-{generation:08d}.idx.tmp"
    try:
        with FileWriter(temporary) as file:
            directory, sections = _write_tables(file, header("snap", generation), tables, wanted, transaction, pause)
        with FileWriter(index_temporary) as index:
            _write_index(index, header("index", generation), directory, sections)
        os.rename(index_temporary, folder / index_name(generation))
        os.rename(temporary, folder / snapshot_name(generation))
        flush_folder(folder)
    except OSError:
        for path in (temporary, index_temporary):
            path.unlink(missing_ok=True)
        raise
    return file.size + index.size


def _write_tables(
    file: FileWriter,
    head: bytes,
    tables: Mapping[str, Frozen],
    wanted: Mapping[str, Wanted],
    transaction: int,
    pause: Callable[[], None],
) -> tuple[dict[str, Any], list[bytes]]:
    file.write(head)
    at = len(head)
    offset = 0
    sections: list[bytes] = []
    entries: dict[str, Any] = {}
    for name, frozen in tables.items():
        text = line(0, b"C", name, 0)
        file.write(text)
        at += len(text)
        starts = array("Q", [at])
        columns = Columns(wanted.get(name) or Wanted())
        begin = b"0 P\t%s\t" % QUOTED[name]
        for count, (ident, raw) in enumerate(frozen.documents()):
            columns.add(ident, loads(raw))
            body = b"%s%d\t%s" % (begin, ident, raw)
            file.write(b"%08x %s\n" % (crc32(body), body))
            at += len(body) + 10
            starts.append(at)
            if not count % 256:
                pause()
        made = {"starts": starts.tobytes(), **columns.sections(pause)}
        places = {}
        for key, section in made.items():
            places[key] = (offset, len(section), crc32(section))
            padding = -len(section) % 8  # numbers of 8 bytes are read where they stand
            sections += (section, bytes(padding))
            offset += len(section) + padding
        entries[name] = {"length": len(starts) - 1, "highest": frozen.highest, "sections": places}
    end = {"transaction": transaction, "highest": {name: frozen.highest for name, frozen in tables.items()}}
    text = line(0, b"E", "", 0, orjson.dumps(end))
    file.write(text)
    return {"size": at + len(text), "transaction": transaction, "tables": entries, "origin": 0}, sections


def _write_index(file: FileWriter, head: bytes, directory: dict[str, Any], sections: list[bytes]) -> None:
    # The directory names where the sections begin; its own length depends on that number, so the number has a fixed
    # width.
    room = len(head) + 18 + len(orjson.dumps(directory)) + 16
    directory["origin"] = origin = room + -room % 8
    text = orjson.dumps(directory)
    text += b" " * (origin - len(head) - 18 - len(text))
    file.write(head + b"%08x %08x\n" % (len(text), crc32(text)) + text)
    for section in sections:
        file.write(section)
