"""The entries of the config's tables with names of one's own: saved replies, macros, views, keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from commtui.config.setting_row import Described, Kind, as_it_can_be_changed
from commtui.model.text import one_line

ENTRIES: Final[Mapping[str, Kind]] = {"saved": "text", "views": "text", "macros": "lines", "keys": "list"}
"""Table -> how one of its entries is changed."""


def with_entries(
    rows: Sequence[Described], table: Mapping[str, Any], places: Mapping[tuple[str | int, ...], int]
) -> list[Described]:
    """Returns the rows, each table's followed by a row for each of its entries. `table`: the config as TOML has it."""
    found: list[Described] = []
    for row in rows:
        kind = None if row.account else ENTRIES.get(row.key)
        if kind is None:
            found.append(row)
            continue
        found.append(replace(row, kind="table"))
        entries = table.get(row.key)
        for name, value in entries.items() if isinstance(entries, Mapping) else ():
            written = _written(kind, value)
            entry = replace(
                row,
                key=f"{row.key}.{name}",
                path=(row.key, name),
                kind=kind,
                value=one_line(written),
                typed=written,
                written=written,
                default="",
                source="config",
                line=places.get((row.key, name), row.line),
            )
            found.append(as_it_can_be_changed(entry, _listed(kind, value)))
    return found


def new_entry(row: Described, name: str) -> Described:
    """Returns the row of an entry that a table does not have yet."""
    key, path, kind = f"{row.key}.{name}", (row.key, name), ENTRIES[row.key]
    return replace(row, key=key, path=path, kind=kind, value="", typed="", written="", line=None)


def _listed(kind: Kind, value: Any) -> Any:
    """The entry as it is written into the config when a person has typed it."""
    if kind == "list" and isinstance(value, str):
        return [value]
    return [line.strip() for line in value] if kind == "lines" else value


def _written(kind: Kind, value: Any) -> str:
    """The entry as a person types it."""
    if isinstance(value, str):
        return value
    return ("; " if kind == "lines" else ", ").join(map(str, value))
