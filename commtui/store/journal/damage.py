"""What could not be understood: where it stood, and keeping it in a side file before that file goes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from commtui.store.journal.files import keep_damaged


class Damage(NamedTuple):
    """Bytes that could not be understood and were stepped over."""

    file: str
    offset: int
    length: int
    what: str


class DamageList:
    """What one handle has stepped over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.found: list[Damage] = []
        self._kept: set[Damage] = set()

    def note(self, file: str, offset: int, length: int, what: str) -> None:
        """Once for each place."""
        found = Damage(file, offset, length, what)
        if found not in self.found:
            self.found.append(found)

    def keep(self) -> None:
        """Copies what was found to the side file. Raises OSError."""
        for found in self.found:
            if found in self._kept or not found.length:
                continue
            try:
                with open(self._folder / found.file, "rb") as file:
                    file.seek(found.offset)
                    data = file.read(found.length)
            except FileNotFoundError:
                continue
            keep_damaged(self._folder, found.file, found.offset, data)
            self._kept.add(found)
