"""TinyDB over one JSON file, replaced whole under a lock: right for several processes, slow when large.

It has the calls of `store.journal`, which replaces it where the cost must not grow with the history.
"""

from __future__ import annotations

import fcntl
import os
import threading
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from commtui.store.errors import StoreError

Tables = dict[str, dict[str, dict[str, Any]]]
Changes = Mapping[str, set[int] | None]


class PlainStorage(Storage):
    """The file `tables.json`: read again when another process replaced it, written by temporary file and rename."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = folder / "tables.json"
        self.lock = os.open(folder / "LOCK", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.depth = 0
        self.dirty = False
        self.tables: Tables = {}
        self._seen: tuple[int, int, int] | None = None

    def stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def load(self) -> bool:
        """Reads the file if it is not the one last seen; True if so. Raises StoreError."""
        stamp = self.stamp()
        if stamp == self._seen:
            return False
        try:
            self.tables = orjson.loads(self.path.read_bytes()) if stamp else {}
        except (OSError, orjson.JSONDecodeError) as error:
            raise StoreError(f"cannot read {self.path}: {error}") from error
        self._seen = stamp
        return True

    def save(self) -> None:
        """Replaces the file: on disk before it returns. Raises StoreError, and the old file stands."""
        fresh = self.path.with_suffix(".new")
        try:
            with fresh.open("wb") as file:
                file.write(orjson.dumps(self.tables))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink()
            self.forget()
            raise StoreError(f"cannot write {self.path}: {error.strerror}; nothing was changed") from error
        self._seen = self.stamp()

    def forget(self) -> None:
        """Makes the next `load` read the file, whatever is in memory."""
        self._seen = (-1, -1, -1)

    def read(self) -> Tables:
        if not self.depth:
            self.load()
        return self.tables

    def write(self, data: Tables) -> None:
        self.tables = data
        self.dirty = True

    def close(self) -> None:
        os.close(self.lock)


class PlainTable(Table):
    """A TinyDB table whose every change is a transaction of the whole database."""

    database: PlainDB
    default_query_cache_capacity = 0

    def __init__(self, storage: Storage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:
        super().__init__(storage, name, cache_size=0, persist_empty=False)

    def _get_next_id(self) -> int:
        self._next_id = None  # another process may have added since
        return int(super()._get_next_id())  # type: ignore[no-untyped-call]

    def insert(self, document: Mapping[str, Any]) -> int:
        with self.database.transaction():
            return super().insert(document)

    def insert_multiple(self, documents: Any) -> list[int]:
        with self.database.transaction():
            return super().insert_multiple(documents)

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        with self.database.transaction() as touched:
            tables = self._storage.read() or {}
            old = tables.get(self.name, {})
            table: dict[int, Mapping[str, Any]] = {int(key): dict(doc) for key, doc in old.items()}
            updater(table)
            new = {str(key): dict(doc) for key, doc in table.items()}
            changed = {int(key) for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
            touched.setdefault(self.name, set()).update(changed)
            self._storage.write({**tables, self.name: new})


class PlainDB(TinyDB):
    """See the module. `indexes` and `ordered` are taken for the journal's sake; here every question is a scan."""

    table_class = PlainTable

    def __init__(
        self,
        folder: Path,
        *,
        indexes: Mapping[str, Sequence[str]] | None = None,
        ordered: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ) -> None:
        self._mutex = threading.RLock()
        self._touched: dict[str, set[int]] = {}
        self._observers: list[Callable[[Changes], None]] = []
        self._version = 0
        self._memo: dict[tuple[Any, ...], tuple[int, Any]] = {}
        super().__init__(folder, storage=PlainStorage)
        self._plain: PlainStorage = self.storage  # type: ignore[assignment]

    def table(self, name: str, **options: Any) -> Table:
        table = super().table(name)
        table.database = self  # type: ignore[attr-defined]
        return table

    @contextmanager
    def transaction(self, durable: bool = True) -> Iterator[dict[str, set[int]]]:
        """All changes inside are one write, on disk when it ends; an exception takes them all back."""
        storage = self._plain
        changes: dict[str, set[int]] = {}
        with self._mutex:
            if storage.depth:
                yield self._touched
                return
            fcntl.flock(storage.lock, fcntl.LOCK_EX)
            try:
                if storage.load():
                    self._version += 1
                storage.depth, storage.dirty, self._touched = 1, False, {}
                kept = storage.tables
                try:
                    yield self._touched
                except BaseException:
                    storage.tables = kept
                    raise
                finally:
                    storage.depth = 0
                if storage.dirty:
                    storage.save()
                    self._version += 1
                    changes = self._touched
            finally:
                fcntl.flock(storage.lock, fcntl.LOCK_UN)
        if changes:
            self._tell(dict(changes))

    def refresh(self) -> bool:
        """Sees what other processes wrote; True if anything changed."""
        with self._mutex:
            if self._plain.depth or not self._plain.load():
                return False
            self._version += 1
            names = list(self._plain.tables)
        self._tell(dict.fromkeys(names))
        return True

    def subscribe(self, callback: Callable[[Changes], None]) -> Callable[[], None]:
        self._observers.append(callback)
        return lambda: self._observers.remove(callback)

    def _tell(self, changes: Changes) -> None:
        for callback in list(self._observers):
            callback(changes)

    def _once(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        with self._mutex:
            self._plain.read()
            version = -1 if self._plain.depth else self._version
            kept = self._memo.get(key)
            if kept is None or kept[0] != version or version < 0:
                kept = self._memo[key] = (version, make())
            return kept[1]

    def _documents(self, table: str) -> dict[str, dict[str, Any]]:
        return self._plain.tables.get(table, {})

    def ordered(self, table: str, field: str, value: Any, by: str) -> Sequence[int]:
        """The doc_ids whose `field` equals `value`, sorted by (`by`, doc_id)."""

        def make() -> list[int]:
            found = [(doc[by], int(key)) for key, doc in self._documents(table).items() if doc.get(field) == value]
            return [key for _, key in sorted(found)]

        found: list[int] = self._once(("ordered", table, field, value, by), make)
        return found

    def counts(self, table: str, field: str) -> Mapping[Any, int]:
        """How many documents have each value of `field`."""
        found: Mapping[Any, int] = self._once(
            ("counts", table, field), lambda: Counter(doc.get(field) for doc in self._documents(table).values())
        )
        return found

    def raw(self, table: str, doc_id: int) -> bytes | None:
        """The document as JSON."""
        with self._mutex:
            found = self._plain.read().get(table, {}).get(str(doc_id))
            return None if found is None else orjson.dumps(found)

    def ids_between(self, table: str, first: int, last: int) -> Sequence[int]:
        """The doc_ids from `first` to `last`, both included."""
        keys: list[int] = self._once(("keys", table), lambda: sorted(map(int, self._documents(table))))
        return keys[bisect_left(keys, first) : bisect_right(keys, last)]
