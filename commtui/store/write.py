"""One transaction: records put and removed, and what changed by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import Struct
from tinydb.table import Document

from commtui.model import ids
from commtui.store import codec
from commtui.store.activity_log import ActivityLog
from commtui.store.archive import Archive
from commtui.store.people import People
from commtui.store.reader import Reader
from commtui.store.schema import BY_LETTER, COMPUTED, Table, table_of

if TYPE_CHECKING:  # the records cost 30 ms, and counting needs none of them
    from commtui.model.records import Activity, Change, Conversation

R = TypeVar("R", bound=Struct)
Deadlines = Callable[["Conversation", Callable[["Conversation"], bool]], "Conversation"]
"""Returns a conversation with when our answer is due, given what tells whether a conversation is a vip's."""


class Write:
    """An open transaction: what is put or removed is on disk, whole, when `Store.write` ends, or not at all."""

    def __init__(
        self,
        reader: Reader,
        log: ActivityLog,
        archive: Archive,
        people: People,
        deadlines: Deadlines | None = None,
    ) -> None:
        self._reader = reader
        self._log = log
        self._archive = archive
        self._people = people
        self._deadlines = deadlines
        self._authors: set[str] = set()
        """The ids of those of whom something was written down or taken away, links included."""
        self.changes: list[Change] = []
        """What changed so far: of each record the fields that differ, derived ones left out."""

    def get(self, kind: type[R], identity: str) -> R | None:
        """The record as this transaction sees it."""
        return self._reader.get(kind, identity)

    def put(self, record: Any) -> None:
        """Writes the fields that differ from what is there; fields that this program does not know stay."""
        table, number = table_of(type(record)), ids.number(record.id)
        record, new = codec.encode(self._computed(table, record))
        self._archive.bring_back(table.name, number, getattr(record, "conversation", None))
        old = self._reader.document(table.name, number)
        if old is not None and not any(field not in old or old[field] != new[field] for field in new):
            return
        change = _difference(table.name, record.id, old, new)
        if change is not None:
            self.changes.append(change)
        whole, documents = {**new, **table.derive(record)}, self._reader.db.table(table.name)
        if old is None:
            documents.insert(Document(whole, doc_id=number))
        else:
            changed = {field: value for field, value in whole.items() if field not in old or old[field] != value}
            documents.update(changed, doc_ids=[number])

    def put_each(self, kind: type[R], records: Mapping[str, R]) -> None:
        """`put` of some records of a kind, by their ids, which are there: by as few statements as `put` of one.

        Raises KeyError for one that is not there."""
        if not records:
            return
        table, db = table_of(kind), self._reader.db
        numbers = {ids.number(identity): identity for identity in records}
        for number in db.archived_among(table.name, list(numbers)):
            self._archive.bring_back(table.name, number, getattr(records[numbers[number]], "conversation", None))
        documents = db.raws(table.name, list(numbers))
        changed = []
        for number, identity in numbers.items():
            raw = documents[number]
            record, values = codec.encode_changes(codec.from_json(kind, raw), self._computed(table, records[identity]))
            if values:
                old: dict[str, Any] = msgspec.json.decode(raw)
                logged = {field: value for field, value in values.items() if field not in COMPUTED}
                if logged:
                    self.changes.append(_change(table.name, identity, old, logged))
                changed.append((number, old, {**old, **values, **table.derive(record)}))
        db.change_each(table.name, changed)

    def _computed(self, table: Table, record: Any) -> Any:
        """The record, with what is computed of it; of a person or a link, what is to be computed anew is noted."""
        if table.record == "Person":
            self._authors.add(record.id)
        elif table.record == "Link":
            self._authors.update((record.one, record.other))
        elif table.record == "Conversation" and self._deadlines:
            return self._deadlines(record, self._people.is_vip)
        return record

    def finish(self) -> None:
        """Computes anew what depends on a mark or a link that this transaction has changed."""
        if self._authors and self._deadlines:
            from commtui.model.records import Conversation

            self.put_each(Conversation, self._people.may_be_due(self._authors))

    def restore_each(self, kind: type[R], changes: Sequence[Change]) -> list[tuple[str, ...] | None]:
        """Gives records of a kind, each named once, the values that they had before these changes.

        Returns for each change the fields that stay, because they were changed since; None: the record is gone."""
        table, db = table_of(kind), self._reader.db
        documents = db.raws(table.name, [ids.number(change.id) for change in changes])
        records: dict[str, R] = {}
        staying: list[tuple[str, ...] | None] = []
        for change in changes:
            raw = documents.get(ids.number(change.id))
            if raw is None:
                staying.append(None)
                continue
            now: dict[str, Any] = msgspec.json.decode(raw)
            before, after = change.before or {}, change.after or {}
            fields = {field: value for field, value in before.items() if now.get(field) == after.get(field)}
            if fields:
                records[change.id] = codec.from_document(kind, {**shown(now), **fields})
            staying.append(tuple(sorted(before.keys() - fields.keys() - {"v"})))
        self.put_each(kind, records)
        return staying

    def remove(self, kind: type[Any], identity: str) -> None:
        """Removes a record; one that is not there is no error."""
        from commtui.model.records import Change

        table, number = table_of(kind), ids.number(identity)
        old = self._reader.document(table.name, number)
        if old is not None:
            if table.record == "Link":
                self._authors.update((old["one"], old["other"]))
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
    differing = [field for field in new if field not in COMPUTED and (field not in old or old[field] != new[field])]
    if not differing:
        return None
    return _change(table, identity, old, {field: new[field] for field in differing})


def _change(table: str, identity: str, old: dict[str, Any], values: dict[str, Any]) -> Change:
    from commtui.model.records import Change

    return Change(table=table, id=identity, before={field: old.get(field) for field in values}, after=values)


def kind_of(identity: str) -> type[Any]:
    """The type of the record that an id names. Raises KeyError."""
    return BY_LETTER[identity[0]].kind


def record_of(kind: type[R], document: Mapping[str, Any]) -> R:
    """The record of a whole document from a log's line."""
    return codec.from_document(kind, dict(document))
