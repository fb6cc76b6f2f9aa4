"""One function that cleans every string of every record, by the types of its fields.

Whatever brings a record (a network, a plug-in, an import, a restore, the config) goes through `cleaned`, and so does
whatever is stored. Nobody lists fields: the plan for a type is made from its annotations, once, and a type that has a
field of which nobody knows whether it holds strings is refused when its plan is made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import Struct
from msgspec.structs import replace

from commtui.model import text
from commtui.model.strings import StringKind

S = TypeVar("S", bound=Struct)
Cleaner = Callable[[Any], Any]
"""Gives the very object that it is given where that is clean."""

MOST: Final = 8192
"""Characters of an id or an address that are kept: more than any browser takes."""
_NO_STRINGS: Final = (bool, int, float, bytes, date, datetime, timedelta, NoneType, Path)


class NotText(TypeError):
    """A value that is no string stands where one is promised; `str()` names it."""


def cleaned(record: S, names: Collection[str] | None = None) -> S:
    """The record with every string as its kind may be (model/strings.py); the same object where all of them were.

    Records within it and the entries of tuples, lists and mappings are cleaned too. `names`: the fields that may need
    it; None: all. Raises NotText.
    """
    changes = {}
    for name, clean in _plan(type(record)):
        if names is not None and name not in names:
            continue
        value = getattr(record, name)
        new = clean(value)
        if new is not value:
            changes[name] = new
    return replace(record, **changes) if changes else record


def clean_line(value: str) -> str:
    """A string as StringKind.LINE."""
    if value.isascii() and value.isprintable() and "  " not in value and value == value.strip(" "):
        return value
    line = text.one_line(text.clean(value))
    return value if line == value else line


def _text(value: str) -> str:
    new = text.clean(value)
    return value if new == value else new


def _id(value: str) -> str:
    if value.isascii() and value.isprintable() and len(value) <= MOST:
        return value
    new = text.plain_id(value)
    new = new if len(new) <= MOST else text.snippet(new, MOST)
    return value if new == value else new


def _address(value: str) -> str:
    new = text.plain_address(value)
    new = new if len(new) <= MOST else text.snippet(new, MOST)
    return value if new == value else new


def _opaque(value: str) -> str:
    new = text.plain_opaque(value)
    return value if new == value else new


_CLEANERS: Final[Mapping[StringKind, Callable[[str], str]]] = MappingProxyType(
    {
        StringKind.LINE: clean_line,
        StringKind.TEXT: _text,
        StringKind.ID: _id,
        StringKind.ADDRESS: _address,
        StringKind.OPAQUE: _opaque,
    }
)


@cache
def _plan(kind: type[Any]) -> tuple[tuple[str, Cleaner], ...]:
    """The fields of a record that may hold strings, each with what cleans it. Raises TypeError for an unknown type."""
    hints = get_type_hints(kind, include_extras=True)
    planned = ((name, _cleaner(hints[name])) for name in kind.__struct_fields__)
    return tuple((name, clean) for name, clean in planned if clean is not None)


def _cleaner(hint: Any) -> Cleaner | None:
    """What cleans a value of that type; None: it holds no string. Raises TypeError for an unknown type."""
    origin = get_origin(hint)
    if origin is Annotated:
        base, *metadata = get_args(hint)
        kinds = [part for part in metadata if isinstance(part, StringKind)]
        return _of_string(kinds[0]) if kinds else _cleaner(base)
    if hint is str:
        return _of_string(StringKind.LINE)
    if hint is Any:
        return clean_value
    if origin in (Union, UnionType):
        return _of_union(get_args(hint))
    if origin is Literal or hint in _NO_STRINGS:
        return None
    if isinstance(hint, type) and issubclass(hint, Enum):
        return None
    if isinstance(hint, type) and issubclass(hint, Struct):
        return cleaned
    arguments = get_args(hint)
    if origin in (tuple, list) and (len(arguments) == 1 or arguments[1:] == (...,)):
        return _of_entries(_cleaner(arguments[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _of_mapping(_cleaner(arguments[0]), _cleaner(arguments[1]))
    raise TypeError(f"{hint!r} may hold strings: say in model/cleaning.py how they are cleaned")


def _of_string(kind: StringKind) -> Cleaner:
    clean = _CLEANERS[kind]

    def clean_string(value: Any) -> Any:
        if type(value) is str:
            return clean(value)
        if isinstance(value, str):
            return value if isinstance(value, Enum) else clean(str.__str__(value))
        raise NotText(f"{type(value).__name__} instead of text")

    return clean_string


def _of_union(members: tuple[Any, ...]) -> Cleaner | None:
    """What cleans a value that is of one of these types; at most one of them may hold strings."""
    cleaners = [clean for clean in map(_cleaner, members) if clean is not None]
    if len(cleaners) > 1:
        raise TypeError(f"{members!r}: say in model/cleaning.py how such a value is cleaned")
    if not cleaners:
        return None
    clean = cleaners[0]
    others = tuple(member for member in members if isinstance(member, type) and _cleaner(member) is None)
    if others == (NoneType,):
        return lambda value: value if value is None else clean(value)
    return lambda value: value if isinstance(value, others) else clean(value)


def _of_entries(clean: Cleaner | None) -> Cleaner | None:
    if clean is None:
        return None

    def clean_entries(values: Any) -> Any:
        new = [clean(value) for value in values]
        same = all(after is before for after, before in zip(new, values, strict=True))
        return values if same else type(values)(new)

    return clean_entries


def _of_mapping(key: Cleaner | None, value: Cleaner | None) -> Cleaner:
    def clean_mapping(values: Any) -> Any:
        new = {key(k) if key else k: value(v) if value else v for k, v in values.items()}
        same = len(new) == len(values) and all(k in values and v is values[k] for k, v in new.items())
        return values if same else new

    return clean_mapping


def clean_value(value: Any) -> Any:
    """A value of any type, such as one read from JSON, with its strings as texts and its keys as ids."""
    if isinstance(value, str):
        return value if isinstance(value, Enum) else _text(str.__str__(value))
    if isinstance(value, Struct):
        return cleaned(value)
    if isinstance(value, Mapping):
        return _ANY_MAPPING(value)
    if isinstance(value, list | tuple):
        return _ANY_ENTRIES(value)
    return value


def _any_key(key: Any) -> Any:
    return _opaque(key) if isinstance(key, str) else key


_ANY_MAPPING: Final = _of_mapping(_any_key, clean_value)
_ANY_ENTRIES: Final = _of_entries(clean_value) or clean_value
