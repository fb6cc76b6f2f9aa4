"""Compaction: a new snapshot of all that the journal says, while everyone goes on reading and writing.

Under the writers' lock only a new journal is begun and the old one sealed; then the snapshot of the sealed past is
written with no lock held. Its rename makes it count; after that the older files go. Killed anywhere in between, the
chain of journals still says everything.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from commtui.store.journal import files
from commtui.store.journal.errors import StoreError, StoreFull
from commtui.store.journal.files import FileLock, explained, index_name, log_name
from commtui.store.journal.format import header
from commtui.store.journal.leftover import remove_before
from commtui.store.journal.log import Log
from commtui.store.journal.snapshot import Frozen, write_snapshot

if TYPE_CHECKING:
    from commtui.store.journal.state import TableState
    from commtui.store.journal.storage import JournalStorage

LEAST = 1 << 20
"""Bytes of journal that are never too many: reading them takes a few milliseconds."""
RATIO = 0.7
"""Journal bytes for each snapshot byte before it pays: what is written comes to at most 1.1 + 1 / RATIO times the
changes."""


def journal_size(storage: JournalStorage) -> int:
    """Bytes in the journals since the snapshot."""
    total = 0
    for generation in files.generations(storage.folder)[1]:
        if generation >= storage.snapshot_generation:
            try:
                total += os.stat(storage.folder / log_name(generation)).st_size
            except FileNotFoundError:
                pass
    return total


def needed(storage: JournalStorage) -> bool:
    """Whether a compaction would pay now: the journal is long, or the snapshot lacks indexes that are declared."""
    storage.refresh()
    return not storage.indexed or journal_size(storage) > max(LEAST, RATIO * storage.snapshot_size)


def compact(storage: JournalStorage) -> bool:
    """Writes a new snapshot. False if somebody else is at it. Raises StoreFull (nothing changed) and StoreError."""
    storage.check(writing=True)
    lock = FileLock(storage.folder / "compact")
    try:
        if not lock.try_take():
            return False
        files.remove_left_behind(storage.folder)
        storage.refresh()
        storage.flusher.now()  # most of what the seal's flush would wait for, with no lock held
        _check_room(storage)
        generation, transaction, frozen = _rotate(storage)
        storage.damage.keep()
        try:
            written = write_snapshot(
                storage.folder, generation, frozen, storage.wanted, transaction, lambda: time.sleep(0)
            )
        except OSError as error:
            raise explained(error, storage.folder) from error
        storage.counters.bytes_written += written
        storage.damage.keep()
        storage.leftovers.add(remove_before(storage.folder, generation))
        storage.refresh()
        return True
    finally:
        lock.close()


def _check_room(storage: JournalStorage) -> None:
    """A compaction that would fill the disk is not begun."""
    room = os.statvfs(storage.folder)
    needs = storage.snapshot_size + journal_size(storage)
    try:
        needs += os.stat(storage.folder / index_name(storage.snapshot_generation)).st_size
    except FileNotFoundError:
        needs += needs // 4
    if room.f_bavail * room.f_frsize < needs:
        raise StoreFull(f"no room to compact {storage.folder}: it takes about {needs >> 20} MB for a moment; make room")


def _rotate(storage: JournalStorage) -> tuple[int, int, dict[str, Frozen]]:
    """Begins a new journal, seals the old one. Returns (its generation, last transaction before it, the tables as
    they are).

    The new one is made before others have to wait: until the old one is sealed, nobody looks at it.
    """
    assert storage.log is not None
    generation = storage.log.generation + 1
    try:
        files.new_file(storage.folder, log_name(generation), header("log", generation))
    except OSError as error:
        raise explained(error, storage.folder) from error
    with storage.lock:
        storage.check(writing=True)
        storage.begin_writing()
        try:
            old = storage.log
            if old.generation + 1 != generation:
                raise StoreError(f"the journal in {storage.folder} was changed by something else: try again")
            try:
                old.seal(generation)
            except OSError as error:
                raise explained(error, storage.folder) from error
            storage.switch(Log(storage.folder, generation, read_only=False))
            frozen = {name: _freeze(storage, name, state) for name, state in storage.states.items() if state.exists}
            return generation, storage.transaction_number, frozen
        finally:
            storage.end_writing()


def _freeze(storage: JournalStorage, name: str, state: TableState) -> Frozen:
    rows, base = state.frozen(), state.base

    def documents() -> Iterator[tuple[int, bytes]]:
        for position, ident, raw in rows():
            if raw is None:
                raw = base.raw(position)
                if raw is None:
                    storage.lose(name, base, position)
                    continue
            yield ident, raw

    return Frozen(documents, state.highest)
