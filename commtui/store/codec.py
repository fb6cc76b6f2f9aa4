"""Records to JSON documents and back, by their type hints. Every document names its schema version in `v`.

A record is cleaned before it becomes a document (model/cleaning.py): nothing else is ever stored.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from msgspec import DecodeError, Struct, ValidationError, convert, json

from commtui.model.cleaning import cleaned
from commtui.model.clock import to_iso
from commtui.store.errors import NewerRecord, UnreadableRecord

VERSION = 1
Migration = Callable[[str, dict[str, Any]], dict[str, Any]]
MIGRATIONS: dict[int, Migration] = {}
"""n -> what makes a document of version n one of n + 1, given its type's name: run on read, kept by the next write.
One for each version below VERSION. It gives a new document, and leaves index fields alone: they are derived anew."""
R = TypeVar("R", bound=Struct)


def to_document(record: Any) -> dict[str, Any]:
    """The document of a record, cleaned: JSON values, times by `to_iso`. Raises ValueError for a time without a zone,
    NotText for a value that is no string where one is promised."""
    return encode(record)[1]


def encode(record: R) -> tuple[R, dict[str, Any]]:
    """The record, cleaned, and its document. Raises as `to_document`."""
    record = cleaned(record)
    document: dict[str, Any] = json.decode(json.encode(record))
    for name in _times(type(record)):
        moment = getattr(record, name)
        if isinstance(moment, datetime):
            document[name] = to_iso(moment)  # msgspec leaves out a fraction of zero, and then texts do not sort
    document["v"] = VERSION
    return record, document


def encode_changes(old: R, new: R) -> tuple[R, dict[str, Any]]:
    """`new`, cleaned, and the values in its document of the fields in which it differs from `old`. Raises as `encode`.

    In a fraction of the time of `encode`: what was stored is clean.
    """
    names = [name for name in type(new).__struct_fields__ if getattr(old, name) != getattr(new, name)]
    new = cleaned(new, names)
    values: dict[str, Any] = json.decode(json.encode({name: getattr(new, name) for name in names}))
    for name in names:
        value = getattr(new, name)
        if isinstance(value, datetime):
            values[name] = to_iso(value)
    return new, values


def from_document(kind: type[R], document: dict[str, Any]) -> R:
    """The record of a document. Fields that it lacks take their defaults; those that the type lacks are left out.

    Raises StoreError for a newer version and for values that do not fit the type.
    """
    if document.get("v", 1) != VERSION:
        document = _migrated(kind.__name__, document)
    try:
        return convert(document, kind)
    except ValidationError as error:
        raise UnreadableRecord(kind.__name__, str(error)) from error


def from_json(kind: type[R], raw: bytes) -> R:
    """`from_document` of a document's JSON, in less than half the time: no dictionary is built for it."""
    try:
        if _decoder(_Version).decode(raw).v == VERSION:
            return _decoder(kind).decode(raw)
        document: dict[str, Any] = json.decode(raw)
    except DecodeError as error:
        raise UnreadableRecord(kind.__name__, str(error)) from error
    return from_document(kind, document)


class _Version(Struct):
    """The version of a document."""

    v: int = 1


_decoders: dict[type[Any], json.Decoder[Any]] = {}


def _decoder(kind: type[R]) -> json.Decoder[R]:
    """Made once for each type: it costs more than what it decodes."""
    if kind not in _decoders:
        _decoders[kind] = json.Decoder(kind)
    return _decoders[kind]


def _migrated(name: str, document: dict[str, Any]) -> dict[str, Any]:
    version: int = document.get("v", 1)
    if version > VERSION:
        raise NewerRecord(version, VERSION)
    for step in range(version, VERSION):
        document = {**MIGRATIONS[step](name, document), "v": step + 1}
    return document


@cache
def _times(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a record that hold a time. Nothing is sorted by the times of the structs inside it."""
    return tuple(name for name, hint in get_type_hints(kind).items() if datetime in (hint, *get_args(hint)))
