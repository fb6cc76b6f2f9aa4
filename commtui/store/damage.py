"""Records that cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from commtui.model import ids
from commtui.store.schema import BY_NAME, LOG, UNDO
from commtui.store.tinydb_sqlite import Damage as DamagedDocument


class Damage(NamedTuple):
    """A record that cannot be read and was left out; the rest of the store works."""

    kind: str
    """The name of its type in model/records.py; `undo` for a person's list of steps to undo."""
    file: Path
    ids: tuple[str, ...]
    """Its id: one of these. Empty where its kind has none."""


def damage_of(document: DamagedDocument, file: Path) -> Damage:
    """A damaged document as a record of ours."""
    table = BY_NAME.get(document.table)
    if table is None:
        return Damage({LOG: "Activity", UNDO: "undo"}.get(document.table, document.table), file, ())
    return Damage(table.record, file, tuple(ids.from_number(letter, document.doc_id) for letter in table.letters))
