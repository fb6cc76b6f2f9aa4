"""The storage: a folder that several processes and threads read and write at the same time. See __init__.py for how
it works."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tinydb.storages import Storage

from commtui.store.journal import files
from commtui.store.journal.base import Base
from commtui.store.journal.columns import Wanted
from commtui.store.journal.errors import Closed, ReadOnly, StoreError
from commtui.store.journal.files import FileLock, explained, keep_damaged, log_name, new_file, snapshot_name
from commtui.store.journal.flusher import Flusher
from commtui.store.journal.format import LOG_HEADER_SIZE, Op, damaged, dumps, header
from commtui.store.journal.index import Indexes
from commtui.store.journal.log import Log, scan
from commtui.store.journal.snapshot import Snapshot, open_snapshot
from commtui.store.journal.state import TableState, Undo
from commtui.store.journal.transaction import Loop, Transaction
from commtui.store.journal.views import TableView
from commtui.store.journal.watch import Watchers


class Damage(NamedTuple):
    """Bytes that could not be understood and were stepped over."""

    file: str
    offset: int
    length: int
    what: str


class Counters:
    """What this handle has done; for tests and reports."""

    __slots__ = ("bytes_written", "cuts", "flushes", "rebases", "reloads", "transactions", "writes")

    def __init__(self) -> None:
        self.transactions = self.writes = self.bytes_written = self.flushes = self.cuts = self.reloads = (
            self.rebases
        ) = 0


class JournalStorage(Storage):
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
        self.folder = Path(folder)
        self.read_only = read_only
        self.grouped = grouped
        self.counters = Counters()
        self.damage: list[Damage] = []
        self._kept: set[Damage] = set()
        indexes, ordered = indexes or {}, ordered or {}
        self.wanted = {name: Wanted(indexes.get(name, ()), ordered.get(name, ())) for name in {*indexes, *ordered}}
        self.lock = threading.RLock()
        """Held while memory is read or changed, never while the disk is waited for."""
        self.watchers = Watchers()
        self.flusher = Flusher(self)
        self.depth = 0
        """How many transactions are open inside each other."""
        self.pinned = 0
        """How many views are open: reads then stay at what is known."""
        self.durable = False
        """Whether the open transaction is to be on disk when it ends."""
        self.loop: Loop | None = None
        """The asyncio loop that the open transaction runs in."""
        self.ops: list[Op] = []
        self.undos: list[Undo] = []
        self.states: dict[str, TableState] = {}
        self._indexes: dict[str, Indexes] = {}
        self.transaction_number = 0
        self.snapshot_generation = -1
        """Generation of the snapshot that the tables stand on; -1: none."""
        self.snapshot_size = 0
        self.indexed = True
        self._failed = ""
        self._held = False
        """Nobody else writes: we hold the writers' lock."""
        self._quiet = False
        self._pid = os.getpid()
        self.log: Log | None = None
        self._write_lock: FileLock | None = None
        self._read_lock: FileLock | None = None
        files.refuse_network(self.folder)
        if not read_only:
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._write_lock = FileLock(self.folder / "lock")
            except OSError as error:
                raise StoreError(f"cannot open the store in {self.folder} ({error.strerror})") from error
        try:
            self._load()
            self._catch_up()
        except BaseException:
            self._shut()
            raise
        _handles.add(self)

    # -- opening

    def _load(self) -> None:
        """Opens the newest snapshot and the journals after it. Others may compact meanwhile: then it is tried again."""
        for attempt in range(100):
            try:
                snaps, logs = files.generations(self.folder)
                if not snaps and not logs:
                    if self.read_only:
                        raise FileNotFoundError
                    self._make_first()
                    continue
                self._stand_on(snaps[-1] if snaps else -1, snaps[-1] if snaps else logs[0])
            except FileNotFoundError:
                time.sleep(0.002 * min(attempt, 10))
            else:
                return
            if self.read_only and attempt > 10 and not self.folder.exists():
                break
        if self.read_only and files_missing(self.folder):
            raise StoreError(f"there is no store in {self.folder}")
        raise damaged(self.folder, "lacks the journal that belongs to its snapshot")

    def _make_first(self) -> None:
        mine = self._stand_still()
        try:
            if files_missing(self.folder):
                new_file(self.folder, log_name(0), header("log", 0))
        except OSError as error:
            raise explained(error, self.folder) from error
        finally:
            self._let_go(mine)

    def _stand_on(self, snapshot: int, generation: int) -> None:
        """Starts from this snapshot (-1: from nothing) and reads the journals from `generation` on."""
        taken = Snapshot({}, 0, 0, [], True)
        if snapshot >= 0:
            taken = open_snapshot(self.folder, snapshot, self.wanted)
        log = Log(self.folder, generation, read_only=self.read_only)
        old = self.states
        self.states = {}
        for name, (base, highest) in taken.tables.items():
            self.states[name] = TableState(base, highest, exists=True)
        for begin, end in taken.damage:
            self._note_damage(snapshot_name(snapshot), begin, end - begin, "not a sound line of a snapshot")
        self.snapshot_generation, self.snapshot_size = snapshot, taken.size
        self.indexed = taken.indexed
        self.transaction_number = taken.transaction
        for name, state in old.items():
            fresh = self.state(name)
            fresh.trackers = [tracker for tracker in state.trackers if tracker.lasting]
            for tracker in fresh.trackers:
                tracker.note_all()
        self._indexes = {}
        self.switch(log)

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
            begin, end = base.place(position)
            self._note_damage(
                snapshot_name(self.snapshot_generation),
                begin,
                end - begin,
                f"document {base.order[position]} of {name}",
            )
            state = self.state(name)
            if state.base is base:
                state.lose(position)

    def indexes(self, name: str) -> Indexes:
        found = self._indexes.get(name)
        if found is None:
            found = self._indexes[name] = Indexes(self.state(name), self.wanted.get(name) or Wanted())
        return found

    def switch(self, log: Log) -> None:
        if self.log is not None:
            self.log.close()
        self.log = log
        if not log.header_sound and log.size() >= LOG_HEADER_SIZE:
            self._note_damage(log.path.name, 0, LOG_HEADER_SIZE, "the version line was changed")

    # -- catching up with other handles

    def refresh(self) -> bool:
        """Applies what others appended: one fstat if there is nothing. True if anything changed."""
        with self.lock:
            self.check()
            if self.depth or self.pinned:
                return False
            changed = self._catch_up()
        if changed:
            self.watchers.tell()
        return changed

    def _catch_up(self) -> bool:
        """Reads the journal from where we are to its end, and on into the next one. True if anything changed."""
        changed = False
        while True:
            log = self.log
            assert log is not None
            size = log.size()
            if size == log.seen:
                if self._held or not self._rebase():
                    return changed
            elif size < log.offset:
                changed = True
                if log.offset == LOG_HEADER_SIZE:
                    self._cut_inside_header()
                    return changed
                self._reload()
            else:
                found, again = self._read(size)
                changed = changed or found
                if not again and (self._held or not self._rebase()):
                    return changed

    def _read(self, size: int) -> tuple[bool, bool]:
        """Reads the journal up to `size`. Returns whether anything changed, and whether there may be more to read."""
        log = self.log
        assert log is not None
        start = log.offset
        data = log.read(size)
        reading = scan(data)
        if reading.damage and not self._held:
            # What others were just writing can look like damage: look again with the writers standing still.
            if self._write_lock is not None or self._lock_to_read():
                mine = self._stand_still()
                try:
                    return self._read(log.size())
                finally:
                    self._let_go(mine)
            if log.read(size) != data:
                return False, True
        for begin, end in reading.damage:
            self._note_damage(log.path.name, start + begin, end - begin, "a transaction that is not whole")
        for number, ops in reading.transactions:
            self.transaction_number = number
            for flag, table, ident, raw in ops:
                self.state(table).apply(flag, ident, raw)
            if not self._quiet:
                self.watchers.note(ops)
        log.offset += reading.good
        if reading.sealed is not None:
            try:
                self.switch(Log(self.folder, reading.sealed, read_only=self.read_only))
            except FileNotFoundError:  # compacted away meanwhile
                self._reload()
                return True, True
            return bool(reading.transactions), True
        if reading.good == len(data):
            log.seen = log.offset
        elif self._held and not self.read_only:
            self._cut_tail(log, data[reading.good :], damaged_tail=reading.tail_damaged)
        return bool(reading.transactions), False

    def _cut_tail(self, log: Log, tail: bytes, *, damaged_tail: bool) -> None:
        """Under the writers' lock: whoever wrote what is not whole is dead."""
        if damaged_tail:
            self._note_damage(log.path.name, log.offset, len(tail), "the end of the journal is damaged")
            self.keep_damage()
        log.cut()
        self.counters.cuts += 1

    def _lock_to_read(self) -> bool:
        """A handle that only reads may make writers wait if it can open their lock."""
        try:
            self._read_lock = self._read_lock or FileLock(self.folder / "lock", read_only=True)
        except OSError:
            return False
        return True

    def _stand_still(self) -> bool:
        """Takes the writers' lock, unless it is ours already. Returns what `_let_go` is to be given."""
        if self._held:
            return False
        if self._write_lock is not None:
            self._write_lock.take()
        else:
            assert self._read_lock is not None
            self._read_lock.take(shared=True)
        self._held = True
        return True

    def _let_go(self, mine: bool) -> None:
        lock = self._write_lock or self._read_lock
        if mine and lock is not None:
            self._held = False
            lock.free()

    def _cut_inside_header(self) -> None:
        """No crash cuts a journal inside its version line; if something else did, the journal is empty."""
        if self.read_only or self.log is None:
            return
        mine = self._stand_still()
        try:
            if self.log.size() < LOG_HEADER_SIZE:
                self.log.restore_header()
        finally:
            self._let_go(mine)

    def _note_damage(self, file: str, offset: int, length: int, what: str) -> None:
        found = Damage(file, offset, length, what)
        if found not in self.damage:
            self.damage.append(found)

    def keep_damage(self) -> None:
        """Copies what was stepped over to the side file, before a compaction removes the files that it stands in."""
        for found in self.damage:
            if found in self._kept or not found.length:
                continue
            try:
                with open(self.folder / found.file, "rb") as file:
                    file.seek(found.offset)
                    data = file.read(found.length)
            except FileNotFoundError:
                continue
            keep_damaged(self.folder, found.file, found.offset, data)
            self._kept.add(found)

    def _reload(self) -> None:
        """Starts anew from what is in the folder: all that we stood on was compacted away."""
        self.counters.reloads += 1
        names = set(self.states)
        self._load()
        self.watchers.note_all(names | set(self.states))

    def _rebase(self) -> bool:
        """Once the snapshot of this journal is there, stands on it: what the journals before it said leaves the
        memory."""
        log = self.log
        if self.depth or log is None or log.generation <= self.snapshot_generation:
            return False
        if not os.path.exists(self.folder / snapshot_name(log.generation)):
            return False
        self.counters.rebases += 1
        offset = log.offset
        self._quiet = True  # nobody needs to hear again of what is known
        try:
            self._stand_on(log.generation, log.generation)
            self._read(offset)
        except FileNotFoundError:
            self._quiet = False
            self._reload()
        finally:
            self._quiet = False
        return True

    # -- writing

    def transaction(self, durable: bool = True) -> Transaction:
        """Opens when entered. See JournalDB.transaction."""
        return Transaction(self, durable=durable)

    def begin_writing(self) -> None:
        """Takes the writers' lock and catches up. Whoever calls holds `lock`."""
        log = self.log
        if log is not None and log.generation > self.snapshot_generation >= -1:
            self._catch_up()  # it may be time to stand on a newer snapshot: not while others wait for us
        self._stand_still()
        try:
            self._catch_up()
        except BaseException:
            self._let_go(True)
            raise
        self.ops, self.undos = [], []

    def end_writing(self) -> None:
        """Lets other writers in."""
        self._let_go(True)

    def change(self, flag: str, table: str, ident: int, raw: bytes = b"") -> None:
        """One change of the open transaction."""
        self.undos.append(self.state(table).apply(flag, ident, raw))
        self.ops.append((flag, table, ident, raw))

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
        try:
            log.append(self.transaction_number + 1, self.ops)
        except OSError as error:
            self.roll_back(0, 0)
            raise explained(error, self.folder) from error
        self.transaction_number += 1
        self.watchers.note(self.ops)
        self.ops, self.undos = [], []
        self.counters.transactions += 1
        self.counters.writes += 1
        self.counters.bytes_written += log.offset - before
        return os.dup(log.fd)  # a compaction may switch journals before it is flushed

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

    def check(self, *, writing: bool = False) -> None:
        """Raises if this handle cannot be used (for writing)."""
        if self.log is None:
            raise Closed(f"the store in {self.folder} is closed")
        if self._pid != os.getpid():
            raise Closed(f"the store in {self.folder} was opened before a fork: open it anew in the child process")
        if writing:
            if self.read_only:
                raise ReadOnly(f"the store in {self.folder} was opened for reading only")
            if self._failed:
                raise Closed(self._failed)

    # -- TinyDB's own contract, for everything that has no quicker way

    def read(self) -> dict[str, Any] | None:
        """All tables, each as a mapping that reads documents when they are asked for; None if there is no table."""
        self.refresh()
        with self.lock:
            return {name: TableView(self, name) for name, state in self.states.items() if state.exists} or None

    def write(self, data: Mapping[str, Mapping[Any, Any]]) -> None:
        """Makes the tables equal to `data`. Slow and correct: compares every document."""
        with self.transaction(not self.grouped):
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
        _handles.discard(self)
        with self.lock:
            self._shut()

    def _shut(self) -> None:
        if self.log is not None:
            self.log.close()
            self.log = None
        for lock in (self._write_lock, self._read_lock):
            if lock is not None:
                lock.close()
        self._write_lock = self._read_lock = None

    def leave_to_parent(self) -> None:
        """After a fork, in the child: the lock and the journal are the parent's, and must not live on here."""
        self._pid = -1
        for file in (self.log, self._write_lock, self._read_lock):
            if file is not None:
                file.close()


def files_missing(folder: Path) -> bool:
    """Whether the folder holds no store."""
    try:
        return files.generations(folder) == ([], [])
    except FileNotFoundError:
        return True


_handles: weakref.WeakSet[JournalStorage] = weakref.WeakSet()


def _after_fork() -> None:
    for handle in list(_handles):
        handle.leave_to_parent()
    _handles.clear()


os.register_at_fork(after_in_child=_after_fork)
