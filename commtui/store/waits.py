"""The conversations in which somebody waits for us, in the orders in which rules on time find what is due."""

from __future__ import annotations

from enum import Enum
from typing import Final

from commtui.model.states import Order, Queue
from commtui.store.reader import Reader
from commtui.store.schema import FOREVER, SORTED_BY

TABLE: Final = "conversations"
NEVER: Final = FOREVER
"""Sorts after every time."""


class Wait(Enum):
    """What sorts those who wait: each an order of the store."""

    SINCE = "since"
    AT_RISK = "at risk"
    DUE = "due"


_FIELDS: Final = {Wait.SINCE: "since", Wait.AT_RISK: "_risk", Wait.DUE: SORTED_BY[Order.DUE]}


class Waits:
    """A key is a time in ISO 8601, which more may follow; NEVER for none. Numbers are doc_ids."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._db = reader.db

    def from_key(self, by: Wait, queue: Queue, at_least: str, most: int) -> list[tuple[int, str, str]]:
        """The conversations at a place of the queue in an order, from a key on, at most so many; each with its key, and
        since when it waits."""
        field = _FIELDS[by]
        numbers = list(self._db.ordered(TABLE, "_queue", queue.value, field, at_least=at_least, limit=most))
        keys = self._db.sort_keys(TABLE, field, numbers)
        since = keys if by is Wait.SINCE else self._db.sort_keys(TABLE, "since", numbers)
        return [(number, keys[number][0], since[number][0]) for number in numbers if number in keys]

    def key(self, by: Wait, number: int) -> str:
        """What sorts a conversation in an order."""
        return self._reader.field(TABLE, number, _FIELDS[by])
