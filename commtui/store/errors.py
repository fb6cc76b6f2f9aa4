"""What can go wrong with the store: errors with fields. Front ends make their sentences."""

from __future__ import annotations

from pathlib import Path

from commtui.store.tinydb_sqlite.errors import (
    NetworkFileSystem,
    NewerFormat,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
)

__all__ = [
    "NetworkFileSystem",
    "NewerFormat",
    "NewerRecord",
    "OldFormat",
    "StoreBusy",
    "StoreDamaged",
    "StoreError",
    "StoreFull",
    "StoreMissing",
    "StoreReadOnly",
    "UnreadableRecord",
]


class OldFormat(StoreError):
    """The folder holds a store of a commtui before 0.2, which this one does not read. A backup of that one it does."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "a store of an older commtui")


class UnreadableRecord(StoreError):
    """A document that is no record of its kind."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__("", f"{kind}: {what}")
        self.kind, self.what = kind, what


class NewerRecord(StoreError):
    """A record of a version that this program does not know."""

    def __init__(self, written: int, known: int) -> None:
        super().__init__("", f"a record of version {written}, known is {known}")
        self.written, self.known = written, known
