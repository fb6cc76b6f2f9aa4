"""One handle's tables in memory: documents by id, their indexes, and what turned out to be damaged."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from commtui.store.journal.base import Base
from commtui.store.journal.columns import Wanted
from commtui.store.journal.damage import DamageList
from commtui.store.journal.files import snapshot_name
from commtui.store.journal.index import Indexes
from commtui.store.journal.state import TableState


class Tables:
    """The tables by name. All of it is used under `lock`."""

    def __init__(self, folder: Path, wanted: Mapping[str, Wanted]) -> None:
        self.folder = folder
        self.wanted = wanted
        self.damage = DamageList(folder)
        self.lock = threading.RLock()
        """Held while memory is read or changed, never while the disk is waited for."""
        self.states: dict[str, TableState] = {}
        self.snapshot_generation = -1
        """Generation of the snapshot that the tables stand on; -1: none."""
        self._indexes: dict[str, Indexes] = {}

    def state(self, name: str) -> TableState:
        """The table in memory; made (but not on disk) if there is none."""
        state = self.states.get(name)
        if state is None:
            wanted = self.wanted.get(name) or Wanted()
            state = self.states[name] = TableState(Base(wanted), 0, exists=False)
        return state

    def raw(self, name: str, ident: int) -> bytes | None:
        """The JSON of a document; None if there is none."""
        with self.lock:
            state = self.state(name)
            row = state.row(ident)
            if row is None or row[2] is not None:
                return row and row[2]
            raw = state.base.raw(row[0])
            if raw is None:
                self.lose(name, state.base, row[0])
            return raw

    def lose(self, name: str, base: Base, position: int) -> None:
        """A line of the snapshot turned out to be damaged: its document is named in `damage` and no longer counts."""
        with self.lock:
            state = self.state(name)
            if state.base is not base:
                return  # an older snapshot: the newer one was made without that line
            begin, end = base.place(position)
            self.damage.note(
                snapshot_name(self.snapshot_generation),
                begin,
                end - begin,
                f"document {base.order[position]} of {name}",
            )
            state.lose(position)

    def indexes(self, name: str) -> Indexes:
        found = self._indexes.get(name)
        if found is None:
            found = self._indexes[name] = Indexes(self.state(name), self.wanted.get(name) or Wanted())
        return found

    def forget_indexes(self) -> None:
        """The tables stand on another snapshot."""
        self._indexes = {}
