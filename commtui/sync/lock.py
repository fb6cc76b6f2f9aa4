"""One engine for each home: a lock that dies with its holder, and a card that names it."""

from __future__ import annotations

import fcntl
import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import msgspec
from msgspec import Struct

CARD = "engine.json"


class Holder(Struct, frozen=True):
    """The process that runs the engine."""

    pid: int
    host: str
    command: str

    def __str__(self) -> str:
        return f"{self.command} (pid {self.pid} on {self.host})"


class EngineLock:
    """flock on the data folder itself: wherever XDG_STATE_HOME points, one data folder has one engine.

    No cleaner can remove the lock without the data. The kernel releases it when the holder ends, however it ends. Who
    only asks for the holder (`holder`) locks the card, never the folder, so that asking keeps nobody from the lock.
    """

    def __init__(self, data: Path, command: str) -> None:
        self.data = data
        self._command = command
        self._folder: int | None = None
        self._card: int | None = None

    def take(self) -> bool:
        """Whether this process is the holder now. Raises OSError where folder or card can't be opened."""
        if self._folder is not None:
            return True
        folder = os.open(self.data, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        with ExitStack() as unless_taken:
            unless_taken.callback(os.close, folder)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._card = self._write_card()
            unless_taken.pop_all()
        self._folder = folder
        return True

    def _write_card(self) -> int:
        card = os.open(self.data / CARD, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with ExitStack() as after_an_error:
            after_an_error.callback(os.close, card)
            fcntl.flock(card, fcntl.LOCK_EX)  # somebody who asks has it for microseconds
            os.ftruncate(card, 0)
            me = Holder(pid=os.getpid(), host=os.uname().nodename, command=self._command)
            os.pwrite(card, msgspec.json.encode(me), 0)
            after_an_error.pop_all()
        return card

    @property
    def is_lost(self) -> bool:
        """Whether the data folder was removed or replaced: the lock protects another one than stands there now."""
        if self._folder is None:
            return False
        mine = os.fstat(self._folder)
        try:
            there = self.data.stat()
        except OSError:
            return True
        return (there.st_dev, there.st_ino) != (mine.st_dev, mine.st_ino)

    def release(self) -> None:
        """Lets another process take it."""
        if self._card is not None:
            os.close(self._card)
            self._card = None
        if self._folder is not None:
            os.close(self._folder)
            self._folder = None

    def __enter__(self) -> EngineLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def holder(data: Path) -> Holder | None:
    """Who runs the engine of the home with this data folder; None: nobody, or somebody who began this instant."""
    try:
        # O_NONBLOCK: opening a pipe would wait for a writer
        card = os.open(data / CARD, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(card, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        try:
            return msgspec.json.decode(os.pread(card, 4096, 0), type=Holder)
        except msgspec.DecodeError:  # taken this instant, not yet written
            return Holder(pid=0, host=os.uname().nodename, command="another commtui")
    finally:
        os.close(card)
    return None
