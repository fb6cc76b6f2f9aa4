"""The format of the database, and the steps from an older one to the present one.

A change that an older program can live with (a new table, a new field) raises the minor version, any other the major.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from commtui.store.errors import NewerFormat, OldFormat
from commtui.store.tinydb_sqlite import SqliteDB

MAJORS: Final = 1000
"""What PRAGMA user_version counts a major version as."""
VERSION: Final = 1 * MAJORS
Step = Callable[[SqliteDB], None]
STEPS: Mapping[int, tuple[int, Step]] = {}
"""Version -> the next one, and what makes it, in the open transaction. One for each version that was released."""


def refuse_old(folder: Path) -> None:
    """Raises OldFormat for a folder in which a commtui before SQLite kept its store."""
    if any(folder.glob("snap-*.jl")) or any(folder.glob("log-*.jl")):
        raise OldFormat(folder)


def bring_up(db: SqliteDB, file: Path) -> None:
    """Takes the steps from the version of a file to the present one; a newer minor version is left as it is.

    Raises NewerFormat for a newer major one.
    """
    written = db.user_version
    if written // MAJORS > VERSION // MAJORS:
        raise NewerFormat(file, written // MAJORS, VERSION // MAJORS)
    if written >= VERSION or db.read_only:
        return
    with db.transaction():  # another process may do the same: whoever comes second finds it done
        written = db.user_version
        while written in STEPS:
            written, step = STEPS[written]
            step(db)
        if db.user_version < VERSION:
            db.set_user_version(VERSION)
