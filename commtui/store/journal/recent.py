"""What the present journal said, kept while a snapshot of all before it is being written: taking that snapshot's side
then needs no second reading of the journal."""

from __future__ import annotations

from commtui.store.journal.format import LOG_HEADER_SIZE, Op
from commtui.store.journal.log import Log

MOST = 20_000
"""Changes that are kept; with more, the journal is read again."""


class Recent:
    """Changes of one journal from its beginning on. Used under the storage's lock."""

    def __init__(self) -> None:
        self._log: Log | None = None
        self._ops: list[Op] = []
        self._end = 0

    def begin(self, log: Log) -> None:
        """Keeps what will be read of this journal and written to it."""
        self._log, self._ops, self._end = log, [], LOG_HEADER_SIZE

    def forget(self) -> None:
        """Nothing needs to be kept."""
        self._log, self._ops = None, []

    def note(self, log: Log, ops: list[Op], begin: int, end: int) -> None:
        """These changes stood from byte `begin` to byte `end`."""
        if self._log is not log:
            return
        if begin != self._end or len(self._ops) + len(ops) > MOST:
            self.forget()
            return
        self._ops += ops
        self._end = end

    def of(self, log: Log) -> list[Op] | None:
        """All changes of the journal up to where it is applied; None if they were not kept."""
        return self._ops if self._log is log and self._end == log.offset else None
