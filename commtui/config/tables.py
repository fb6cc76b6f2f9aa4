"""How a table of TOML becomes a frozen record, and what is said of one that cannot.

Imported by every command, `commtui status` too: nothing here may import tomlkit, tzlocal, dateutil or logging.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeVar

from msgspec import Struct

from commtui.config import readers
from commtui.config.readers import Reader, Wrong

PLACES: Final[dict[type[Struct], str]] = {}
"""The records of tables -> where their keys stand, for a message about a key in another place."""


class Setting(NamedTuple):
    """How a setting is read and documented: the metadata of its field's type."""

    read: Reader
    default: str = ""
    """The default in docs/config.md; empty: the field's own."""
    shape: str = ""
    """Its value in docs/config.md; empty: a table, which is described apart."""
    key: str = ""
    """Its name in TOML, where that is not the field's."""


def settings_of(kind: type[Any]) -> dict[str, Setting]:
    """Field -> its setting. The modules of these records have no `from __future__ import annotations`: an annotation is
    an object there, and nothing has to be evaluated."""
    return {name: kind.__annotations__[name].__metadata__[0] for name in kind.__struct_fields__}


class SettingError(Exception):
    """A table holds what is no setting; `path` is the key's, for its line in the file."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path


_Record = TypeVar("_Record", bound=Struct)


def read_table(kind: type[_Record], table: Mapping[str, Any], place: tuple[str | int, ...]) -> _Record:
    """The record of a TOML table at `place` in the file. Raises SettingError."""
    known = {setting.key or name: (name, setting) for name, setting in settings_of(kind).items()}
    for key in table:
        if key not in known:
            raise SettingError((*place, key), _unknown(key, kind, list(known), place))
    values: dict[str, Any] = {}
    for key, (name, setting) in known.items():
        if key not in table:
            continue
        try:
            values[name] = setting.read(table[key])
            _check_visible(table[key])
        except Wrong as wrong:
            raise SettingError((*place, key), f"`{key}` must be {wrong}{_instead(key, table[key])}") from None
    return kind(**values)


def _keys(kind: type[Struct]) -> set[str]:
    """The names of a table's settings in TOML."""
    return {setting.key or name for name, setting in settings_of(kind).items()}


def _check_visible(value: Any) -> None:
    """Raises Wrong if a string of the value, in tables and lists too, has characters that cannot be seen."""
    if not readers.is_visible(value):
        raise Wrong("without control and invisible characters")


def _instead(key: str, value: Any) -> str:
    """The value in the file, if it is short and cannot be a secret."""
    if key.startswith("token") or isinstance(value, (list, dict)) or (isinstance(value, int) and abs(value) > 1 << 99):
        return ""
    shown = str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, str) else str(value)
    return f"; it is {shown}" if len(shown) <= 40 else ""


def _unknown(key: str, kind: type[Struct], known: list[str], place: tuple[str | int, ...]) -> str:
    from commtui.model.suggestions import nearest

    within = f" in [{place[0]}]" if len(place) == 1 else f" in [[{place[0]}]]" if place else ""
    elsewhere = [where for other, where in PLACES.items() if other is not kind and key in _keys(other)]
    near = nearest(key, known)
    if elsewhere and (place or not near):  # at the top stand the headings of tables, too
        return f"unknown key {key!r}{within}: it belongs {elsewhere[0]}"
    if near:
        return f"unknown key {key!r}{within}: do you mean `{near}`?"
    return f"unknown key {key!r}{within}; known are: " + ", ".join(known)
