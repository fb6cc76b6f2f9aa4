"""Keeping one handle's tables in step with the folder: opening it, and reading what others wrote."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

from commtui.store.journal import files
from commtui.store.journal.columns import Wanted
from commtui.store.journal.counters import Counters
from commtui.store.journal.errors import Closed, ReadOnly, StoreError
from commtui.store.journal.files import explained, log_name, new_file, snapshot_name
from commtui.store.journal.format import LOG_HEADER_SIZE, damaged, header
from commtui.store.journal.log import Log, scan
from commtui.store.journal.recent import Recent
from commtui.store.journal.snapshot import Snapshot, open_snapshot
from commtui.store.journal.state import TableState
from commtui.store.journal.tables import Tables
from commtui.store.journal.turn import Turn
from commtui.store.journal.watch import Watchers


class Follower(Tables):
    """Follows the journals of a folder. All of it is used under `lock`."""

    def __init__(self, folder: Path, wanted: Mapping[str, Wanted], *, read_only: bool) -> None:
        super().__init__(folder, wanted)
        self.read_only = read_only
        self.counters = Counters()
        self.watchers = Watchers()
        self.depth = 0
        """How many transactions are open inside each other."""
        self.pinned = 0
        """How many views are open: reads then stay at what is known."""
        self.transaction_number = 0
        self.snapshot_size = 0
        self.indexed = True
        """The snapshot's index has all that is declared."""
        self._failed = ""
        self._quiet = False
        self._pid = os.getpid()
        self.log: Log | None = None
        self.recent = Recent()
        files.refuse_network(self.folder)
        if not read_only:
            self._make_folder()
        try:
            self.turn = Turn(self.folder, read_only=read_only)
        except OSError as error:
            raise StoreError(f"cannot open the store in {self.folder} ({error.strerror})") from error
        try:
            self._load()
            self._catch_up()
        except BaseException:
            self._shut()
            raise

    # -- opening

    def _make_folder(self) -> None:
        try:
            if not self.folder.is_dir():
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                files.flush_folder(self.folder.parent)
        except OSError as error:
            raise StoreError(f"cannot open the store in {self.folder} ({error.strerror})") from error

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
                if not snaps and logs[0]:
                    raise FileNotFoundError  # a journal continues a snapshot, which must be there
                self._stand_on(snaps[-1] if snaps else -1, snaps[-1] if snaps else 0)
            except FileNotFoundError:
                time.sleep(0.002 * min(attempt, 10))
            else:
                return
            if self.read_only and attempt > 10 and not self.folder.exists():
                break
        if self.read_only and files_missing(self.folder):
            raise StoreError(f"there is no store in {self.folder}")
        raise damaged(self.folder, "lacks its snapshot or the journal that belongs to it")

    def _make_first(self) -> None:
        mine = self.turn.take()
        try:
            if files_missing(self.folder):
                new_file(self.folder, log_name(0), header("log", 0))
        except OSError as error:
            raise explained(error, self.folder) from error
        finally:
            self.turn.free(mine)

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
            self.damage.note(snapshot_name(snapshot), begin, end - begin, "not a sound line of a snapshot")
        self.snapshot_generation, self.snapshot_size = snapshot, taken.size
        self.indexed = taken.indexed
        self.transaction_number = taken.transaction
        for name, state in old.items():
            fresh = self.state(name)
            fresh.trackers = [tracker for tracker in state.trackers if tracker.lasting]
            for tracker in fresh.trackers:
                tracker.note_all()
        self.forget_indexes()
        self.switch(log)

    def switch(self, log: Log) -> None:
        if self.log is not None:
            self.log.close()
        self.log = log
        if log.generation > max(0, self.snapshot_generation):
            self.recent.begin(log)
        else:
            self.recent.forget()
        if not log.header_sound and log.size() >= LOG_HEADER_SIZE:
            self.damage.note(log.path.name, 0, LOG_HEADER_SIZE, "the version line was changed")

    # -- catching up with other handles

    def refresh(self) -> bool:
        """Applies what others appended: one fstat if there is nothing. True if anything changed."""
        with self.lock:
            self.check()
            if self.depth or self.pinned:
                return False
            changed = self._catch_up()
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
                if self.turn.held or not self._rebase():
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
                if not again and (self.turn.held or not self._rebase()):
                    return changed

    def _read(self, size: int) -> tuple[bool, bool]:
        """Reads the journal up to `size`. Returns whether anything changed, and whether there may be more to read."""
        log = self.log
        assert log is not None
        start = log.offset
        data = log.read(size)
        reading = scan(data)
        if reading.damage and not self.turn.held:
            # What others were just writing can look like damage: look again with the writers standing still.
            if self.turn.possible():
                mine = self.turn.take()
                try:
                    return self._read(log.size())
                finally:
                    self.turn.free(mine)
            if log.read(size) != data:
                return False, True
        for begin, end in reading.damage:
            self.damage.note(log.path.name, start + begin, end - begin, "a transaction that is not whole")
        for number, ops in reading.transactions:
            self.transaction_number = number
            for flag, table, ident, raw in ops:
                self.state(table).apply(flag, ident, raw)
            if not self._quiet:
                self.watchers.note(ops)
        every = (op for _, ops in reading.transactions for op in ops)
        self.recent.note(log, every, start, start + reading.good)
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
        elif self.turn.held and not self.read_only:
            self._cut_tail(log, data[reading.good :], damaged_tail=reading.tail_damaged)
        return bool(reading.transactions), False

    def _cut_tail(self, log: Log, tail: bytes, *, damaged_tail: bool) -> None:
        """Under the writers' lock: whoever wrote what is not whole is dead."""
        if damaged_tail:
            self.damage.note(log.path.name, log.offset, len(tail), "the end of the journal is damaged")
            self.damage.keep()
        log.cut()
        self.counters.cuts += 1

    def _cut_inside_header(self) -> None:
        """No crash cuts a journal inside its version line; if something else did, the journal is empty."""
        if self.read_only or self.log is None:
            return
        mine = self.turn.take()
        try:
            if self.log.size() < LOG_HEADER_SIZE:
                self.log.restore_header()
        finally:
            self.turn.free(mine)

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
        if self.depth or log is None or log.generation <= max(0, self.snapshot_generation):
            return False
        if not os.path.exists(self.folder / snapshot_name(log.generation)):
            return False
        self.counters.rebases += 1
        offset, number = log.offset, self.transaction_number
        recent = self.recent.take(log)
        known = self.states
        self._quiet = True  # nobody needs to hear again of what is known
        try:
            self._stand_on(log.generation, log.generation)
            if recent is None:
                self._read(offset)
            else:
                recent.replay(self.state, known)
                assert self.log is not None
                self.log.offset, self.transaction_number = offset, number
        except FileNotFoundError:
            self._quiet = False
            self._reload()
        finally:
            self._quiet = False
        return True

    # -- the end

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

    def _shut(self) -> None:
        if self.log is not None:
            self.log.close()
            self.log = None
        self.turn.close()


def files_missing(folder: Path) -> bool:
    """Whether the folder holds no store."""
    try:
        return files.generations(folder) == ([], [])
    except FileNotFoundError:
        return True
