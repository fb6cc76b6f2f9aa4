"""The sorted arrays that stand beside a snapshot, built from its documents: where each one is, and what has which
value.

For a table of n documents, in the order in which they were inserted (`position` 0..n-1):
    starts   n+1 x u64   where the line of each position begins in the snapshot (the last: where the table ends)
    order    n x i64     id at each position
    ids      n x i64     sorted ids                 (left out, with rank, if order is sorted)
    rank     n x u32     position of each sorted id
    eq:F     <= n x u64  hash(value of F) << 32 | position, sorted: an equality index; the query is always run on what
    it finds counts:F JSON        [[value, number of documents], ...] of F, left out above MANY values
    groups:F:B  u64      hash(value of F) << 32 | where its ids begin in ids:F:B, sorted, one for each value
    ids:F:B  n x i64     ids of each value of F, one after the other, sorted by (B, id)
    keyat:B  n+1 x u32, key:B bytes   the sort key of B at each position
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from operator import itemgetter
from typing import Any

from commtui.store.journal.format import MISSING, dumps, hash_of, path_of, sort_key, value_at

MANY = 4096
"""More different values than this and they are not counted beside the snapshot."""


class Wanted:
    """What a table's indexes are declared to be."""

    __slots__ = ("fields", "pairs")

    def __init__(self, fields: Iterable[str] = (), pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.pairs = tuple(dict.fromkeys(pairs))
        self.fields = tuple(dict.fromkeys([*fields, *(field for field, _ in self.pairs)]))

    def names(self) -> set[str]:
        """The sections that must be there."""
        names = {f"eq:{field}" for field in self.fields}
        for field, by in self.pairs:
            names |= {f"groups:{field}:{by}", f"ids:{field}:{by}", f"keyat:{by}", f"key:{by}"}
        return names


def getter(field: str) -> Callable[[Any], Any]:
    """Reads a field of a document; MISSING where there is none."""
    path = path_of(field)
    if len(path) == 1:
        name = path[0]
        return lambda document: document.get(name, MISSING)
    return lambda document: value_at(document, path)


class Columns:
    """Takes the documents of one table in order, gives the sections."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._order = array("q")
        self._values: list[tuple[Callable[[Any], Any], list[Any]]] = [(getter(f), []) for f in wanted.fields]
        self._bys = list(dict.fromkeys(by for _, by in wanted.pairs))
        self._keys: list[tuple[Callable[[Any], Any], list[bytes]]] = [(getter(by), []) for by in self._bys]

    def add(self, ident: int, document: Mapping[str, Any]) -> None:
        self._order.append(ident)
        for get, values in self._values:
            values.append(get(document))
        for get, keys in self._keys:
            keys.append(sort_key(get(document)))

    def sections(self, pause: Callable[[], None]) -> dict[str, bytes]:
        """All but `starts`. Calls `pause` between the parts, so that other threads come to their turn."""
        order = self._order
        made: dict[str, bytes] = {"order": order.tobytes()}
        ids = sorted(order)
        if ids != order.tolist():
            position = {ident: at for at, ident in enumerate(order)}
            made["ids"] = array("q", ids).tobytes()
            made["rank"] = array("I", map(position.__getitem__, ids)).tobytes()
        pause()
        for field, (_, values) in zip(self._wanted.fields, self._values, strict=True):
            made |= _equality(field, values)
            pause()
        for by, (_, keys) in zip(self._bys, self._keys, strict=True):
            made[f"keyat:{by}"] = array("I", [0, *accumulate(map(len, keys))]).tobytes()
            made[f"key:{by}"] = b"".join(keys)
        columns = dict(zip(self._wanted.fields, (values for _, values in self._values), strict=True))
        sortable = dict(zip(self._bys, (keys for _, keys in self._keys), strict=True))
        for field, by in self._wanted.pairs:
            made |= _ordered(field, by, columns[field], sortable[by], order)
            pause()
        return made


def _equality(field: str, values: Sequence[Any]) -> dict[str, bytes]:
    hashes: dict[Any, int | None] = {}
    counts: dict[Any, int] = {}
    entries = array("Q")
    for position, value in enumerate(values):
        if value is MISSING or type(value) in (dict, list):
            continue
        hashed = hashes.get(value, MISSING)
        if hashed is MISSING:
            if len(hashes) > MANY:
                hashes.clear()
            hashed = hashes[value] = hash_of(value)
        if hashed is None:
            continue
        entries.append(hashed << 32 | position)
        if len(counts) <= MANY:
            counts[value] = counts.get(value, 0) + 1
    made = {f"eq:{field}": array("Q", sorted(entries)).tobytes()}
    if len(counts) <= MANY:
        made[f"counts:{field}"] = dumps({"counts": list(counts.items())})
    return made


def _ordered(
    field: str, by: str, values: Sequence[Any], keys: Sequence[bytes], order: Sequence[int]
) -> dict[str, bytes]:
    groups: dict[Any, list[tuple[bytes, int]]] = {}
    for value, key, ident in zip(values, keys, order, strict=True):
        if value is not MISSING and type(value) not in (dict, list):
            groups.setdefault(value, []).append((key, ident))
    starts: list[int] = []
    ids = array("q")
    hashed = [(number, members) for value, members in groups.items() if (number := hash_of(value)) is not None]
    for number, members in sorted(hashed, key=itemgetter(0)):
        starts.append(number << 32 | len(ids))
        members.sort()
        ids.extend([ident for _, ident in members])
    return {f"groups:{field}:{by}": array("Q", starts).tobytes(), f"ids:{field}:{by}": ids.tobytes()}
