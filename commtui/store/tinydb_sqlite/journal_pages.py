"""Finds damage in SQLite's journal: SQLite itself takes it for the journal's end (sqlite.org/fileformat2.html)."""

from __future__ import annotations

import struct
from contextlib import closing, suppress
from pathlib import Path

from commtui.store.tinydb_sqlite.files import TurnLock


def read_journal(path: Path) -> bytes:
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
        is_sound = _sums(order, content, _sums(order, head[:8], sums)) == stored
        broken, after = broken or not is_sound, after + (broken and is_sound)
        sums = stored
    return after


def _sums(order: str, data: bytes, sums: tuple[int, ...]) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
