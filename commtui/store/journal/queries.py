"""Reads off a TinyDB query which documents can match it at all, where an index knows. The query itself is always run
too."""

from __future__ import annotations

from typing import Any

from commtui.store.journal.index import Indexes
from commtui.store.journal.state import Row, in_order

_SCALARS = (str, int, float, bool, type(None))


def candidates(hashed: Any, indexes: Indexes) -> list[Row] | None:
    """Rows, in insertion order, among which are all that match the query with this hash; None: look at every document.

    TinyDB keeps what a query asks in its hash: ("==", path, value), ("one_of", path, values), ("and" | "or",
    frozenset of both).
    """
    if not isinstance(hashed, tuple) or not hashed:
        return None
    kind = hashed[0]
    if kind == "==" and len(hashed) == 3:
        return _equal(hashed[1], hashed[2], indexes)
    if kind == "one_of" and len(hashed) == 3 and isinstance(hashed[2], tuple | frozenset):
        return _any([_equal(hashed[1], value, indexes) for value in hashed[2]])
    if kind == "and" and isinstance(hashed[1], frozenset):
        known = [rows for part in hashed[1] if (rows := candidates(part, indexes)) is not None]
        return min(known, key=len) if known else None
    if kind == "or" and isinstance(hashed[1], frozenset):
        return _any([candidates(part, indexes) for part in hashed[1]])
    return None


def _equal(path: Any, value: Any, indexes: Indexes) -> list[Row] | None:
    if type(value) not in _SCALARS or not path or not all(type(part) is str and "." not in part for part in path):
        return None
    field = ".".join(path)
    return indexes.rows(field, value) if indexes.covers(field) else None


def _any(parts: list[list[Row] | None]) -> list[Row] | None:
    rows: dict[int, Row] = {}
    for part in parts:
        if part is None:
            return None
        for row in part:
            rows[row[1]] = row
    return sorted(rows.values(), key=in_order)


_PLAIN = {"==", "!=", "<", "<=", ">", ">=", "exists", "one_of", "any", "all"}


def cacheable(hashed: Any) -> bool:
    """Whether two queries with this hash always ask the same.

    TinyDB leaves things out of its hashes: the flags of `matches` and `search`, the path of `fragment`, and whether a
    value was a list or a tuple (which compare differently with JSON). Such queries are not cached.
    """
    if not isinstance(hashed, tuple):
        return False
    if not hashed:
        return True
    kind = hashed[0]
    if kind in ("and", "or"):
        return all(map(cacheable, hashed[1]))
    if kind == "not":
        return cacheable(hashed[1])
    if kind == "test":
        return not any(isinstance(argument, tuple) for argument in hashed[3])
    if kind not in _PLAIN:
        return False
    if kind in ("one_of", "any", "all"):
        inner = getattr(hashed[2], "_hash", hashed)  # any(query): the query stands in the hash
        return inner is hashed or cacheable(inner)
    return len(hashed) == 2 or not isinstance(hashed[2], tuple)
