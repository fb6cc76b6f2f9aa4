"""The storage: what a handle writes, and TinyDB's own contract. How it all works stands in __init__.py."""

from __future__ import annotations

import os
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from commtui.store.journal import files
from commtui.store.journal.columns import Wanted
from commtui.store.journal.errors import Closed
from commtui.store.journal.files import explained
from commtui.store.journal.flusher import Flusher
from commtui.store.journal.follow import Follower
from commtui.store.journal.format import Op, dumps
from commtui.store.journal.leftover import Leftovers
from commtui.store.journal.state import Undo
from commtui.store.journal.transaction import Loop, Transaction
from commtui.store.journal.views import TableView


class JournalStorage(Follower, Storage):
    """One handle on the folder. Threads share it; other handles, here or in other processes, have their own."""

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        indexes: Mapping[str, Sequence[str]] | None = None,
        ordered: Mapping[str, Sequence[tuple[str, str]]] | None = None,
        grouped: bool = False,
        read_only: bool = False,
    ) -> None:
        indexes, ordered = indexes or {}, ordered or {}
        wanted = {name: Wanted(indexes.get(name, ()), ordered.get(name, ())) for name in {*indexes, *ordered}}
        super().__init__(Path(folder), wanted, read_only=read_only)
        self.grouped = grouped
        self.flusher = Flusher(self)
        self.leftovers = Leftovers()
        self.durable = False
        """Whether the open transaction is to be on disk when it ends."""
        self.loop: Loop | None = None
        """The asyncio loop that the open transaction runs in."""
        self.ops: list[Op] = []
        self.undos: list[Undo] = []
        _handles.add(self)

    # -- writing

    def transaction(self, durable: bool | None = True) -> Transaction:
        """Opens when entered. See JournalDB.transaction; None: what a call of TinyDB's own opens."""
        return Transaction(self, durable=durable)

    def begin_writing(self) -> None:
        """Takes the writers' lock and catches up. Whoever calls holds `lock`."""
        log = self.log
        if log is not None and log.generation > max(0, self.snapshot_generation):
            self._catch_up()  # it may be time to stand on a newer snapshot: not while others wait for us
        self.turn.take()
        try:
            self._catch_up()
        except BaseException:
            self.turn.free(True)
            raise
        self.ops, self.undos = [], []

    def end_writing(self) -> None:
        """Lets other writers in."""
        self.turn.free(True)

    def change(self, flag: str, table: str, ident: int, raw: bytes = b"") -> None:
        """One change of the open transaction."""
        self.undos.append(self.state(table).apply(flag, ident, raw))
        self.ops.append((flag, table, ident, raw))

    def insert(self, table: str, documents: Mapping[int, bytes]) -> None:
        """New documents in the open transaction; none of the ids may be there."""
        self.undos.append(self.state(table).insert(documents))
        self.ops += [("p", table, ident, raw) for ident, raw in documents.items()]

    def roll_back(self, ops: int, undos: int) -> None:
        """To where the open transaction stood."""
        del self.ops[ops:]
        while len(self.undos) > undos:
            self.undos.pop()()

    def commit(self) -> int:
        """Writes the open transaction. Returns a file descriptor to be flushed and closed; -1 if there is nothing to
        flush."""
        log = self.log
        assert log is not None
        before = log.offset
        fd = -1
        try:
            fd = os.dup(log.fd)  # a compaction may switch journals before it is flushed
            log.append(self.transaction_number + 1, self.ops)
        except OSError as error:
            if fd >= 0:
                os.close(fd)
            self.roll_back(0, 0)
            raise explained(error, self.folder) from error
        self.transaction_number += 1
        self.recent.note(log, self.ops, before, log.offset)
        self.watchers.note(self.ops)
        self.ops, self.undos = [], []
        self.counters.transactions += 1
        self.counters.writes += 1
        self.counters.bytes_written += log.offset - before
        return fd

    def flush(self, fd: int) -> None:
        """Waits for the disk and closes `fd`. Holds no lock: threads and processes share one flush."""
        try:
            files.flush(fd)
            self.counters.flushes += 1
        except OSError as error:
            # What a failed flush left behind cannot be known, and a second one may wrongly succeed.
            self._failed = (
                f"the disk refused to keep what was written in {self.folder} ({error.strerror}): restart the program"
            )
            raise Closed(self._failed) from error
        finally:
            os.close(fd)

    # -- TinyDB's own contract, for everything that has no quicker way

    def read(self) -> dict[str, Any] | None:
        """All tables, each as a mapping that reads documents when they are asked for; None if there is no table."""
        self.refresh()
        with self.lock:
            return {name: TableView(self, name) for name, state in self.states.items() if state.exists} or None

    def write(self, data: Mapping[str, Mapping[Any, Any]]) -> None:
        """Makes the tables equal to `data`. Slow and correct: compares every document."""
        with self.transaction(None):
            for name, state in list(self.states.items()):
                if state.exists and name not in data:
                    self.change("x", name, 0)
            for name, documents in data.items():
                if isinstance(documents, TableView) and documents.storage is self:
                    continue
                self._write_table(name, documents)

    def _write_table(self, name: str, documents: Mapping[Any, Any]) -> None:
        state = self.state(name)
        wanted = {int(key): dumps(document) for key, document in documents.items()}
        if not state.exists:
            self.change("c", name, 0)
        for _, ident, _ in list(state.frozen()()):
            if ident not in wanted:
                self.change("d", name, ident)
        for ident, raw in wanted.items():
            if state.raw(ident) != raw:
                self.change("p", name, ident, raw)

    def close(self) -> None:
        """Flushes what may still wait and lets go of the files. May be called again."""
        self.flusher.stop()
        self.leftovers.stop()
        _handles.discard(self)
        with self.lock:
            self._shut()

    def leave_to_parent(self) -> None:
        """After a fork, in the child: the lock and the journal are the parent's, and must not live on here."""
        self._pid = -1
        for file in (self.log, self.turn, self.leftovers):
            if file is not None:
                file.close()


_handles: weakref.WeakSet[JournalStorage] = weakref.WeakSet()


def _after_fork() -> None:
    for handle in list(_handles):
        handle.leave_to_parent()
    _handles.clear()


os.register_at_fork(after_in_child=_after_fork)
