"""What SQL can tell of a TinyDB query beforehand. The query itself is always run too."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from commtui.store.tinydb_sqlite.values import column_value

Condition = tuple[str, list[Any]]
"""SQL, and the values of its parameters."""

_SCALARS = (str, int, float, bool, type(None))
_MOST_VALUES = 900
"""SQLite takes 999 parameters and more."""


def prefilter(query_hash: Any, columns: Mapping[str, str]) -> Condition | None:
    """Returns a condition that holds for all documents which match the query; None if it may be any document.

    TinyDB keeps what a query asks in its hash: ("==", path, value), ("one_of", path, values), and ("and" | "or",
    frozenset of both).
    """
    match query_hash:
        case ("==", path, value):
            return _one_of(path, (value,), columns)
        case ("one_of", path, tuple() | frozenset() as values):
            return _one_of(path, values, columns)
        case ("and" | "or" as word, frozenset() as parts):
            conditions = [prefilter(part, columns) for part in parts]
            known = [condition for condition in conditions if condition is not None]
            if not known or (word == "or" and len(known) < len(conditions)):
                return None
            sql = f" {word.upper()} ".join(sql for sql, _ in known)
            return f"({sql})", [value for _, values in known for value in values]
    return None


def _one_of(path: Any, values: Collection[Any], columns: Mapping[str, str]) -> Condition | None:
    if not path or not all(type(part) is str and "." not in part for part in path) or len(values) > _MOST_VALUES:
        return None
    column = columns.get(".".join(path))
    if column is None or not all(type(value) in _SCALARS for value in values):
        return None
    keys = [column_value(value) for value in values]
    known = [key for key in keys if key is not None]
    sql = f"{column} IN ({','.join('?' * len(known))})"
    return (f"({sql} OR {column} IS NULL)" if len(known) < len(keys) else sql), known


def is_cacheable(query_hash: Any) -> bool:
    """Whether two queries with this hash surely ask the same: TinyDB leaves flags and paths out of some."""
    match query_hash:
        case ("and" | "or", frozenset() as parts):
            return all(map(is_cacheable, parts))
        case ("==", _, value):
            return type(value) in _SCALARS
        case ("exists", _):
            return True
    return False
