"""Verifies and repairs a home's store: the hot part and the archive."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from commtui.store.journal.check import Report, verify
from commtui.store.journal.files import flush, flush_folder, generations, log_name, snapshot_name


def check(folder: Path, repair: bool = True) -> list[Report]:
    """A report for each part that is there. Safe while others use the store. Raises StoreError where a part can't be
    read at all.
    """
    parts = [part for part in (folder, folder / "archive") if part.is_dir() and generations(part) != ([], [])]
    return [_checked(part, repair) for part in parts]


def _checked(part: Path, repair: bool) -> Report:
    kept = _journals_aside(part) if repair else []
    report = verify(part, repair=repair)
    return replace(report, actions=(*kept, *report.actions))


def _journals_aside(part: Path) -> list[str]:
    """Where the snapshot is lost, its journals are kept: with it, should it turn up, they are the whole store."""
    snaps, logs = generations(part)
    if snaps and (part / snapshot_name(snaps[-1])).stat().st_size:
        return []
    if not snaps and not logs[0]:
        return []  # a store that has no snapshot yet
    names = [log_name(each) for each in logs]
    for name in names:
        kept = part / f"{name}.kept"
        shutil.copy2(part / name, kept)
        with kept.open("rb") as copy:
            flush(copy.fileno())  # on disk before the repair removes the journal itself
    flush_folder(part)
    where = ", ".join(f"{name}.kept" for name in names)
    return [f"kept what was written since as {where}: put it back with the snapshot if you find that"] if names else []
