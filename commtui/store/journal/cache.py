"""Results of queries, patched with what changed instead of thrown away, whoever changed it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from tinydb.utils import LRUCache

from commtui.store.journal.format import loads
from commtui.store.journal.state import Row, Tracker, in_order

if TYPE_CHECKING:
    from commtui.store.journal.storage import JournalStorage

MOST = 5000
"""With more changes than this at once, results are made anew."""


class _Result:
    """Rows in insertion order; `ranks`: those of documents that changed since the snapshot (a rank may be gone from
    the table)."""

    __slots__ = ("ranks", "rows")

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.ranks = {row[1]: row[0] for row in rows if row[2] is not None}


class QueryCache:
    """Over TinyDB's own LRU cache of a table. Used under the storage's lock."""

    def __init__(self, fresh: LRUCache[Any, Any], storage: JournalStorage, name: str, capacity: int) -> None:
        self._fresh = fresh
        """What TinyDB calls the query cache: empty after each write, as in TinyDB."""
        self._retired: LRUCache[Any, _Result] = LRUCache(capacity=capacity)
        self._storage = storage
        self._name = name
        self._tracker = Tracker(MOST, lasting=True)
        with storage.lock:
            storage.state(name).trackers.append(self._tracker)

    @property
    def version(self) -> int:
        """Grows with every change of the table."""
        return self._tracker.version

    def get(self, cond: Any) -> list[Row] | None:
        self._patch()
        if not self._fresh and not self._retired:
            return None
        result = self._fresh.get(cond)
        if result is None:
            result = self._retired.get(cond)
            if result is None:
                return None
            del self._retired[cond]
            self._fresh[cond] = result
        rows: list[Row] = result.rows
        return rows

    def put(self, cond: Any, rows: list[Row]) -> None:
        self._fresh[cond] = _Result(rows)

    def retire(self) -> None:
        """The table was written to."""
        for cond, result in self._fresh.cache.items():
            self._retired[cond] = result
        self._fresh.clear()

    def clear(self) -> None:
        self._fresh.clear()
        self._retired.clear()

    def _patch(self) -> None:
        tracker = self._tracker
        if tracker.everything:
            self.clear()
        elif tracker.ids:
            results = [*self._fresh.cache.items(), *self._retired.cache.items()]
            if results:
                state = self._storage.state(self._name)
                base = state.base
                for _, result in results:
                    result.rows = result.rows[:]  # somebody may be reading it
                for ident in tracker.ids:
                    row = state.row(ident)
                    raw = self._storage.raw(self._name, ident) if row is not None else None
                    document = None if raw is None else loads(raw)
                    position = base.position(ident)
                    for cond, result in results:
                        _replace(result, ident, position)
                        if row is not None and document is not None and cond(document):
                            result.rows.insert(bisect_left(result.rows, row[0], key=in_order), row)
                            if row[2] is not None:
                                result.ranks[ident] = row[0]
        tracker.reset()


def _replace(result: _Result, ident: int, position: int) -> None:
    """Takes a document out of a result, wherever it stood."""
    rank = result.ranks.pop(ident, position)
    rows = result.rows
    at = bisect_left(rows, rank, key=in_order)
    if rank >= 0 and at < len(rows) and rows[at][1] == ident:
        del rows[at]
