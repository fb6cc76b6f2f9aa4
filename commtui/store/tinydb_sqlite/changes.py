"""What changed in the tables: read from the feed that triggers write, told to listeners and observers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from commtui.store.tinydb_sqlite.connection import Connection

Ids = set[int] | None
"""Ids that changed; None: anything in the table."""
Changes = dict[str, Ids]
Observer = Callable[[Changes], None]

KEPT_CHANGES = 10_000
"""Changes that stay in the feed for who looks later: whoever is further behind hears "anything"."""


class ChangeFeed:
    """One handle's place in the feed. Used under the handle's lock, but for `tell`."""

    def __init__(self, connection: Connection, forget_table: Callable[[str], None]) -> None:
        """`forget_table` is called with a table that may have been dropped."""
        self._connection = connection
        self._forget_table = forget_table
        self._listeners: dict[str, list[Callable[[Ids], None]]] = {}
        self._untold: Changes = {}
        self._version = -1
        self._seen = connection.number('SELECT ifnull(max(seq), 0) FROM "%changes"')
        self._mark: tuple[int, Changes] = (self._seen, {})
        self.observers: list[Observer] = []

    def use(self, connection: Connection) -> None:
        """Goes on with another connection, perhaps on another file: anything may have changed."""
        self._connection = connection
        self._version = -1
        self._seen = connection.number('SELECT ifnull(max(seq), 0) FROM "%changes"')
        self._take_in(dict.fromkeys({*self._listeners, *self._tables()}))

    def listen(self, table: str, listener: Callable[[Ids], None]) -> None:
        """Calls `listener` whenever changes of a table are taken in: for who keeps something that depends on it."""
        self._listeners.setdefault(table, []).append(listener)

    def catch_up(self) -> None:
        """Takes in what other connections committed; one cheap question where nothing was."""
        version = self._connection.number("PRAGMA data_version")
        if version != self._version:
            self._version = version
            self.read()

    def read(self) -> None:
        """Takes in all that stands in the feed."""
        first, last = self._connection.one(
            'SELECT (SELECT min(seq) FROM "%changes"), (SELECT max(seq) FROM "%changes")'
        )
        if last is None or last == self._seen:
            return
        changes: Changes = {}
        if first - 1 > self._seen or last - self._seen > KEPT_CHANGES or last < self._seen:
            changes = dict.fromkeys({*self._listeners, *self._tables()})
        else:
            sql = 'SELECT name, doc_id FROM "%changes" WHERE seq > ?'
            for name, doc_id in self._connection.all(sql, (self._seen,)):
                _add(changes, name.decode(), None if doc_id is None else {doc_id})
        self._seen = last
        self._take_in(changes)

    def _tables(self) -> set[str]:
        return {name.decode() for (name,) in self._connection.all('SELECT name FROM "%tables"')}

    def _take_in(self, changes: Changes) -> None:
        for table, ids in changes.items():
            if ids is None:
                self._forget_table(table)
            for listener in self._listeners.get(table, ()):
                listener(ids)
            _add(self._untold, table, None if ids is None else set(ids))

    def mark(self) -> None:
        """Remembers the place, as a transaction begins."""
        self._mark = self._seen, {table: None if ids is None else set(ids) for table, ids in self._untold.items()}

    def return_to_mark(self) -> None:
        """After a rollback: what was read since is to be read again, and is not told."""
        self._seen, self._untold = self._mark
        self.mark()

    def distrust(self) -> None:
        """Makes all listeners forget what they keep."""
        for listener in chain.from_iterable(self._listeners.values()):
            listener(None)

    def take_untold(self) -> Changes:
        changes, self._untold = self._untold, {}
        return changes

    def tell(self, changes: Changes) -> None:
        """Calls the observers; outside of all locks."""
        for observer in list(self.observers):
            try:
                observer(changes)
            except Exception:  # the change is on disk: whoever made it must not hear that it failed
                import logging  # 5 ms that a command need not pay

                logging.getLogger(__name__).exception("an observer of the store failed")


def joined(known: Ids, more: Ids, most: int) -> Ids:
    """Returns the ids of both, in the first set; None if that is anything, or more than `most`."""
    if known is None or more is None:
        return None
    known |= more
    return None if len(known) > most else known


def _add(changes: Changes, table: str, ids: Ids) -> None:
    changes[table] = joined(changes.setdefault(table, set()), ids, KEPT_CHANGES)
