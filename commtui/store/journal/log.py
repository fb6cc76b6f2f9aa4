"""The journal file: reading transactions from bytes, appending them, and telling a torn tail from damage."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from commtui.store.journal.files import flush, log_name, write_all
from commtui.store.journal.format import LOG_HEADER_SIZE, NAMES, Op, check_header, encode, header, line, sound
from commtui.store.journal.leftover import open_shared


class Reading(NamedTuple):
    """What some bytes of a journal say."""

    transactions: list[tuple[int, list[Op]]]
    """(number, changes) of each whole transaction, in order."""
    good: int
    """Bytes up to the end of the last whole transaction (or of the seal)."""
    sealed: int | None
    """The generation that follows, if the journal ends here."""
    damage: list[tuple[int, int]]
    """(begin, end) of what is not a whole transaction but has a whole one after it."""
    tail_damaged: bool
    """What stands after `good` is more than the beginning of a transaction: something in it was changed."""


def scan(data: bytes) -> Reading:
    """Reads whole transactions. A transaction with a line missing or changed is left out whole, and named in
    `damage`."""
    transactions: list[tuple[int, list[Op]]] = []
    damage: list[tuple[int, int]] = []
    ops: list[Op] = []
    pos = good = begin = 0
    current = bad = -1
    lines = data.split(b"\n")
    rest = lines.pop()
    for text in lines:
        end = pos + len(text) + 1
        try:
            if text[:9] != b"%08x " % crc32(text[9:]):
                raise ValueError
            head, table, key, raw = text.split(b"\t", 3)
            number, _, flag = head[9:].partition(b" ")
            transaction = int(number, 16)
            kind, count = flag[:1], flag[1:]
            ident = int(key)
        except ValueError:
            if bad < 0:
                bad = begin if ops else pos
            ops = []
            pos = end
            continue
        if ops and transaction != current:  # the one before never ended
            if bad < 0:
                bad = begin
            ops = []
        if not ops:
            begin, current = pos, transaction
        if kind == b"S":
            if bad >= 0:
                damage.append((bad, begin))
            return Reading(transactions, end, ident, damage, False)
        ops.append((kind.lower().decode(), NAMES[table], ident, raw))
        if kind.isupper():
            if len(ops) == (int(count) if count else 1):
                if bad >= 0:
                    damage.append((bad, begin))
                    bad = -1
                transactions.append((transaction, ops))
                good = end
            elif bad < 0:
                bad = begin
            ops = []
        pos = end
    # A whole line whose LF was changed is damage; the beginning of a line is what a killed writer leaves.
    return Reading(transactions, good, None, damage, bad >= 0 or (len(rest) > 10 and sound(rest[:-1])))


class Log:
    """One journal, open for appending or for reading."""

    def __init__(self, folder: Path, generation: int, *, read_only: bool) -> None:
        """Raises FileNotFoundError if it is not there, NewerFormat if a newer program wrote it."""
        self.generation = generation
        self.path = folder / log_name(generation)
        flags = os.O_RDONLY if read_only else os.O_RDWR | os.O_APPEND
        self.fd = open_shared(self.path, flags)
        self.offset = LOG_HEADER_SIZE
        """Up to here everything is applied."""
        self.seen = -1
        """The size at which nothing new was found; -1 if there may be something."""
        try:
            self.header_sound = check_header(os.pread(self.fd, LOG_HEADER_SIZE, 0), self.path)
        except BaseException:
            self.close()
            raise

    def size(self) -> int:
        return os.fstat(self.fd).st_size

    def read(self, end: int) -> bytes:
        """The bytes from `offset` to `end` (or to what is there of them)."""
        data = os.pread(self.fd, max(0, end - self.offset), self.offset)
        while data and len(data) < end - self.offset:
            more = os.pread(self.fd, end - self.offset - len(data), self.offset + len(data))
            if not more:
                break
            data += more
        return data

    def append(self, transaction: int, ops: list[Op]) -> None:
        """One write(2) for the whole transaction. On an error the file is as before."""
        data = encode(transaction, ops)
        try:
            write_all(self.fd, data)
        except OSError:
            self.seen = -1
            os.ftruncate(self.fd, self.offset)
            raise
        self.offset += len(data)
        self.seen = self.offset

    def seal(self, generation: int) -> None:
        """The last line: whoever comes here goes on in `generation`. On disk when this returns."""
        data = line(0, b"S", "", generation)
        try:
            write_all(self.fd, data)
            flush(self.fd)
        except OSError:
            self.seen = -1
            os.ftruncate(self.fd, self.offset)
            raise

    def cut(self) -> None:
        """Takes off what stands after the last whole transaction. Only under the lock: then its writer is dead."""
        os.ftruncate(self.fd, self.offset)
        self.seen = self.offset

    def restore_header(self) -> None:
        """A journal cut inside its version line (no crash does that: journals are made by a rename) is empty; make it
        one."""
        os.ftruncate(self.fd, 0)
        write_all(self.fd, header("log", self.generation))
        flush(self.fd)

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
