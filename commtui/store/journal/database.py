"""The database: TinyDB, with transactions, observers and answers from indexes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, cast

from tinydb import TinyDB

from commtui.store.journal import compaction
from commtui.store.journal.damage import Damage
from commtui.store.journal.index import Ids
from commtui.store.journal.storage import JournalStorage
from commtui.store.journal.table import JournalTable
from commtui.store.journal.transaction import Transaction
from commtui.store.journal.watch import Callback


class JournalDB(TinyDB):
    """A TinyDB in a folder. Threads may share one; processes, and other parts of a program, open their own on the
    same folder.

    `indexes`: table -> fields whose equality queries need no scan (`author.handle` is a field of a field).
    `ordered`: table -> (field, by) pairs for `ordered`. Both may change from run to run: what is missing is made when
    it is asked for.
    `grouped`: changes outside of a `transaction` may be flushed in groups, too.
    Raises StoreError and its kinds (errors.py), each with a sentence for the person.
    """

    table_class = JournalTable
    default_storage_class = JournalStorage  # type: ignore[assignment]

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        indexes: Mapping[str, Sequence[str]] | None = None,
        ordered: Mapping[str, Sequence[tuple[str, str]]] | None = None,
        grouped: bool = False,
        read_only: bool = False,
    ) -> None:
        super().__init__(folder, indexes=indexes, ordered=ordered, grouped=grouped, read_only=read_only)
        self._journal = cast(JournalStorage, self._storage)

    def transaction(self, durable: bool = True) -> Transaction:
        """`with db.transaction():` All changes inside, in whatever tables, are one write, and on disk when the block
        ends.

        Inside another one it joins that one. An exception that leaves a block takes back what was done in it. With
        durable=False the flush may come up to 50 ms later, together with others: a power cut may take it, killing the
        process does not. An `await` inside raises AwaitInTransaction and nothing is kept.
        """
        return self._journal.transaction(durable)

    def refresh(self) -> bool:
        """Takes in what other handles wrote: one fstat when there is nothing. True if anything changed. Every read
        does this too."""
        return self._journal.refresh()

    def view(self) -> _View:
        """`with db.view():` Reads inside see one state of all tables. Other threads' calls wait meanwhile; other
        processes do not."""
        return _View(self._journal)

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Calls `callback` with {table: ids, or None for anything} after each change, ours or another's once it is
        taken in.

        It is called outside of all locks, in the thread that made the change or took it in. Returns what ends the
        subscription.
        """
        return self._journal.watchers.add(callback)

    def ordered(self, table: str, field: str, value: Any, by: str) -> Ids:
        """Ids of the documents whose `field` is `value`, sorted by (field `by`, id). Never changes once returned.

        Nothing and null sort first, then numbers, then texts by code point. Raises KeyError if the pair was not
        declared.
        """
        self._journal.refresh()
        with self._journal.lock:
            return self._journal.indexes(table).ordered(field, value, by)

    def counts(self, table: str, field: str) -> Mapping[Any, int]:
        """How many documents have each value of an indexed field. Reads no documents but those that changed since the
        snapshot."""
        self._journal.refresh()
        with self._journal.lock:
            return self._journal.indexes(table).counts(field)

    def raw(self, table: str, doc_id: int) -> bytes | None:
        """A document's JSON as it is stored; None if there is no such document."""
        self._journal.refresh()
        return self._journal.raw(table, doc_id)

    def ids_between(self, table: str, first: int, last: int) -> Ids:
        """The ids from `first` to `last`, both included, in numeric order."""
        self._journal.refresh()
        with self._journal.lock:
            return self._journal.indexes(table).between(first, last)

    def having(self, table: str, field: str, value: Any) -> list[int]:
        """Ids of the documents whose indexed `field` is `value`, and perhaps of a few others: no document is read."""
        self._journal.refresh()
        with self._journal.lock:
            return self._journal.indexes(table).holders(field, value)

    def grep(self, table: str, word: str) -> list[int]:
        """Ids of the documents whose JSON, casefolded, has `word` in it, in no order.

        `word` is casefolded and free of what JSON escapes (quotes, backslashes, control characters).
        """
        return [ident for found in self.grepping(table, word) for ident in found]

    def grepping(self, table: str, word: str) -> Iterator[list[int]]:
        """`grep`, as the table is when the first are asked for, in parts that take about a millisecond each: for who
        has other things to do in between."""
        from commtui.store.journal.needle import holding  # rarely wanted

        self._journal.refresh()
        return holding(self._journal, table, word)

    def compact(self) -> bool:
        """Writes a new snapshot while everyone goes on; for a thread that nobody waits for. False if somebody else is
        at it."""
        return compaction.compact(self._journal)

    def needs_compaction(self) -> bool:
        """Whether `compact` would pay."""
        return compaction.needed(self._journal)

    def flush(self) -> None:
        """Returns when all that was written before is on disk."""
        self._journal.flusher.now()

    @property
    def damage(self) -> tuple[Damage, ...]:
        """What this handle had to step over, so far."""
        return tuple(self._journal.damage.found)

    @property
    def journal(self) -> JournalStorage:
        """The storage, with its counters."""
        return self._journal

    # -- TinyDB's calls that would read and write everything

    def drop_tables(self) -> None:
        """Drops all tables."""
        self._storage.write({})
        for table in self._tables.values():
            cast(JournalTable, table).forget()

    def drop_table(self, name: str) -> None:
        """Drops a table."""
        with self._journal.transaction(None):
            if self._journal.state(name).exists:
                self._journal.change("x", name, 0)
        table = self._tables.pop(name, None)
        if table is not None:
            cast(JournalTable, table).forget()

    def tables(self) -> set[str]:
        """The names of all tables."""
        self._journal.refresh()
        with self._journal.lock:
            return {name for name, state in self._journal.states.items() if state.exists}


class _View:
    def __init__(self, storage: JournalStorage) -> None:
        self._storage = storage

    def __enter__(self) -> None:
        self._storage.lock.acquire()
        try:
            self._storage.refresh()
            self._storage.pinned += 1
        except BaseException:
            self._storage.lock.release()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._storage.pinned -= 1
        self._storage.lock.release()
