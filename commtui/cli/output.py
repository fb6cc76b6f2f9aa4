"""Output: data on stdout, messages on stderr, rows that fit the terminal, JSON."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import json

from commtui.model.text import in_json
from commtui.system.masking import UNMISTAKABLE, mask


def say(line: str) -> None:
    """Prints a message on stderr, apart from the data. A stderr that cannot be written is ignored."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        return


def out(line: str) -> None:
    """Prints a line of data on stdout."""
    sys.stdout.write(line + "\n")


def columns() -> int | None:
    """The width of rows: COLUMNS, else the terminal's; None if stdout is no terminal."""
    wanted = os.environ.get("COLUMNS", "")
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):  # no terminal, or no file
        return None


def cut(line: str) -> str:
    """The line, cut at the terminal's width."""
    most = columns()
    if most is None or (line.isascii() and len(line) <= most):
        return line
    from commtui.cli.width import fit

    return fit(line, most)


def json_object(value: Mapping[str, Any]) -> None:
    """Prints one object, indented for people."""
    _write_json(_encoded(value, indent=2) + b"\n")


def object_bytes(value: Mapping[str, Any]) -> bytes:
    """Returns what `json_object` prints, for a file."""
    return _safe(_encoded(value, indent=2) + b"\n").encode()


def json_array(rows: Iterable[Mapping[str, Any]]) -> None:
    """Prints one array, an object on each line, as `rows` yields them: a hundred thousand rows need no memory."""
    separator = b"["
    for row in rows:
        _write_json(separator + _encoded(row))
        separator = b",\n "
    _write_json(b"[]\n" if separator == b"[" else b"]\n")


def _encoded(value: Mapping[str, Any], indent: int = 0) -> bytes:
    try:
        data = json.encode(value)
        return json.format(data, indent=indent) if indent else data
    except UnicodeEncodeError:  # half a surrogate pair, for example of a file's name that is not UTF-8
        from json import dumps

        return dumps(value, indent=indent or None).encode()


def _safe(data: bytes) -> str:
    return mask(in_json(data.decode()), UNMISTAKABLE)


def _write_json(data: bytes) -> None:
    """Writes JSON as UTF-8, whatever the locale is. What would act on a terminal is written as `\\uXXXX`."""
    data_out(_safe(data).encode())


def data_out(data: bytes) -> None:
    """Prints UTF-8 as it is, past the gate of the stream: for what has been made safe already."""
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:
        sys.stdout.write(data.decode())
        return
    sys.stdout.flush()
    raw.write(data)


def rows(table: Iterable[tuple[str, ...]], widths: tuple[int, ...], more: int = 0) -> Iterator[str]:
    """Lines of columns padded or cut to `widths` (in cells; 0: unchanged), the last one without a width.

    Each line is cut at the terminal's width, or `more` cells behind it.
    """
    from commtui.cli.width import fit, fit_words, width

    most = columns()
    for cells in table:
        parts = []
        for cell, column in zip(cells, (*widths, 0), strict=True):
            text = fit(cell, column) if column else cell
            parts.append(text + " " * max(0, column - width(text)))
        line = "  ".join(parts).rstrip()
        yield fit_words(line, most + more) if most else line


def hanging(line: str, indent: int) -> Iterator[str]:
    """The line, broken between words at the terminal's width; the pieces after the first are indented by spaces."""
    most = columns()
    if most is None or (line.isascii() and len(line) <= most):
        return iter((line,))
    from commtui.cli.width import wrap

    return wrap(line, most, indent)


def wrapped(text: str, indent: str) -> Iterator[str]:
    """The lines of a text, indented, broken between words at the terminal's width."""
    from commtui.cli.width import wrap

    most = columns()
    room = None if most is None else max(10, most - len(indent))
    for line in text.split("\n"):
        for part in wrap(line, room):
            yield (indent + part).rstrip()
