"""What changed in the tables: read from the feed that triggers write, told to observers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from commtui.store.tinydb_sqlite.connection import Connection
from commtui.store.tinydb_sqlite.values import loads

Ids = set[int] | None
"""Ids that changed; None: anything in the table."""
Changes = dict[str, Ids]
Observer = Callable[[Changes], None]

KEPT_CHANGES = 10_000
"""Changes that stay in the feed for who looks later: whoever is further behind hears "anything"."""

FIRST_AND_LAST = 'SELECT (SELECT min(seq) FROM "%changes"), (SELECT max(seq) FROM "%changes")'


def _add(changes: Changes, table: str, doc_ids: Ids) -> None:
    ids = changes.setdefault(table, set())
    if doc_ids is None or ids is None or len(ids) > KEPT_CHANGES:
        changes[table] = None
    else:
        ids |= doc_ids


class ChangeFeed:
    """One handle's place in the feed. Used under the handle's lock, but for `tell`."""

    def __init__(self, connection: Connection, forget_tables: Callable[[str | None], None]) -> None:
        """`forget_tables` is called with a table that may have been dropped; None: any may."""
        self._forget_tables = forget_tables
        self._untold: Changes = {}
        self._versions: Counter[str | None] = Counter()
        self._untaken: Changes = {}
        """What changed, in the tables that `take_changed` was asked for, since then."""
        self._start(connection)
        self._mark: tuple[int, Changes] = (self._seen, {})
        self.observers: list[Observer] = []

    def _start(self, connection: Connection) -> None:
        self._connection = connection
        self._data_version = -1
        self._seen = connection.number('SELECT ifnull(max(seq), 0) FROM "%changes"')

    def use(self, connection: Connection) -> None:
        """Goes on with another connection, perhaps on another file: anything may have changed."""
        self._start(connection)
        self._take_in_anything()

    def version(self, table: str) -> tuple[int, int]:
        """Returns what differs after each change of a table that was taken in, and after a rollback."""
        return self._versions[None], self._versions[table]

    def catch_up(self) -> None:
        """Takes in what other connections committed; one cheap question where nothing was."""
        data_version = self._connection.number("PRAGMA data_version")
        if data_version != self._data_version:
            self._data_version = data_version
            self.read()

    def read(self) -> None:
        """Takes in all that stands in the feed."""
        first, last = self._connection.one(
            'SELECT (SELECT min(seq) FROM "%changes"), (SELECT max(seq) FROM "%changes")'
        )
        if last is None or last == self._seen:
            return
        seen, self._seen = self._seen, last
        if first - 1 > seen or last - seen > KEPT_CHANGES or last < seen:
            self._take_in_anything()
            return
        # a row of each table: between two rows a thread that computes gets its turn, and keeps it for a while
        sql = 'SELECT name, json_group_array(doc_id) FROM "%changes" WHERE seq > ? GROUP BY name'
        for raw, doc_ids in self._connection.all(sql, (seen,)):
            table = raw.decode()
            self._versions[table] += 1
            found = set(loads(doc_ids))
            if None in found:
                self._forget_tables(table)
            ids: Ids = None if None in found else found
            _add(self._untold, table, ids)
            if table in self._untaken:
                _add(self._untaken, table, ids)

    def _take_in_anything(self) -> None:
        self._versions[None] += 1
        self._untaken.clear()
        self._forget_tables(None)
        tables = {raw.decode() for (raw,) in self._connection.all('SELECT name FROM "%tables"')}
        self._untold |= dict.fromkeys({*(table for table in self._versions if table is not None), *tables})

    def mark(self) -> None:
        """Remembers the place, as a transaction begins."""
        self._mark = self._seen, {table: None if ids is None else set(ids) for table, ids in self._untold.items()}

    def return_to_mark(self) -> None:
        """After a rollback: what was read since is to be read again, and is not told."""
        self._seen, self._untold = self._mark
        self._versions[None] += 1
        self._untaken.clear()
        self.mark()

    def take_changed(self, table: str) -> Ids:
        """Returns the ids that changed in a table since this was asked before; None: anything may have."""
        changed = self._untaken.get(table)
        self._untaken[table] = set()
        return changed

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
