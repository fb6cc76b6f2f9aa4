"""JSON that servers send, read as structs. A field that has a default may be missing or wrong; any other must be right.

One wrong value costs that field or that item and never the items beside it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin

import msgspec
from msgspec import Meta, Struct, convert

from commtui.model.clock import AwareDatetime, from_iso
from commtui.networks.base import Malformed

log = logging.getLogger(__name__)

LOGGED: Final = 10
"""Malformed items of one list that are logged one by one; the others are counted."""

S = TypeVar("S", bound=Struct)
T = TypeVar("T")

Text = Annotated[str, Meta(min_length=1)]
"""A text that is not empty."""
Id = Annotated[str, Meta(min_length=1, title="id")]
"""An opaque id. A number counts as its digits: some servers send those."""
Count = Annotated[int, Meta(ge=0, le=10**12)]
"""How many of something. A greater number is wrong: nothing that is calculated with it or shown has room for it."""
IDS: Final = (Id, Id | None)
TIMES: Final = (AwareDatetime, AwareDatetime | None)


def items(value: Any) -> list[Any]:
    """The entries of a list; none of what is no list."""
    return value if isinstance(value, list) else []


def read(value: Any, kind: type[S]) -> S:
    """The struct of a decoded value. Raises Malformed where a field without a default is missing or wrong."""
    try:
        return convert(value, kind)
    except ValueError:
        if not isinstance(value, dict):
            raise Malformed(f"{kind.__name__} is no object") from None
    known = {}
    for field in _fields(kind):
        try:
            known[field.name] = _field(value[field.encode_name], field.type)
        except (KeyError, ValueError, OverflowError, Malformed):
            if field.required:
                raise Malformed(f"{kind.__name__} without a readable {field.encode_name}") from None
    return kind(**known)


def read_each(values: Any, reader: Callable[[Any], T | None]) -> tuple[list[T], int]:
    """What `reader` makes of the entries of a list, without None, and how many it refused with Malformed: logged."""
    results: list[T] = []
    skipped = 0
    for value in items(values):
        try:
            result = reader(value)
        except Malformed as error:
            skipped += 1
            if skipped <= LOGGED:
                log.warning("skipped a malformed item: %s", error)
            continue
        if result is not None:
            results.append(result)
    if skipped > LOGGED:
        log.warning("skipped %d malformed items in all", skipped)
    return results, skipped


def read_known(values: Any, kind: type[S]) -> list[S]:
    """The structs of the entries of a list that can be read; for lists beside the items, such as their authors."""
    return read_each(values, lambda value: read(value, kind))[0]


@cache
def _fields(kind: type[Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)


def _field(value: Any, hint: Any) -> Any:
    """A field's value. Raises ValueError, Malformed."""
    try:
        return convert(value, hint)
    except ValueError:
        if isinstance(value, int) and not isinstance(value, bool) and hint in IDS:
            return convert(str(value), hint)
        if isinstance(value, str) and hint in TIMES:
            return _time(value)
        if get_origin(hint) is tuple:
            if isinstance(value, list):
                return tuple(_entries(value, get_args(hint)[0]))
            raise
        for struct in (hint, *get_args(hint)):
            if isinstance(struct, type) and issubclass(struct, Struct):
                return read(value, struct)
        raise


def _time(text: str) -> datetime:
    """A time in one of the forms that msgspec does not read; without a zone it is UTC."""
    return from_iso(text)


def _entries(values: Iterable[Any], hint: Any) -> Iterable[Any]:
    for value in values:
        try:
            yield _field(value, hint)
        except (ValueError, OverflowError, Malformed):
            continue
