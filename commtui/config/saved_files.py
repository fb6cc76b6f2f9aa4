"""The folder of saved replies of a program: read when it is first asked for, and again when something changed."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # most commands never ask
    from commtui.config.saved_texts import Problem, SavedFile, SavedTexts, Stamp

LOOKED_AT: Final = 200
"""Files that one look asks for a change within them, in turn: 10,000 would take 20 ms. A file that is added, removed or
replaced changes the folder, which each look asks."""
PATIENCE: Final = 0.03
"""Seconds for which the screen waits for the first reading: a hundred files take as long."""


class SavedFiles:
    """What is in a folder; without one, nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._texts: SavedTexts | None = None
        self._files: dict[Path, SavedFile] = {}
        self._paths: list[Path] = []
        self._at = 0
        self._stamp: Stamp | None = None
        self._thread: threading.Thread | None = None
        self._read: tuple[SavedTexts, dict[Path, SavedFile]] | None = None

    @property
    def current(self) -> SavedTexts:
        """What was read last. The first time it is read now; while a thread does that, there is nothing yet."""
        from commtui.config.saved_texts import SavedTexts

        self._begin()
        return self._texts or SavedTexts()

    def _begin(self) -> None:
        """Reads the folder if it was not, or takes what a thread has read; the first time it waits a moment for it."""
        if self._thread is not None:
            self._thread.join(PATIENCE if self._texts is None else 0)
            self.refresh(wait=False)
        elif self._texts is None:
            self.refresh()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong with files when they were read last; before the first reading, nothing."""
        return self._texts.problems if self._texts else ()

    @property
    def is_read(self) -> bool:
        """Whether `current` has what is in the folder; False while the first reading takes long."""
        if self._folder is None:
            return True
        self._begin()
        return self._texts is not None

    def refresh(self, *, wait: bool = True) -> bool:
        """Reads what has changed; returns whether `current` has. Without `wait` a thread reads it, and a later call
        takes it."""
        if self._folder is None:
            return False
        if self._thread is not None:
            if not wait and self._thread.is_alive():
                return False
            self._thread.join()
            self._thread = None
            return self._take()
        if not self._differs(self._folder):
            return False
        if wait:
            self._load()
            return self._take()
        self._thread = threading.Thread(target=self._load, name="saved replies", daemon=True)
        self._thread.start()
        return False

    def _differs(self, folder: Path) -> bool:
        """Whether the folder, or one of the files whose turn it is, has changed."""
        from commtui.config.saved_texts import stamp_of
        from commtui.config.watch import stamp

        # before reading, so that the next look sees a change that is made meanwhile
        before, self._stamp = self._stamp, stamp(folder)
        if self._texts is None or self._stamp != before:
            return True
        looked_at = self._paths[self._at : self._at + LOOKED_AT]
        self._at = self._at + LOOKED_AT if self._at + LOOKED_AT < len(self._paths) else 0
        return any(stamp_of(path) != self._files[path].stamp for path in looked_at)

    def _load(self) -> None:
        from commtui.config.saved_texts import read_folder

        if self._folder is not None:
            self._read = read_folder(self._folder, self._files)

    def _take(self) -> bool:
        if self._read is None:  # the thread could not end its reading
            return False
        before = self._texts
        (self._texts, self._files), self._read = self._read, None
        self._paths = list(self._files)
        return self._texts != before
