"""On which line of a TOML text a key stands: tomllib doesn't tell. Only read when there is an error to place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]


def line_of(text: str, path: Path) -> int | None:
    """The line (from 1) of the key at `path`, such as ("account", 1, "poll"), else of the nearest thing above it.

    `text` is valid TOML. None if nothing of the path is written down.
    """
    best: tuple[int, int] | None = None
    for line, _, found in statements(text):
        common = 0
        while common < min(len(found), len(path)) and found[common] == path[common]:
            common += 1
        # `path` itself, something inside it, or something that it is inside of (an inline table, a header)
        if common and (common == len(path) or common == len(found)) and (best is None or common > best[0]):
            best = (common, line)
    return best[1] if best else None


def statements(text: str) -> Iterator[tuple[int, int, Path]]:
    """Each header and each `key = value`: its first line, its last, its whole path."""
    tables: dict[Path, int] = {}
    prefix: Path = ()
    at = 0
    while at < len(text):
        if text[at] in " \t\r\n":
            at += 1
            continue
        if text[at] == "#":
            at = _end_of_line(text, at)
            continue
        line = text.count("\n", 0, at) + 1
        if text[at] == "[":
            twice = text.startswith("[[", at)
            start = at + 1 + twice
            end = _skip(text, start, "]")
            prefix = _into(_keys(text[start:end]), tables, twice)
            at = _end_of_line(text, end)
            yield line, line, prefix
        else:
            end = _skip(text, at, "=")
            path = prefix + _keys(text[at:end])
            at = _skip(text, end + 1, "\n")
            yield line, text.count("\n", 0, at) + 1, path


def _into(names: Path, tables: dict[Path, int], twice: bool) -> Path:
    """The header's names with the index of each array of tables that they pass through."""
    path: Path = ()
    for position, name in enumerate(names):
        path += (name,)
        if twice and position == len(names) - 1:
            tables[path] = tables.get(path, -1) + 1
        if path in tables:
            path += (tables[path],)
    return path


def _keys(text: str) -> Path:
    """`a."b.c"` as ("a", "b.c")."""
    names: list[str | int] = []
    table: Any = tomllib.loads(text.strip() + " = 0")
    while isinstance(table, dict):
        ((name, table),) = table.items()
        names.append(name)
    return tuple(names)


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _skip(text: str, at: int, stop: str) -> int:
    """Where `stop` stands outside of strings, comments and brackets, from `at` on; else the end."""
    depth = 0
    while at < len(text):
        character = text[at]
        if depth == 0 and character == stop:
            return at
        if character in "\"'":
            at = _string_end(text, at)
            continue
        if character == "#":
            at = _end_of_line(text, at)
            continue
        if character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        at += 1
    return at


def _string_end(text: str, at: int) -> int:
    quote = text[at]
    mark = quote * 3 if text.startswith(quote * 3, at) else quote
    at += len(mark)
    while at < len(text) and not text.startswith(mark, at):
        at += 2 if quote == '"' and text[at] == "\\" else 1
    at += len(mark)
    while len(mark) == 3 and at < len(text) and text[at] == quote:  # up to two quotes may stand before the closing ones
        at += 1
    return at
