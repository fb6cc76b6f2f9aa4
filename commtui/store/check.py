"""Verifies and repairs a home's store: the hot part and the archive."""

from __future__ import annotations

from pathlib import Path

from commtui.store.journal.check import Report, verify


def check(folder: Path, repair: bool = True) -> list[Report]:
    """A report for each part. Safe while others use the store. Raises StoreError where a part can't be read at all."""
    parts = [folder]
    if (folder / "archive").is_dir():
        parts.append(folder / "archive")
    return [verify(part, repair=repair) for part in parts]
