"""Files that compactions leave over: kept whole while anybody reads them, then given back a piece at a time.

Whoever reads a snapshot, an index or a journal holds a shared flock(2) on it as long as it is open or mapped. Who
removed it waits until nobody does. Removing 64 MB at one stroke makes every other program's flush wait for 10 ms and
more (ext4 with `discard`); pieces do not.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from pathlib import Path

from commtui.store.journal.files import NAME, STEP

POLL = 0.2
"""Seconds between two looks whether others have let go."""
REST = 0.01
"""Seconds between two pieces, so that others' flushes come between."""
LONGEST = 60.0
"""Seconds after which a file that somebody still reads is left to the system: it goes when the last one lets go."""


def open_shared(path: Path, flags: int = os.O_RDONLY) -> int:
    """A file descriptor that keeps the file whole while it, its duplicates or its mappings are there.

    Raises FileNotFoundError if the file is not there, or is being given back just now.
    """
    fd = os.open(path, flags | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
            gone = not os.fstat(fd).st_nlink
        except BlockingIOError:
            gone = True
        if gone:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    except BaseException:
        os.close(fd)
        raise
    return fd


def read_shared(path: Path) -> bytes:
    """All bytes of a file. Raises FileNotFoundError."""
    with open(open_shared(path), "rb") as file:
        return file.read()


def remove_before(folder: Path, generation: int) -> list[int]:
    """Removes what no one can need once snapshot `generation` is there. Returns descriptors of the large ones, whose
    room is still taken."""
    held = []
    for name in sorted(os.listdir(folder)):
        found = NAME.fullmatch(name)
        if found and int(found[2]) < generation:
            try:
                if os.stat(folder / name).st_size > STEP:
                    held.append(os.open(folder / name, os.O_RDWR | os.O_CLOEXEC))
                os.unlink(folder / name)
            except FileNotFoundError:
                pass
    return held


class Leftovers:
    """Gives files back in the background. Ends with the process: what is left then goes at one stroke."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._fds: list[int] = []
        self._thread: threading.Thread | None = None
        self._running = False
        """The thread will look again at what waits."""

    def add(self, fds: list[int]) -> None:
        """Takes over descriptors of removed files."""
        with self._lock:
            self._fds += fds
            if self._fds and not self._running:
                self._running = True
                self._thread = threading.Thread(target=self._run, name="journal-leftovers", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        waited = 0.0
        while True:
            with self._lock:
                waiting, self._fds = self._fds, []
                if not waiting or waited > LONGEST or self._stopped.is_set():
                    self._running = False
                    break
            left = [fd for fd in waiting if not self._given_back(fd)]
            with self._lock:
                self._fds += left
            if left:
                waited += POLL
                self._stopped.wait(POLL)
        for fd in waiting:
            os.close(fd)

    def _given_back(self, fd: int) -> bool:
        """True if it is closed; False if somebody reads it."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        try:
            size = os.fstat(fd).st_size
            while size > STEP and not self._stopped.wait(REST):
                size -= STEP
                os.ftruncate(fd, size)
        except OSError:
            pass  # the system takes it whole when it is closed
        finally:
            os.close(fd)
        return True

    def close(self) -> None:
        """Lets go of what waits."""
        fds, self._fds = self._fds, []
        for fd in fds:
            os.close(fd)

    def stop(self) -> None:
        """Ends the thread and lets go of everything."""
        self._stopped.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()
        self.close()
