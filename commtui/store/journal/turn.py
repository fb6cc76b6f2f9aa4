"""Whose turn it is to write: one handle's hold on the writers' lock, which dies with its process."""

from __future__ import annotations

from pathlib import Path

from commtui.store.journal.files import FileLock


class Turn:
    """Of a handle that writes, or of one that only reads and may make writers wait while it looks twice."""

    def __init__(self, folder: Path, *, read_only: bool) -> None:
        """Raises OSError if a writer cannot make the lock file."""
        self._path = folder / "lock"
        self._read_only = read_only
        self._lock = None if read_only else FileLock(self._path)
        self.held = False
        """Nobody else writes."""

    def possible(self) -> bool:
        """Whether this handle can make writers wait."""
        if self._lock is None:
            try:
                self._lock = FileLock(self._path, read_only=True)
            except OSError:
                return False
        return True

    def take(self) -> bool:
        """Waits until nobody writes. Returns what `free` is to be given: False if it was our turn already."""
        if self.held or self._lock is None:
            return False
        self._lock.take(shared=self._read_only)
        self.held = True
        return True

    def free(self, mine: bool) -> None:
        """Ends it, if `take` began it."""
        if mine and self._lock is not None:
            self.held = False
            self._lock.free()

    def close(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
