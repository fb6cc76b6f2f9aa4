"""Records to JSON documents and back, by their type hints. Every document names its schema version in `v`."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from commtui.model.clock import from_iso, to_iso
from commtui.store.errors import StoreError

VERSION = 1
Migration = Callable[[str, dict[str, Any]], dict[str, Any]]
MIGRATIONS: dict[int, Migration] = {}
"""n -> what makes a document of version n one of n + 1, given its type's name: run on read, kept by the next write.
One for each version below VERSION. It gives a new document, and leaves index fields alone: they are derived anew."""
R = TypeVar("R")
Read = Callable[[Any], Any]


def write(value: Any) -> Any:
    """A value of a record as JSON knows it."""
    if value is None or isinstance(value, str | int | float):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, datetime):
        return to_iso(value)
    if isinstance(value, tuple | list):
        return [write(each) for each in value]
    if isinstance(value, dict):
        return {key: write(each) for key, each in value.items()}
    if is_dataclass(value):
        return {each: write(getattr(value, each)) for each in _names(type(value))}  # type: ignore[arg-type]  # hashable
    raise TypeError(f"no form in the store for {type(value).__name__}")


def to_document(record: Any) -> dict[str, Any]:
    """A record as a document of the store."""
    document: dict[str, Any] = write(record)
    document["v"] = VERSION
    return document


def from_document(kind: type[R], document: dict[str, Any]) -> R:
    """The record of a document; fields that it lacks take their defaults. Raises StoreError for a newer version."""
    if document.get("v", 1) != VERSION:
        document = _migrated(kind.__name__, document)
    record: R = _reader(kind)(document)  # type: ignore[arg-type]
    return record


def _migrated(name: str, document: dict[str, Any]) -> dict[str, Any]:
    version: int = document.get("v", 1)
    if version > VERSION:
        raise StoreError(
            f"a record of version {version} was written by a newer commtui; this one knows {VERSION}: update it"
        )
    for each in range(version, VERSION):
        document = {**MIGRATIONS[each](name, document), "v": each + 1}
    return document


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def _same(value: Any) -> Any:
    return value


def _maybe(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


def _many(read: Read) -> Read:
    return tuple if read is _same else lambda value: tuple(map(read, value))


@cache
def _reader(kind: Any) -> Read:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        chosen = [each for each in inner if each is not type(None)]
        read = _reader(chosen[0]) if len(chosen) == 1 else _same
        return read if read is _same else _maybe(read)
    if origin is tuple:
        return _many(_reader(inner[0]))
    if kind is datetime:
        return from_iso
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if is_dataclass(kind):
        return _dataclass_reader(kind)  # type: ignore[arg-type]
    return _same


def _dataclass_reader(kind: type[Any]) -> Read:
    hints = get_type_hints(kind)
    plain = [each.name for each in fields(kind) if _reader(hints[each.name]) is _same]
    others = [(each.name, _reader(hints[each.name])) for each in fields(kind) if each.name not in plain]
    needed = {each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING}

    def read(document: dict[str, Any]) -> Any:
        found = {name: document[name] for name in plain if name in document}
        for name, convert in others:
            if name in document:
                found[name] = convert(document[name])
        if not needed <= found.keys():
            missing = ", ".join(sorted(needed - found.keys()))
            raise StoreError(f"a damaged record ({kind.__name__} without {missing}): run `commtui doctor --store`")
        return kind(**found)

    return read
