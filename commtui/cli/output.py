"""Data to stdout, talk to stderr; rows that fit the terminal; JSON one object a line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import json


def say(line: str) -> None:
    """Talk: to stderr, so that it never mixes with data. Nobody listening is no reason to fail."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        return


def out(line: str) -> None:
    """A line of data."""
    sys.stdout.write(line + "\n")


def columns() -> int | None:
    """The width that rows must fit: COLUMNS, else the terminal's; None where stdout is no terminal."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):  # no terminal, or no file at all
        return None


def cut(line: str) -> str:
    """The line, cut at the terminal's width."""
    most = columns()
    if most is None or (line.isascii() and len(line) <= most):
        return line
    from commtui.cli.width import fit

    return fit(line, most)


def json_object(value: Mapping[str, Any]) -> None:
    """One object, indented for people."""
    _bytes(json.format(json.encode(value), indent=2) + b"\n")


def json_array(rows: Iterable[Mapping[str, Any]]) -> None:
    """One array, an object on each line, written while it is read: a hundred thousand rows need no memory."""
    separator = b"["
    for row in rows:
        _bytes(separator + json.encode(row))
        separator = b",\n "
    _bytes(b"[]\n" if separator == b"[" else b"]\n")


def _bytes(data: bytes) -> None:
    """JSON is UTF-8 whatever the locale says."""
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:
        sys.stdout.write(data.decode())
        return
    sys.stdout.flush()
    raw.write(data)


def rows(table: Iterable[tuple[str, ...]], widths: tuple[int, ...]) -> Iterator[str]:
    """Lines of cells, padded to `widths` (cells; 0: as it is) and cut at the terminal's width. The last is open."""
    from commtui.cli.width import fit, width

    most = columns()
    for cells in table:
        parts = []
        for cell, wanted in zip(cells, (*widths, 0), strict=True):
            text = fit(cell, wanted) if wanted else cell
            parts.append(text + " " * max(0, wanted - width(text)))
        line = "  ".join(parts).rstrip()
        yield fit(line, most) if most else line


def wrapped(text: str, indent: str) -> Iterator[str]:
    """The lines of a text, indented, broken between words at the terminal's width."""
    from commtui.cli.width import wrap

    most = columns()
    room = None if most is None else max(10, most - len(indent))
    for line in text.split("\n"):
        for part in wrap(line, room):
            yield (indent + part).rstrip()
