"""What was done long ago: left out of the queue, counts and panes; found by id, in its thread and by `is:archived`.

A conversation moves whole, with all that was said in it, and comes back whole when it is written to again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from commtui.model import ids
from commtui.model.clock import to_iso
from commtui.model.states import Lane, Queue
from commtui.store.reader import Reader
from commtui.store.schema import ENDED, PARTS, pane_of

AT_ONCE: Final = 50
"""Conversations, posts and acts that move in one call."""
A_TURN: Final = 10
"""Conversations that move in one transaction: other writers wait for no more."""
Place = tuple[str, int]
"""(table, doc_id)"""


class Archive:
    """The archived part of a home's store."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._db = reader.db

    def take(self, before: datetime, most: int = AT_ONCE) -> int:
        """Moves what was done, or went out, before a moment: at most `most` conversations, posts and acts each.

        Returns how many documents moved. Raises StoreError.
        """
        limit, moved = to_iso(before), 0
        waiting = self._candidates("conversations", "_queue", Queue.DONE.value, "_done", limit)
        left, over = most, False
        while left and not over:
            with self._db.transaction():
                for _ in range(min(left, A_TURN)):
                    places = next(filter(None, map(self._whole, waiting)), None)
                    if places is None:
                        over = True
                        break
                    moved += self._move(places)
                    left -= 1
        with self._db.transaction():
            moved += self._move(list(self._singles(limit, most)))
        return moved

    def _candidates(self, table: str, field: str, value: str, by: str, limit: str) -> Iterator[int]:
        """The documents of an order that stand before a limit; what was moved meanwhile is passed over."""
        asked, size = set[int](), AT_ONCE
        while True:
            numbers = self._db.ordered(table, field, value, by, below=limit, limit=size)
            for number in numbers:
                if number not in asked:
                    asked.add(number)
                    yield number
            if len(numbers) < size:
                return
            size *= 2

    def _singles(self, limit: str, most: int) -> Iterator[Place]:
        """Posts, and acts, that ended before a limit."""
        for state in ENDED:
            for number in self._db.ordered(
                "outgoing", "_pane", pane_of(Lane.MARKETING, state), "_at", below=limit, limit=most
            ):
                yield "outgoing", number
            for number in self._db.ordered("acts", "state", state.value, "created_at", below=limit, limit=most):
                yield "acts", number

    def _whole(self, number: int) -> list[Place]:
        """A conversation, its parts and the ids that were folded into it; nothing while a reply is under way."""
        identity = ids.from_number(ids.CONVERSATION, number)
        if self._reader.field("conversations", number, "_queue") != Queue.DONE.value:
            return []  # it changed since it was chosen
        over = {pane_of(lane, state) for lane in Lane for state in ENDED}
        places = [(table, part) for table in PARTS for part in self._db.having(table, "conversation", identity)]
        replies = (part for table, part in places if table == "outgoing")
        if any(self._reader.field("outgoing", part, "_pane") not in over for part in replies):
            return []
        folded = self._db.having("conversations", "folded_into", identity)
        return [("conversations", number), *(("conversations", other) for other in folded), *places]

    def _move(self, places: list[Place], *, back: bool = False) -> int:
        tables: dict[str, list[int]] = {}
        for table, number in places:
            tables.setdefault(table, []).append(number)
        for table, numbers in tables.items():
            self._db.archive(table, numbers, back=back)
        return len(places)

    def bring_back(self, table: str, number: int, conversation: str | None) -> None:
        """Takes a document, or the whole conversation that it belongs to, out of the archive where it is there.

        Within an open transaction."""
        if table == "conversations":
            conversation = ids.from_number(ids.CONVERSATION, number)
        if conversation is None or table not in (*PARTS, "conversations"):
            if self._db.archived_among(table, [number]):
                self._db.archive(table, [number], back=True)
            return
        whole = ids.number(conversation)
        if self._db.archived_among("conversations", [whole]):
            parts = [
                (name, part)
                for name in PARTS
                for part in self._db.having(name, "conversation", conversation, archived=True)
            ]
            self._move([("conversations", whole), *parts], back=True)
        elif self._db.archived_among(table, [number]):  # one that moves into another conversation
            self._db.archive(table, [number], back=True)
