"""Mappings over a table that read a document when it is asked for: what TinyDB's own methods are given in place of
dictionaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from commtui.store.journal.format import dumps, loads

if TYPE_CHECKING:
    from commtui.store.journal.storage import JournalStorage

I64 = 1 << 63


def as_id(key: Any) -> int | None:
    """A document id; None for what cannot be one. TinyDB looks ids up as texts, so that "1" is 1 and True is
    nothing."""
    if type(key) is int:
        return key
    text = str(key)
    digits = text.removeprefix("-")
    return int(text) if digits.isdecimal() and digits.isascii() and text == str(int(text)) else None


def checked_id(key: Any) -> int:
    """A document id that can be stored: 64 bits with a sign. Raises ValueError."""
    ident = key if type(key) is int else as_id(key)
    if ident is None or not -I64 <= ident < I64:
        raise ValueError(f"a document id must be a whole number of at most 64 bits, not {key!r}")
    return ident


class TableView(Mapping[str, Any]):
    """A table as `Storage.read()` gives it: text ids to documents, in insertion order."""

    def __init__(self, storage: JournalStorage, name: str) -> None:
        self.storage = storage
        self._name = name

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """(id, document), as the table was when the first one was asked for."""
        with self.storage.lock:
            state = self.storage.state(self._name)
            base = state.base
            rows = state.frozen()
        for position, ident, raw in rows():
            if raw is None:
                raw = base.raw(position)
                if raw is None:
                    self.storage.lose(self._name, base, position)
                    continue
            yield ident, loads(raw)

    def __len__(self) -> int:
        return len(self.storage.state(self._name))

    def __iter__(self) -> Iterator[str]:
        with self.storage.lock:
            rows = self.storage.state(self._name).frozen()
        return (str(ident) for _, ident, _ in rows())

    def __contains__(self, key: object) -> bool:
        ident = as_id(key)
        return ident is not None and self.storage.state(self._name).has(ident)

    def __getitem__(self, key: str) -> Any:
        ident = as_id(key)
        raw = None if ident is None else self.storage.raw(self._name, ident)
        if raw is None:
            raise KeyError(key)
        return loads(raw)


class Overlay(MutableMapping[int, Any]):
    """What TinyDB's updaters change: remembers the documents that were touched and nothing else."""

    def __init__(self, storage: JournalStorage, name: str) -> None:
        self._storage = storage
        self._name = name
        self._touched: dict[int, Any] = {}
        self._raws: dict[int, bytes | None] = {}
        self._again: set[int] = set()
        """Removed and set again: they go last."""
        self._cleared = False

    def _stored(self, key: int) -> bytes | None:
        if self._cleared:
            return None
        if key not in self._raws:
            self._raws[key] = self._storage.raw(self._name, key)
        return self._raws[key]

    def __getitem__(self, key: int) -> Any:
        if key not in self._touched:
            raw = self._stored(key)
            if raw is None:
                raise KeyError(key)
            self._touched[key] = loads(raw)
        document = self._touched[key]
        if document is None:
            raise KeyError(key)
        return document

    def __setitem__(self, key: int, document: Any) -> None:
        if key in self._touched and self._touched[key] is None:
            del self._touched[key]
            self._again.add(key)
        self._touched[key] = document

    def __delitem__(self, key: int) -> None:
        if key not in self:
            raise KeyError(key)
        self._touched[key] = None

    def __contains__(self, key: object) -> bool:
        if key in self._touched:
            return self._touched[key] is not None
        return type(key) is int and self._stored(key) is not None

    def __iter__(self) -> Iterator[int]:
        stored: list[int] = []
        if not self._cleared:
            state = self._storage.state(self._name)
            stored = [ident for _, ident, _ in state.frozen()() if ident not in self._again]
        known = set(stored)
        for ident in stored:
            if self._touched.get(ident, self) is not None:
                yield ident
        for ident, document in list(self._touched.items()):
            if document is not None and ident not in known:
                yield ident

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        self._cleared = True
        self._touched.clear()
        self._again.clear()

    def write(self) -> None:
        """Turns what was touched into changes of the open transaction; what came out the same is none."""
        storage, name = self._storage, self._name
        if self._cleared:
            storage.change("c", name, 0)
        for ident, document in self._touched.items():
            old = self._stored(ident)
            if document is None:
                if old is not None:
                    storage.change("d", name, ident)
                continue
            raw = dumps(document)
            if ident in self._again and old is not None:
                storage.change("d", name, ident)
                old = None
            if raw != old:
                storage.change("p", name, checked_id(ident), raw)
