"""A line of a backup, checked: whoever made the file, only whole and well-formed records come into a home."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from commtui.activity.errors import TriageError
from commtui.model import ids, text
from commtui.model.records import Activity
from commtui.store import codec
from commtui.store.errors import StoreError
from commtui.store.shelves import BY_TABLE

GATED: Final = frozenset(("text", "spoiler", "author", "author_name", "alt"))
"""The fields that hold what somebody wrote: they pass the gate again, whoever made the file."""
MOST_ID: Final = (1 << 63) - 1


class Place(NamedTuple):
    """Where a document belongs, and what it is."""

    part: str
    table: str
    number: int
    document: dict[str, Any]


def place_of(line: dict[str, Any]) -> Place:
    """The document of a line, migrated, through the gate, its index fields derived anew. Raises TriageError."""
    table, number, document, part = line.get("table"), line.get("id"), line.get("doc"), line.get("part", "hot")
    if part not in ("hot", "archive") or not isinstance(table, str) or not isinstance(document, dict):
        raise TriageError("it lacks a table, a part or a document")
    if type(number) is not int or not 0 <= number <= MOST_ID:
        raise TriageError("its id is no number of a document")
    if table == "undo":
        return Place(part, table, number, _undo(document))
    if table != "log" and table not in BY_TABLE:
        raise TriageError(f"there is no table {table[:40]!r}")
    kind = Activity if table == "log" else BY_TABLE[table].kind
    try:
        record = codec.from_document(kind, _gated(document))
        kept = codec.to_document(record)
        if table != "log":
            if ids.number(record.id) != number:
                raise ValueError
            kept |= BY_TABLE[table].derive(record)
    except StoreError as error:
        raise TriageError(str(error)) from error
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
        raise TriageError(f"its document is no {kind.__name__}") from error
    return Place(part, table, number, kept)


def _undo(document: dict[str, Any]) -> dict[str, Any]:
    who, done, undone = document.get("who"), document.get("done"), document.get("undone")
    if not isinstance(who, str) or not _texts(done) or not _texts(undone):
        raise TriageError("its document is no list of steps to undo")
    return {"who": who, "done": done, "undone": undone}


def _texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(each, str) for each in values)


def _gated(document: dict[str, Any]) -> dict[str, Any]:
    """The document with its texts through the gate, in lists and nested records too."""
    return {
        key: text.clean(value) if key in GATED and isinstance(value, str) else _gated_value(value)
        for key, value in document.items()
    }


def _gated_value(value: Any) -> Any:
    if isinstance(value, dict):
        return _gated(value)
    if isinstance(value, list):
        return [_gated_value(each) for each in value]
    return value
