"""Which texts the windows of a home have open: each process has a file, which is locked as long as it runs."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from msgspec import DecodeError, Struct, json

from commtui.system.files import make_private

ENDING: Final = ".json"


class OpenText(Struct, frozen=True):
    """What one process has open. `subjects`: the ids of what its text would change."""

    subjects: tuple[str, ...]
    who: str
    pid: int
    since: datetime


class OpenTexts:
    """The texts of all windows; what this one has open is named in a file of its own. Where the folder cannot be
    written or read, nothing is open elsewhere: no text waits for that."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._file: IO[bytes] | None = None

    def open(self, subjects: Sequence[str], who: str, since: datetime) -> None:
        """Says what this window has open, in place of what it had open before."""
        data = json.encode(OpenText(tuple(subjects), who, os.getpid(), since))
        with suppress(OSError):
            if self._file is None:
                self._file = self._locked_file()
            self._file.seek(0)
            self._file.write(data)
            self._file.truncate()

    def close(self) -> None:
        """Says that this window has nothing open."""
        if self._file is None or self._path is None:
            return
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        self._file.close()
        self._file = self._path = None

    def elsewhere(self, subjects: Sequence[str]) -> list[OpenText]:
        """What other windows have open of these subjects, the longest open first. Files of ended processes are
        removed."""
        try:
            paths = [path for path in self._folder.iterdir() if path.suffix == ENDING and path != self._path]
        except OSError:
            return []
        wanted = set(subjects)
        found = [text for text in map(_read, paths) if text is not None and not wanted.isdisjoint(text.subjects)]
        return sorted(found, key=lambda text: text.since)

    def _locked_file(self) -> IO[bytes]:
        make_private(self._folder)
        name = f"{os.getpid()}-{os.urandom(4).hex()}"
        new = self._folder / f".{name}.new"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        file = os.fdopen(os.open(new, flags, 0o600), "r+b", buffering=0)
        fcntl.flock(file, fcntl.LOCK_EX)
        self._path = self._folder / f"{name}{ENDING}"
        new.rename(self._path)  # locked before anybody looks for it
        return file


def _read(path: Path) -> OpenText | None:
    """What a file says; None, and the file removed, where its process has ended."""
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return json.decode(file.read(), type=OpenText)
            path.unlink(missing_ok=True)
    except (OSError, DecodeError):  # also one that is being written at this moment
        return None
    return None
