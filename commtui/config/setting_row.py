"""A setting with its value, where the value comes from, and how it is changed."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

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
    """What is in force, as a person types it: without TOML's quotes."""
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
