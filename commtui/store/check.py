"""Verifies a home's store, and repairs it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from commtui.store.damage import Damage, damage_of
from commtui.store.format import refuse_old
from commtui.store.schema import BY_NAME
from commtui.store.store import FILE, Store
from commtui.store.tinydb_sqlite import check as engine


class Report(NamedTuple):
    """What was read, what is wrong with it, and what was done."""

    records: int
    """Those that can be read."""
    size: int
    """Bytes."""
    damage: tuple[Damage, ...]
    """Records that cannot be read."""
    miscounted: int
    """Tables of which a count is wrong."""
    structure: tuple[str, ...]
    """What SQLite says of its own pages."""
    journal_pages: int
    """Sound pages of SQLite's journal that stand after a damaged one, and cannot be used."""
    kept: Path | None
    """The damaged file, where it was repaired; a fresh one has taken its place."""
    saved: int
    """Records that were brought over into the fresh file."""
    lost: tuple[Damage, ...]
    """Records that could not be brought over."""


def check(folder: Path, *, repair: bool = True) -> Report | None:
    """Reads every byte of the store in a folder; None where there is none. Safe while others use it.

    Raises StoreError for an older or newer format, a full disk, and a folder that cannot be written.
    """
    refuse_old(folder)
    file = folder / FILE
    if not file.exists():
        return None
    verified = engine.check(file, repair=repair, tables=sorted(BY_NAME))
    salvage = verified.salvage
    if salvage is not None:
        Store(folder).close()  # makes indexes and counts anew
    return Report(
        records=verified.documents,
        size=verified.size,
        damage=tuple(damage_of(document, file) for document in verified.damaged),
        miscounted=len(verified.counts),
        structure=verified.structure,
        journal_pages=verified.journal,
        kept=salvage.kept if salvage else None,
        saved=salvage.documents if salvage else 0,
        lost=tuple(damage_of(document, file) for document in salvage.lost) if salvage else (),
    )
