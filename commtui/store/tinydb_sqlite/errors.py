"""Errors of the store, with fields. Their texts are for logs: a front end makes its own sentence from the fields."""

from __future__ import annotations

import errno
import os
import resource
import sqlite3
from pathlib import Path
from typing import Literal, NamedTuple

NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
LEAST_ROOM = 64 << 10
"""Bytes: with less room SQLite cannot even make the files beside the database."""


class StoreError(Exception):
    """The store cannot do what was asked. Nothing was changed.

    `path` is the database's file, `what` the technical reason."""

    def __init__(self, path: str | os.PathLike[str], what: str) -> None:
        super().__init__(f"{os.fspath(path)}: {what}")
        self.path = Path(path)
        self.what = what


class StoreFull(StoreError):
    """The disk has no room. All that was acknowledged is still there."""


class StoreBusy(StoreError):
    """Another program holds SQLite's lock for longer than this handle waits."""


class StoreMissing(StoreError):
    """The file is not there."""


class StoreReadOnly(StoreError):
    """The handle only reads."""


class StoreMisuse(StoreError):
    """A call that this handle's state does not allow: a mistake in the program."""


class AwaitInTransaction(StoreMisuse):
    """Another asyncio task ran inside a transaction: nothing of the transaction was kept."""


class StoreClosed(StoreError):
    """The handle cannot be used any more: open a new one."""

    def __init__(self, path: str | os.PathLike[str], reason: Literal["closed", "fork", "flush"]) -> None:
        """`reason`: it was closed; this is a forked child; a flush failed, so that the disk may lack what was written
        before."""
        super().__init__(path, f"the handle cannot be used: {reason}")
        self.reason = reason


class StoreDamaged(StoreError):
    """SQLite cannot read the file, or not this part of it."""


class NetworkFileSystem(StoreError):
    """The file would be on a file system on which SQLite's locks or shared memory do not work."""

    def __init__(self, path: str | os.PathLike[str], kind: str) -> None:
        super().__init__(path, f"on a network file system ({kind})")
        self.kind = kind


class NewerFormat(StoreError):
    """A newer program wrote the file."""

    def __init__(self, path: str | os.PathLike[str], written: int, known: int) -> None:
        super().__init__(path, f"has format {written}, this program reads up to {known}")
        self.written, self.known = written, known


class Damage(NamedTuple):
    """A document that was stepped over because its checksum does not fit."""

    table: str
    doc_id: int
    """As it is stored: damaged, too, perhaps."""


def has_no_room(path: Path) -> bool:
    """Whether the disk is full, or what this user may have of it, or a file as large as it may be."""
    import tempfile  # 10 ms, rarely needed

    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    try:
        disk = os.statvfs(path.parent)
        sizes = [file.stat().st_size for file in (path, Path(f"{path}-wal")) if file.exists()]
        if disk.f_bavail * disk.f_frsize < LEAST_ROOM or (limit >= 0 and max(sizes, default=0) + LEAST_ROOM > limit):
            return True
        with tempfile.TemporaryFile(dir=path.parent) as file:  # SQLite reports a quota as an I/O error
            file.write(bytes(LEAST_ROOM))
    except OSError as error:
        return error.errno in NO_ROOM
    return False


_KINDS = {
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_BUSY: StoreBusy,
    sqlite3.SQLITE_LOCKED: StoreBusy,
    sqlite3.SQLITE_CORRUPT: StoreDamaged,
    sqlite3.SQLITE_NOTADB: StoreDamaged,
    sqlite3.SQLITE_READONLY: StoreReadOnly,
}


def translated(error: sqlite3.Error | UnicodeDecodeError | OSError, path: Path) -> StoreError:
    """SQLite's or the system's error as one of ours."""
    if isinstance(error, UnicodeDecodeError):
        return StoreDamaged(path, f"SQLite quotes bytes that are no text: {error.object!r}")
    if isinstance(error, OSError):
        return (StoreFull if error.errno in NO_ROOM else StoreError)(path, str(error))
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and has_no_room(path):
        return StoreFull(path, str(error))
    return _KINDS.get(code, StoreError)(path, str(error))
