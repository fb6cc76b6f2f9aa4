"""The line of a key in a TOML text, which tomllib does not tell. Used only to report an error."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]


def line_of(text: str, path: Path) -> int | None:
    """The line (from 1) of the key at `path`, such as ("account", 1, "poll"), else of the nearest table around it.

    `text` is valid TOML. None if the text has no part of the path.
    """
    best: tuple[int, int] | None = None
    for line, _, key in statements(text):
        common = 0
        while common < min(len(key), len(path)) and key[common] == path[common]:
            common += 1
        # `path` itself, a key inside it, or a table around it (inline, or a header)
        if common and (common == len(path) or common == len(key)) and (best is None or common > best[0]):
            best = (common, line)
    return best[1] if best else None


def statements(text: str) -> Iterator[tuple[int, int, Path]]:
    """Each header and each `key = value`: its first line, its last line, its whole path."""
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
            is_array = text.startswith("[[", at)
            start = at + 1 + is_array
            end = _skip(text, start, "]")
            prefix = _into(_keys(text[start:end]), tables, is_array)
            at = _end_of_line(text, end)
            yield line, line, prefix
        else:
            end = _skip(text, at, "=")
            path = prefix + _keys(text[at:end])
            at = _skip(text, end + 1, "\n")
            yield line, text.count("\n", 0, at) + 1, path


def _into(names: Path, tables: dict[Path, int], is_array: bool) -> Path:
    """The names of a header, with the index in each array of tables on the way."""
    path: Path = ()
    for position, name in enumerate(names):
        path += (name,)
        if is_array and position == len(names) - 1:
            tables[path] = tables.get(path, -1) + 1
        if path in tables:
            path += (tables[path],)
    return path


def _keys(text: str) -> Path:
    """The names of a dotted key: `a."b.c"` is ("a", "b.c")."""
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
    """The index of the next `stop` outside strings, comments and brackets; the end if there is none."""
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
