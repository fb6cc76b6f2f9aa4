"""Verifies a home's store, and repairs it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from commtui.store.damage import Damage
from commtui.store.store import FILE, Store


class Report(NamedTuple):
    """What was read, and what could not be."""

    records: int
    size: int
    """Bytes."""
    damage: list[Damage]


def check(folder: Path) -> Report | None:
    """Reads every record of the store in a folder; None where there is none. Safe while others use it.

    Raises StoreError where the file cannot be read at all.
    """
    file = folder / FILE
    if not file.exists():
        return None
    store = Store(folder)
    try:
        records = sum(1 for _ in store.transfer.lines())
        damage = store.damage
        store.remove_damaged()
        return Report(records, file.stat().st_size, damage)
    finally:
        store.close()
