"""What the present journal said, kept while a snapshot of all before it is being written: taking that snapshot's side
then needs no second reading of the journal, and each document is touched once, however often it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from commtui.store.journal.format import LOG_HEADER_SIZE, Op
from commtui.store.journal.log import Log
from commtui.store.journal.state import TableState

MOST = 20_000
"""Documents whose change is kept; with more, the journal is read again."""


class Changes(NamedTuple):
    """What happened to some tables since their snapshot."""

    emptied: dict[str, str]
    """The flag (clear or drop) of each table that was emptied; what is in `last` is younger."""
    last: dict[tuple[str, int], tuple[bool, bytes | None]]
    """(table, id) -> (whether it was removed before that, JSON or None), in the order in which they take their
    places."""

    def replay(self, table: Callable[[str], TableState], known: Mapping[str, TableState]) -> None:
        """Applies them to tables that stand on the snapshot before the journal, so that they become like the
        `known`."""
        for name, flag in self.emptied.items():
            table(name).apply(flag, 0, b"")
        for (name, ident), (removed, raw) in self.last.items():
            if removed:
                table(name).apply("d", ident, b"")
            if raw is not None:
                table(name).apply("p", ident, raw)
        for name, state in known.items():  # what came and went left its traces
            fresh = table(name)
            fresh.highest, fresh.exists = state.highest, state.exists


class Recent:
    """Changes of one journal from its beginning on, only the last one of each document. Used under the storage's
    lock."""

    _log: Log | None
    _emptied: dict[str, str]
    _last: dict[tuple[str, int], tuple[bool, bytes | None]]

    def __init__(self) -> None:
        self._end = 0
        self.forget()

    def begin(self, log: Log) -> None:
        """Keeps what will be read of this journal and written to it."""
        self.forget()
        self._log, self._end = log, LOG_HEADER_SIZE

    def forget(self) -> None:
        """Nothing needs to be kept."""
        self._log, self._emptied, self._last = None, {}, {}

    def note(self, log: Log, ops: Iterable[Op], begin: int, end: int) -> None:
        """These changes stood from byte `begin` to byte `end`."""
        if self._log is not log:
            return
        if begin != self._end:
            self.forget()
            return
        last = self._last
        for flag, table, ident, raw in ops:
            key = table, ident
            if flag == "p":
                known = last.get(key)
                last[key] = (known is not None and known[0]), raw  # in its place, if it has one
                if known is not None and known[1] is None:
                    last[key] = last.pop(key)  # removed and inserted again: it goes last
            elif flag == "d":
                last[key] = True, None
            else:
                self._emptied.pop(table, None)
                self._emptied[table] = flag
                for other in [other for other in last if other[0] == table]:
                    del last[other]
        self._end = end
        if len(last) > MOST:
            self.forget()

    def take(self, log: Log) -> Changes | None:
        """All changes of the journal up to where it is applied; None if they were not kept."""
        return Changes(self._emptied, self._last) if self._log is log and self._end == log.offset else None
