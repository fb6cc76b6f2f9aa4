"""A setting with its value, where the value comes from, and how it is changed."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

Kind = Literal["toggle", "choice", "text", "list", "lines", "table", "fixed"]
"""How it is changed: turned over, chosen from `options`, typed, typed with commas or with semicolons; `table`: it gets
entries; `fixed`: by hand."""
Source = Literal["default", "config", "environment"]


class Described(Struct, frozen=True):
    """A setting as it is now."""

    key: str
    """Its name, such as `hold` or `notify.bell`."""
    account: str
    """The account whose setting it is; empty for the general ones."""
    kind: Kind
    value: str
    """What is in force: without TOML's quotes, or in words where only these say it."""
    typed: str
    """The same, as a person types it; empty where only words say it."""
    written: str
    """What stands in the config; empty where nothing does."""
    default: str
    source: Source
    line: int | None
    """Its line in the config, where it stands there."""
    variable: str
    """The environment variable that it comes from, where it does."""
    help: str
    options: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    """The names that lead to an entry of a table, which may have dots; empty: `key` does."""


def toml_value(row: Described, typed: str) -> Any:
    """What is written into the config for what a person typed or chose; None where that is nothing."""
    if row.kind == "toggle":
        return typed == "true"
    if row.kind == "lines":
        return [part.strip() for part in typed.split(";") if part.strip()] or None
    if row.kind == "list":
        return [part.strip() for part in typed.split(",") if part.strip()] or None
    return typed.strip() or None


def as_it_can_be_changed(row: Described, value: Any) -> Described:
    """Returns the row, as one that is changed by hand if to type what is written would not give `value`, in TOML.

    A text of several lines is typed in an editor, which leaves it as it is where nothing was changed.
    """
    if row.kind == "text" and "\n" in row.written:
        return row
    return row if toml_value(row, row.written) == value else replace(row, kind="fixed")
