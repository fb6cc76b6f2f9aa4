"""Every document of a store, out into a backup and in again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
from tinydb.table import Document

from commtui.model import ids
from commtui.model.cleaning import clean_line, clean_value
from commtui.store import codec
from commtui.store.errors import NewerRecord, StoreError
from commtui.store.reader import MOST_ID, Reader
from commtui.store.schema import BY_NAME, LOG, PARTS, UNDO

HOT, ARCHIVE = "hot", "archive"


class Misfit(StrEnum):
    """Why a line of a backup is no record or file of ours."""

    NO_DOCUMENT = "no document"
    """It lacks a table, a part or a document."""
    NO_ID = "no id"
    UNKNOWN_TABLE = "unknown table"
    ANOTHERS_ID = "another's id"
    NO_RECORD = "no record"
    """Its document does not fit the kind of record; `detail` names that."""
    NEWER_RECORD = "newer record"
    NO_STEPS = "no steps"
    TWICE = "twice"
    NO_FILE = "no file"
    OUTSIDE = "outside"
    """It names a file outside of a home."""


class Unfit(ValueError):
    """A line of a backup that does not come into a home. `detail`: what it names."""

    def __init__(self, misfit: Misfit, detail: str = "") -> None:
        super().__init__(f"{misfit.value}: {detail}")
        self.misfit, self.detail = misfit, detail


class Place(NamedTuple):
    """Where a document belongs, and what it is. What was on its way is held: it may have been sent since."""

    part: str
    table: str
    number: int
    document: dict[str, Any]


class Transfer:
    """Copies documents out of a store and into an empty one."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._db = reader.db

    def lines(self) -> Iterator[bytes]:
        """Every document as a line of a backup, all as of one moment; others go on meanwhile. Damaged ones are left
        out."""
        with self._db.view():
            for table in sorted(self._db.tables()):
                for archived in (False, True):
                    part = ARCHIVE if archived else HOT
                    for number, raw in self._reader.each_document(table, archived):
                        yield msgspec.json.encode({"table": table, "id": number, "part": part, "doc": msgspec.Raw(raw)})

    def put(self, places: Sequence[Place]) -> None:
        """Writes documents that are not there yet. They are on disk at the next durable write, or `flush`."""
        with self._db.transaction(durable=False):
            for table in {place.table for place in places}:
                chosen = [place for place in places if place.table == table]
                self._db.table(table).insert_multiple(Document(place.document, doc_id=place.number) for place in chosen)
                self._db.archive(table, [place.number for place in chosen if place.part == ARCHIVE])

    def flush(self) -> None:
        """Returns when all of it is on disk."""
        self._db.flush()


class Incoming:
    """The documents of a backup: first each line is looked at (`see`), then each is placed (`place`).

    A commtui before SQLite kept its archive apart. What stood in both parts, because a move had been interrupted,
    counts as it was in the other part; its archived steps of the log had numbers of their own.
    """

    def __init__(self) -> None:
        self.count = 0
        self._seen: set[tuple[str, str, int]] = set()
        self._steps: set[str] = set()
        self._archived_steps = 0
        """The highest number of an archived step."""

    def see(self, line: Mapping[str, Any]) -> None:
        """Checks a line. Raises Unfit, also for one that came already."""
        place = place_of(line)
        if place[:3] in self._seen:
            raise Unfit(Misfit.TWICE)
        self._seen.add(place[:3])
        self.count += 1
        if place.table == LOG and place.part == ARCHIVE:
            self._archived_steps = max(self._archived_steps, place.number)
        elif place.table == LOG:
            self._steps.add(place.document["op_id"])

    def place(self, line: Mapping[str, Any]) -> Place | None:
        """Where a line's document belongs, once all were seen; None if another one counts in its place."""
        place = place_of(line)
        if place.table == LOG:
            if place.part == HOT:
                return place._replace(number=place.number + self._archived_steps)
            return None if place.document["op_id"] in self._steps else place._replace(part=HOT)
        if place.part == ARCHIVE and (self._is_hot(place.table, place.number) or self._conversation_is_hot(place)):
            return None
        return place

    def _is_hot(self, table: str, number: int) -> bool:
        return (HOT, table, number) in self._seen

    def _conversation_is_hot(self, place: Place) -> bool:
        conversation = place.document.get("conversation") if place.table in PARTS else None
        return conversation is not None and self._is_hot("conversations", ids.number(conversation))


def place_of(line: Mapping[str, Any]) -> Place:
    """The document of a line, migrated and cleaned, its derived fields made anew. Raises Unfit."""
    table, number, document, part = line.get("table"), line.get("id"), line.get("doc"), line.get("part", HOT)
    if part not in (HOT, ARCHIVE) or not isinstance(table, str) or not isinstance(document, dict):
        raise Unfit(Misfit.NO_DOCUMENT)
    if type(number) is not int or not 0 <= number <= MOST_ID:
        raise Unfit(Misfit.NO_ID)
    if table == UNDO:
        return Place(part, table, number, _undo(document))
    if table != LOG and table not in BY_NAME:
        raise Unfit(Misfit.UNKNOWN_TABLE, table[:40])
    from commtui.model.outgoing import after_restore
    from commtui.model.records import Act, Activity, Outgoing

    kind: type[Any] = Activity if table == LOG else BY_NAME[table].kind
    try:
        record = codec.from_document(kind, document)
        if isinstance(record, (Outgoing, Act)):
            record = after_restore(record)
        unknown = {field: value for field, value in clean_value(document).items() if not field.startswith("_")}
        record, known = codec.encode(record)
        whole = {**unknown, **known}
        if table != LOG:
            if ids.number(record.id) != number:
                raise Unfit(Misfit.ANOTHERS_ID)
            whole |= BY_NAME[table].derive(record)
    except NewerRecord as error:
        raise Unfit(Misfit.NEWER_RECORD) from error
    except StoreError as error:
        raise Unfit(Misfit.NO_RECORD, kind.__name__) from error
    except Unfit:
        raise
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
        raise Unfit(Misfit.NO_RECORD, kind.__name__) from error
    return Place(part, table, number, whole)


def _undo(document: dict[str, Any]) -> dict[str, Any]:
    who, done, undone = document.get("who"), document.get("done"), document.get("undone")
    if not isinstance(who, str) or not _texts(done) or not _texts(undone):
        raise Unfit(Misfit.NO_STEPS)
    return {"who": clean_line(who), "done": clean_value(done), "undone": clean_value(undone)}


def _texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)
