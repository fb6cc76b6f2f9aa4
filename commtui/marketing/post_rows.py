"""The rows of a file of posts, CSV or JSON lines: columns by name, each value a text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

import msgspec

from commtui.activity.errors import BadRow

Format = Literal["csv", "jsonl"]
COLUMNS: Final = (
    "id", "state", "accounts", "at", "zone", "text", "cw", "visibility", "language", "media", "alt", "thread", "late",
    "campaign", "url", "sent_at",
)  # fmt: skip
"""What is written, in order."""
READ: Final = frozenset(COLUMNS) - {"id", "url", "sent_at"}
"""What is read; the others say what became of a post elsewhere."""
ALSO: Final[Mapping[str, str]] = {
    "account": "accounts", "message": "text", "content": "text", "time": "at", "date": "at", "scheduled_at": "at",
    "lang": "language", "spoiler": "cw", "warning": "cw", "file": "media", "alt_text": "alt",
}  # fmt: skip
"""Other names of columns that are read, capitals and spaces left out."""
SEPARATORS: Final = ",;\t"
BOM: Final = "\ufeff"


class Row(NamedTuple):
    """A row as it stands in the file."""

    number: int
    """1: the file's first row; in CSV that is the one with the names."""
    values: Mapping[str, str]
    """Column -> its text, blank ones left out. Several values of one are apart by new lines."""
    problem: BadRow | None = None
    """Why it cannot be read."""


def format_of(name: str) -> Format | None:
    """The format that a file's name says; None: it says none."""
    suffix = name.rpartition(".")[2].lower()
    return "csv" if suffix == "csv" else "jsonl" if suffix in ("jsonl", "ndjson", "json") else None


def column_of(name: str, named: Mapping[str, str]) -> str:
    """The column that a name in the file means; empty: none. `named`: the names that a person gave columns."""
    for column, given in named.items():
        if given.strip().casefold() == name.strip().casefold():
            return column
    plain = name.strip().removeprefix(BOM).casefold().replace(" ", "_")
    plain = ALSO.get(plain, plain)
    return plain if plain in COLUMNS and plain not in named else ""


def read_rows(text: str, kind: Format, named: Mapping[str, str]) -> tuple[list[Row], list[str]]:
    """The rows of a file, and the names in it that mean no column. Raises BadRow where no row can be read."""
    unknown: dict[str, None] = {}
    rows = list((_csv if kind == "csv" else _json_lines)(text.removeprefix(BOM), named, unknown))
    return rows, list(unknown)


def _csv(text: str, named: Mapping[str, str], unknown: dict[str, None]) -> Iterator[Row]:
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(SEPARATORS, key=head.count), strict=True)
    columns: list[str] = []
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadRow("csv", value=str(error), known=[str(number)]) from error
        if not columns:
            columns = [column_of(name, named) for name in cells]
            unknown.update(dict.fromkeys(name for name, column in zip(cells, columns, strict=True) if not column))
            if "text" not in columns:
                raise BadRow("no-text-column", value=", ".join(cells))
        elif any(cell.strip() for cell in cells):
            wrong = (
                BadRow("cells", value=str(len(cells)), known=[str(len(columns))]) if len(cells) > len(columns) else None
            )
            pairs = zip(columns, cells, strict=False)
            yield Row(number, {column: cell for column, cell in pairs if column and cell.strip()}, wrong)


def _json_lines(text: str, named: Mapping[str, str], unknown: dict[str, None]) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = msgspec.json.decode(line)
        except msgspec.DecodeError as error:
            yield Row(number, {}, BadRow("json", value=str(error)))
            continue
        if not isinstance(found, dict):
            yield Row(number, {}, BadRow("json", value="no object"))
            continue
        values: dict[str, str] = {}
        for name, value in found.items():
            column = column_of(str(name), named)
            if not column:
                unknown[str(name)] = None
            elif (words := _words(value)).strip():
                values[column] = words
        yield Row(number, values)


def _words(value: Any) -> str:
    """A value of JSON as a cell has it."""
    if isinstance(value, list):
        return "\n".join(map(_words, value))
    if value is None or value is False:
        return ""
    return "yes" if value is True else str(value)


def csv_of(rows: Iterator[Mapping[str, str]]) -> Iterator[str]:
    """The lines of a file of CSV, with their ends."""
    written = io.StringIO()
    table: Any = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in rows:
        table.writerow([row.get(column, "") for column in COLUMNS])
        yield written.getvalue()
        written.seek(0)
        written.truncate()
    yield written.getvalue()


def json_lines_of(rows: Iterator[Mapping[str, str]]) -> Iterator[str]:
    """The lines of a file of JSON lines, with their ends: lists where a column may have several values."""
    several = ("accounts", "media", "alt")
    for row in rows:
        values: dict[str, Any] = {column: row.get(column) or None for column in COLUMNS}
        values.update({column: row[column].split("\n") if row.get(column) else [] for column in several})
        yield msgspec.json.encode(values).decode() + "\n"
