"""Answers without a scan: equality, counts, sorted views and id ranges. The snapshot's arrays, and over them what
changed since."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, overload

from commtui.store.journal.columns import Wanted, getter
from commtui.store.journal.format import MISSING, hash_of, loads, sort_key
from commtui.store.journal.state import Row, TableState, Tracker, in_order

DAMAGED: Any = object()
"""In place of a document of the snapshot that can't be read: which value it had is not known."""
_UNREAD: Any = object()
NEWEST = 512
"""Members of a sorted view among which a place is looked for first: many arrive within one second."""


class Ids(Sequence[int]):
    """Document ids that never change; cutting and counting cost nothing to speak of."""

    __slots__ = ("_ids",)

    def __init__(self, ids: array[int] | memoryview[int]) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> Ids: ...
    def __getitem__(self, at: int | slice) -> int | Ids:
        return Ids(self._ids[at]) if isinstance(at, slice) else self._ids[at]

    def __iter__(self) -> Iterator[int]:
        return iter(self._ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(int.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Ids({list(self)!r})"


class _Field:
    """Which changed document has which value of a field, and how many documents have each value."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.get = getter(name)
        self.values: dict[int, Any] = {}
        """Value of each document that changed since the snapshot (MISSING: none, or no document)."""
        self.by_hash: dict[int, set[int]] = {}
        self.counts: dict[Any, int] | None = None

    def move(self, ident: int, value: Any, old: Any, was: int | None, now: int | None) -> None:
        """From the value `old`, of hash `was`, to `value`, of hash `now`."""
        if was is not None and was in self.by_hash:
            self.by_hash[was].discard(ident)
        self.values[ident] = value
        if now is not None:
            self.by_hash.setdefault(now, set()).add(ident)
        if self.counts is not None:
            self._count(old, -1)
            self._count(value, 1)

    def _count(self, value: Any, step: int) -> None:
        if self.counts is not None and hash_of(value) is not None:
            number = self.counts.get(value, 0) + step
            if number:
                self.counts[value] = number
            else:
                self.counts.pop(value, None)

    def count_from(self, table: TableState) -> dict[Any, int]:
        """The counts, from those of the snapshot and what changed since."""
        if self.counts is None:
            self.counts = table.base.counts(self.name)
            if self.counts is None:  # too many values to be kept beside the snapshot
                self.counts = {}
                for position in range(table.base.length):
                    raw = table.base.raw(position)
                    self._count(self.get(loads(raw)) if raw is not None else MISSING, 1)
            for ident, value in self.values.items():  # also those whose change was taken back
                self._count(value_of(in_snapshot(table, ident), self), -1)
                self._count(value, 1)
        return self.counts


def in_snapshot(table: TableState, ident: int) -> Any:
    """The document in the snapshot: MISSING or DAMAGED where there is none to read."""
    position = table.base.position(ident)
    if position < 0:
        return MISSING
    raw = table.base.raw(position)
    return DAMAGED if raw is None else loads(raw)


def value_of(document: Any, field: _Field) -> Any:
    """The document's value of the field; MISSING and DAMAGED stay what they are."""
    return document if document is MISSING or document is DAMAGED else field.get(document)


Move = tuple[int, Any, Any, Any]
"""(id, a field's value now, its value before or DAMAGED, the document now or MISSING)."""


class _View:
    """ids of the documents with one value, sorted by another field. The array is replaced, never changed: it is
    handed out."""

    def __init__(self, table: TableState, field: _Field, value: Any, by: str) -> None:
        self._base = table.base
        self._by = by
        self.value = value
        self.get = getter(by)
        self._keys: dict[int, bytes] = {}
        """Sort keys of the members that changed since the snapshot."""
        members = table.base.members(field.name, value, by)
        changed = field.values
        self.ids: array[int] = array("q")
        if changed:
            self.ids.extend([ident for ident in members if ident not in changed])
        else:
            self.ids.frombytes(members.tobytes())
        hashed = hash_of(value)
        new = [] if hashed is None else [i for i in field.by_hash.get(hashed, ()) if field.values[i] == value]
        for ident in new:
            raw = table.raw(ident)
            self._keys[ident] = sort_key(self.get(loads(raw)) if raw is not None else None)
        if len(new) * 16 < len(self.ids):
            for ident in new:
                self.ids.insert(self._place(ident, self._keys[ident]), ident)
        else:
            self.ids = array("q", sorted([*self.ids, *new], key=lambda ident: (self._key(ident), ident)))

    def _key(self, ident: int) -> bytes:
        key = self._keys.get(ident)
        return self._base.key(self._by, self._base.position(ident)) if key is None else key

    def _place(self, ident: int, key: bytes) -> int:
        ids, wanted = self.ids, (key, ident)
        first, last = max(0, len(ids) - NEWEST), len(ids)
        if first and (self._key(ids[first]), ids[first]) >= wanted:  # it is among the newest, as a rule
            first, last = 0, first
        return bisect_left(ids, wanted, first, last, key=lambda other: (self._key(other), other))

    def changed(self, moves: Sequence[Move]) -> None:
        """Takes what moved to or from the value, or may have. A member that keeps its key costs no more than that."""
        gone: list[tuple[bytes, int]] = []
        new: list[tuple[bytes, int]] = []
        for ident, value, old, document in moves:
            held = (old is DAMAGED or old == self.value) and (ident in self._keys or self._base.position(ident) >= 0)
            before = self._key(ident) if held else None
            now = sort_key(self.get(document)) if document is not MISSING and value == self.value else None
            if before == now and old is not DAMAGED:
                continue
            if before is not None:
                gone.append((before, ident))
            if now is not None:
                new.append((now, ident))
        if not gone and not new:
            return
        ids = self.ids = self.ids[:]
        for key, ident in gone:
            at = self._place(ident, key)
            if at < len(ids) and ids[at] == ident:
                del ids[at]
        for _, ident in gone:
            self._keys.pop(ident, None)
        for key, ident in sorted(new):  # so that what arrived is put at the end, one behind the other
            last = not ids or (self._key(ids[-1]), ids[-1]) < (key, ident)
            ids.insert(len(ids) if last else self._place(ident, key), ident)
            self._keys[ident] = key


class Indexes:
    """All that is derived for one table. Nothing is made before it is asked for."""

    MANY = 2000
    """With more changes than this, a sorted view is made anew when it is next asked for."""

    def __init__(self, table: TableState, wanted: Wanted) -> None:
        self._table = table
        self._declared = frozenset(wanted.fields)
        self._fields: dict[str, _Field] = {}
        """Those that were asked for."""
        self._pairs = set(wanted.pairs)
        self._views: dict[tuple[str, Any, str], _View] = {}
        self._added: array[int] | None = None
        self._tracker: Tracker | None = None

    def covers(self, field: str) -> bool:
        return field in self._declared

    def _field(self, name: str) -> _Field:
        """Brings everything up to date, this field included. Raises KeyError if it was not declared."""
        self._settle()
        field = self._fields.get(name)
        if field is None:
            if name not in self._declared:
                raise KeyError(f"no index on {name!r} was declared for this table")
            field = _Field(name)
            for ident in self._table.touched():
                raw = self._table.raw(ident)
                value = MISSING if raw is None else field.get(loads(raw))
                field.move(ident, value, MISSING, None, hash_of(value))
            self._fields[name] = field
        return field

    def reset(self) -> None:
        """Forgets everything: the table stands on another snapshot."""
        self._fields = {}
        self._views = {}
        self._added = None
        if self._tracker is not None:
            self._tracker.reset()

    def _settle(self) -> None:
        """Reads the documents that changed since the last question, once each."""
        tracker = self._tracker
        if tracker is None:
            tracker = self._tracker = Tracker(1 << 62, lasting=False)
            self._table.trackers.append(tracker)
        if tracker.everything:
            self.reset()
        if not tracker.ids:
            return
        self._added = None
        if not self._fields:
            tracker.reset()
            return
        table = self._table
        if len(tracker.ids) > self.MANY:
            self._views.clear()
        moves: dict[tuple[str, int | None], list[Move]] = {}
        unsure: dict[str, list[Move]] = {}
        for ident in tracker.ids:
            raw = table.raw(ident)
            document = MISSING if raw is None else loads(raw)
            before: Any = _UNREAD
            for name, field in self._fields.items():
                value = MISSING if document is MISSING else field.get(document)
                old = field.values.get(ident, _UNREAD)
                if old is _UNREAD:
                    if before is _UNREAD:
                        before = in_snapshot(table, ident)
                    old = value_of(before, field)
                was, now = hash_of(old), hash_of(value)
                field.move(ident, value, old, was, now)
                move = (ident, value, old, document)
                if old is DAMAGED:
                    unsure.setdefault(name, []).append(move)
                    continue
                moves.setdefault((name, was), []).append(move)
                if now != was:
                    moves.setdefault((name, now), []).append(move)
        for (name, value, _), view in self._views.items():
            view.changed(moves.get((name, hash_of(value)), []) + unsure.get(name, []))
        tracker.reset()

    def rows(self, field: str, value: Any) -> list[Row]:
        """The documents that may have this value, in insertion order. Every one that has it is among them."""
        index = self._field(field)
        table, base = self._table, self._table.base
        values = index.values
        positions = base.positions(field, value)
        found: list[Row]
        if positions:
            order = base.order
            found = [(position, ident, None) for position in positions if (ident := order[position]) not in values]
        else:
            found = []
        hashed = hash_of(value)
        new = index.by_hash.get(hashed, ()) if hashed is not None else ()
        if new:
            found += [row for ident in new if (row := table.row(ident)) is not None]
            found.sort(key=in_order)
        return found

    def holders(self, field: str, value: Any) -> list[int]:
        """ids of the documents that may have this value, in no order: `rows` at a third of its price."""
        index = self._field(field)
        values, base = index.values, self._table.base
        positions = base.positions(field, value)
        order = base.order if positions else ()
        found = [order[position] for position in positions]
        if values:
            found = [ident for ident in found if ident not in values]
        hashed = hash_of(value)
        return found if hashed is None else [*found, *index.by_hash.get(hashed, ())]

    def ordered(self, field: str, value: Any, by: str) -> Ids:
        """ids of the documents with that value, by (doc[by], id)."""
        if (field, by) not in self._pairs:
            raise KeyError(f"no ordered index ({field!r}, {by!r}) was declared for this table")
        index = self._field(field)
        view = self._views.get((field, value, by))
        if view is None:
            view = self._views[field, value, by] = _View(self._table, index, value, by)
        return Ids(view.ids)

    def counts(self, field: str) -> dict[Any, int]:
        """How many documents have each value."""
        return dict(self._field(field).count_from(self._table))

    def between(self, first: int, last: int) -> Ids:
        """ids from `first` to `last`, both included."""
        self._settle()
        table = self._table
        if self._added is None:
            self._added = array("q", sorted(table.added))
        added = self._added[bisect_left(self._added, first) : bisect_right(self._added, last)]
        if not table.base.length:
            return Ids(added)
        ids = table.base.ids
        part = ids[bisect_left(ids, first) : bisect_right(ids, last)]
        if table.gone:
            return Ids(array("q", sorted([*(ident for ident in part if ident not in table.gone), *added])))
        return Ids(array("q", sorted([*part, *added]))) if added else Ids(part)
