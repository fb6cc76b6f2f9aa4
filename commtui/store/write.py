"""One transaction: records put and removed, and what changed by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from tinydb.table import Document

from commtui.model import ids
from commtui.store import codec
from commtui.store.activity_log import ActivityLog
from commtui.store.archive import Archive
from commtui.store.reader import Reader
from commtui.store.schema import BY_LETTER, table_of

if TYPE_CHECKING:  # the records cost 30 ms, and counting needs none of them
    from commtui.model.records import Activity, Change

R = TypeVar("R")


class Write:
    """An open transaction: what is put or removed is on disk, whole, when `Store.write` ends, or not at all."""

    def __init__(self, reader: Reader, log: ActivityLog, archive: Archive) -> None:
        self._reader = reader
        self._log = log
        self._archive = archive
        self.changes: list[Change] = []
        """What changed so far: of each record the fields that differ, derived ones left out."""

    def get(self, kind: type[R], identity: str) -> R | None:
        """The record as this transaction sees it."""
        return self._reader.get(kind, identity)

    def put(self, record: Any) -> None:
        """Writes the fields that differ from what is there; fields that this program does not know stay."""
        table, number = table_of(type(record)), ids.number(record.id)
        record, new = codec.encode(record)
        self._archive.bring_back(table.name, number, getattr(record, "conversation", None))
        old = self._reader.document(table.name, number)
        change = _difference(table.name, record.id, old, new)
        if change is None:
            return
        self.changes.append(change)
        whole, documents = {**new, **table.derive(record)}, self._reader.db.table(table.name)
        if old is None:
            documents.insert(Document(whole, doc_id=number))
        else:
            changed = {field: value for field, value in whole.items() if field not in old or old[field] != value}
            documents.update(changed, doc_ids=[number])

    def remove(self, kind: type[Any], identity: str) -> None:
        """Removes a record; one that is not there is no error."""
        from commtui.model.records import Change

        table, number = table_of(kind), ids.number(identity)
        old = self._reader.document(table.name, number)
        if old is not None:
            self._archive.bring_back(table.name, number, old.get("conversation"))
            self.changes.append(Change(table=table.name, id=identity, before=shown(old), after=None))
            self._reader.db.table(table.name).remove(doc_ids=[number])

    def log(self, activity: Activity) -> None:
        """Appends to the log of every change."""
        self._log.append(activity)

    def set_undo(self, who: str, done: Sequence[str], undone: Sequence[str]) -> None:
        """Keeps the ids of a person's steps: those that can be undone, and those that can be done again."""
        self._log.set_undo_stack(who, done, undone)


def shown(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document without its derived fields."""
    return {field: value for field, value in document.items() if not field.startswith("_")}


def _difference(table: str, identity: str, old: dict[str, Any] | None, new: dict[str, Any]) -> Change | None:
    from commtui.model.records import Change

    if old is None:
        return Change(table=table, id=identity, before=None, after=new)
    differing = [field for field in new if field not in old or old[field] != new[field]]
    if not differing:
        return None
    return Change(
        table=table,
        id=identity,
        before={field: old.get(field) for field in differing},
        after={field: new[field] for field in differing},
    )


def kind_of(identity: str) -> type[Any]:
    """The type of the record that an id names. Raises KeyError."""
    return BY_LETTER[identity[0]].kind


def record_of(kind: type[R], document: Mapping[str, Any]) -> R:
    """The record of a whole document from a log's line."""
    return codec.from_document(kind, dict(document))
