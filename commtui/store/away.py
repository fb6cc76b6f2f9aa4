"""The conversations that were away from the queue, snoozed or muted until a time, and whose time has come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from commtui.model.clock import to_iso
from commtui.model.states import Queue
from commtui.store.reader import Reader

TABLE: Final = "conversations"


class Away:
    """The store has them as snoozed or muted: nothing is written when their time comes. Numbers are doc_ids."""

    def __init__(self, reader: Reader) -> None:
        self._db = reader.db

    def woken(self, now: datetime) -> list[int]:
        """The snoozed conversations whose time has come, in the order of these times."""
        return self._back(Queue.SNOOZED, "_queue", Queue.SNOOZED, now)

    def mute_ended(self, now: datetime, then: Queue) -> list[int]:
        """The conversations whose mute has ended and that are open, or waiting, `then`, in the order of these times."""
        return self._back(Queue.MUTED, "_after_mute", then, now)

    def _back(self, away: Queue, field: str, value: Queue, now: datetime) -> list[int]:
        most = self._db.counts(TABLE, "_queue").get(away.value, 0)
        if not most:
            return []
        after = to_iso(now + timedelta(milliseconds=1))  # times are stored to the millisecond; one that is now has come
        return list(self._db.ordered(TABLE, field, value.value, "_wake", below=after, limit=most))
