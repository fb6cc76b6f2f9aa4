"""One engine for each home: a lock that dies with its holder, and names it."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path
from types import TracebackType

from msgspec import Struct, json


class Holder(Struct, frozen=True):
    """The process that runs the engine."""

    pid: int
    host: str
    command: str

    def __str__(self) -> str:
        return f"{self.command} (pid {self.pid} on {self.host})"


class EngineLock:
    """flock on state/engine.lock: the kernel releases it when the holder ends, however it ends."""

    def __init__(self, state: Path, command: str) -> None:
        self.path = state / "engine.lock"
        self._me = Holder(os.getpid(), socket.gethostname(), command)
        self._file: int | None = None

    def take(self) -> bool:
        """Whether this process is the holder now; never waits. Raises OSError where the file can't be made."""
        if self._file is not None:
            return True
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        os.ftruncate(file, 0)
        os.pwrite(file, json.encode(self._me), 0)
        self._file = file
        return True

    def release(self) -> None:
        """Lets another process take it."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    @property
    def held(self) -> bool:
        """Whether this object holds it."""
        return self._file is not None

    def __enter__(self) -> EngineLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def holder(state: Path) -> Holder | None:
    """Who runs the engine of a home, or None. Takes the lock for a moment to tell a living holder from a dead one."""
    path = state / "engine.lock"
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _named(os.pread(file, 4096, 0))
        return None
    finally:
        os.close(file)


def _named(data: bytes) -> Holder:
    try:
        return json.decode(data, type=Holder)
    except ValueError:  # locked this instant, not yet written
        return Holder(0, socket.gethostname(), "another commtui")
