"""The small interface over TinyDB that the rooms above use: get, find, ordered ids, one write, and observers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from tinydb import where
from tinydb.table import Document

from commtui.model import ids
from commtui.store import codec, damage
from commtui.store.archive import ARCHIVED_BY, LOG, PARTS, Archive, log_lines
from commtui.store.journal import JournalDB
from commtui.store.shelves import BY_LETTER, BY_TABLE, SHELVES, shelf_of

if TYPE_CHECKING:  # the records cost 30 ms, and counting needs none of them
    from commtui.model.records import Activity, Change

R = TypeVar("R")
Changed = Mapping[str, set[int] | None]
UNDO = "undo"
ROOM = 16 << 10
"""Bytes."""


class Write:
    """An open transaction: what is put or removed here is on disk, whole, when `Store.write` ends, or not at all."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.changes: list[Change] = []
        """What changed so far: only the fields that differ. Index fields are left out."""

    def get(self, kind: type[R], identity: str) -> R | None:
        """The record as this transaction sees it."""
        return self._store.get(kind, identity)

    def put(self, record: Any) -> None:
        """Writes a record whole; one that equals what is there costs nothing."""
        shelf = shelf_of(type(record))
        self._bring_back(shelf.table, record.id, getattr(record, "conversation", None))
        table = self._store.db.table(shelf.table)
        number = ids.number(record.id)
        new = codec.to_document(record)
        old = self._store.document(shelf.table, number)
        change = _difference(shelf.table, record.id, old, new)
        if change is None:
            return
        self.changes.append(change)
        table.upsert(Document({**new, **shelf.derive(record)}, doc_id=number))

    def remove(self, kind: type[Any], identity: str) -> None:
        """Removes a record; one that is not there is no error."""
        from commtui.model.records import Change

        shelf = shelf_of(kind)
        number = ids.number(identity)
        old = self._store.document(shelf.table, number)
        if old is not None:
            self._bring_back(shelf.table, identity, old.get("conversation"))
            self.changes.append(Change(table=shelf.table, id=identity, before=_shown(old), after=None))
            self._store.db.table(shelf.table).remove(doc_ids=[number])

    def _bring_back(self, table: str, identity: str, conversation: str | None) -> None:
        """What is written to comes out of the archive, with the conversation that it belongs to."""
        whole = identity if table == "conversations" else conversation if table in PARTS else None
        if whole:
            self._store.archive.bring_back(whole)

    def log(self, activity: Activity) -> None:
        """Appends to the log of every change."""
        self._store.db.table(LOG).insert(codec.to_document(activity))

    def set_undo(self, who: str, done: Sequence[str], undone: Sequence[str]) -> None:
        """Keeps the ids of this person's steps: those that can be undone, and those that can be done again."""
        table = self._store.db.table(UNDO)
        entry = {"who": who, "done": list(done), "undone": list(undone)}
        if not table.update(entry, where("who") == who):
            table.insert(entry)


class Store:
    """The cache of one home. One for each thread or shared: every call is whole. Raises StoreError."""

    def __init__(self, folder: Path) -> None:
        self.db = JournalDB(
            folder,
            indexes={
                **{shelf.table: shelf.indexes for shelf in SHELVES},
                LOG: ("op_id", "undoes"),
                UNDO: ("who",),
            },
            ordered={shelf.table: shelf.ordered for shelf in SHELVES},
        )
        self.archive = Archive(folder / "archive", self.db)
        self._told: dict[tuple[str, JournalDB], int] = {}

    def close(self) -> None:
        """Ends the use of the files."""
        self.archive.close()
        self.db.close()

    def _parts(self) -> list[JournalDB]:
        """What is open: an archive that nothing asked for has not grown either."""
        return [self.db, self.archive.db] if self.archive.is_open else [self.db]

    @property
    def untidy(self) -> bool:
        """Whether `tidy` would pay."""
        return any(part.needs_compaction() for part in self._parts())

    def tidy(self) -> None:
        """Compacts what has grown; for a thread that nobody waits for."""
        for part in self._parts():
            if part.needs_compaction():
                part.compact()

    @property
    def is_full(self) -> bool:
        """Whether its disk has no room for even a small change."""
        disk = os.statvfs(self.db.journal.folder)
        return disk.f_bavail * disk.f_frsize < ROOM

    @property
    def damaged(self) -> bool:
        """Whether something in what is open has to be stepped over, and no repair was done since."""
        return any(damage.lasts(part, each) for part in self._parts() for each in part.damage)

    def damage_not_told(self, whom: str = "", short: bool = False) -> list[str]:
        """What had to be stepped over since `whom` was last told, one sentence each, with the way out.

        `short`: files without the folders above the store's, for a line of a screen.
        """
        found = []
        for part in self._parts():
            known = part.damage
            found += [damage.sentence(part, each, short) for each in known[self._told.get((whom, part), 0) :]]
            self._told[whom, part] = len(known)
        return found

    # reading

    def document(self, table: str, number: int) -> dict[str, Any] | None:
        """The document as it is kept, index fields included; of the archive too."""
        raw = self.db.raw(table, number)
        if raw is None:
            return self.archive.document(table, number)
        found: dict[str, Any] = orjson.loads(raw)
        return found

    def get(self, kind: type[R], identity: str) -> R | None:
        """The record with this id, or None (also for what is no id)."""
        try:
            number = ids.number(identity)
        except ValueError:
            return None
        document = self.document(shelf_of(kind).table, number)
        return None if document is None else codec.from_document(kind, document)

    def at(self, kind: type[R], number: int) -> R | None:
        """The record with this doc_id."""
        document = self.document(shelf_of(kind).table, number)
        return None if document is None else codec.from_document(kind, document)

    def all(self, kind: type[R]) -> list[R]:
        """Every record of a kind: for the small tables (accounts, requests)."""
        return [codec.from_document(kind, dict(each)) for each in self.db.table(shelf_of(kind).table).all()]

    def find(self, kind: type[R], field: str, value: Any) -> list[R]:
        """The records whose indexed `field` equals `value`; if none are hot, the archived ones for ARCHIVED_BY."""
        table = shelf_of(kind).table
        found = [dict(each) for each in self.db.table(table).search(where(field) == value)]
        if not found and value and field in ARCHIVED_BY:
            found = self.archive.find(table, field, value)
        return [codec.from_document(kind, each) for each in found]

    def documents(self, table: str, field: str = "", value: Any = None) -> list[dict[str, Any]]:
        """The documents of the hot part whose indexed `field` equals `value`; without a field all of a small table."""
        found = self.db.table(table)
        return [dict(each) for each in (found.search(where(field) == value) if field else found.all())]

    def ordered(self, kind: type[Any] | str, field: str, value: Any, by: str) -> Sequence[int]:
        """The doc_ids of the records whose `field` equals `value`, sorted by `by`; a declared pair of shelves.py.

        `kind` may be a table's name, here and in `counts`: who only counts needs no types of records.
        """
        return self.db.ordered(shelf_of(kind).table, field, value, by)

    def sorted(self, kind: type[R], field: str, value: Any, by: str) -> list[R]:
        """The records of `ordered`; those of an archived conversation too."""
        found = [self.at(kind, number) for number in self.ordered(kind, field, value, by)]
        if not found and field == "conversation":
            return sorted(self.find(kind, field, value), key=lambda record: getattr(record, by))
        return [record for record in found if record is not None]

    def counts(self, kind: type[Any] | str, field: str) -> Mapping[Any, int]:
        """How many records have each value of an indexed field."""
        return self.db.counts(shelf_of(kind).table, field)

    def with_prefix(self, prefix: str, most: int = 10) -> list[str]:
        """The ids that begin with `prefix`, at most `most`."""
        bounds = ids.prefix_range(prefix)
        shelf = BY_LETTER.get(prefix[:1])
        if bounds is None or shelf is None:
            return []
        found = []
        numbers = list(self.db.ids_between(shelf.table, *bounds))
        if self.archive.exists:
            numbers = sorted({*numbers, *self.archive.db.ids_between(shelf.table, *bounds)})
        for number in numbers:
            identity = ids.from_number(prefix[0], number)
            if len(shelf.letters) == 1 or (self.document(shelf.table, number) or {}).get("id") == identity:
                found.append(identity)
                if len(found) == most:
                    break
        return found

    def log(self, op_id: str) -> Activity | None:
        """The step of the log with this op_id."""
        from commtui.model.records import Activity

        found = self.db.table(LOG).search(where("op_id") == op_id)
        if not found and self.archive.exists:
            found = self.archive.db.table(LOG).search(where("op_id") == op_id)
        return codec.from_document(Activity, dict(found[0])) if found else None

    def logged(self, about: set[str] | None = None, *, newest_first: bool = False) -> Iterator[Activity]:
        """The log, oldest first or newest first; with `about`, only the steps that name or change one of these ids.

        Costs what is taken of it: newest first, the archive stays closed until the hot part's steps are through.
        """
        from commtui.model.records import Activity

        named = None if about is None else [identity.encode() for identity in about]
        for raw in self._log_lines(newest_first):
            if named is not None and not any(identity in raw for identity in named):
                continue
            each = orjson.loads(raw)
            if (
                about is None
                or not about.isdisjoint(each["ids"])
                or any(change["id"] in about for change in each["changes"])
            ):
                yield codec.from_document(Activity, each)

    def _log_lines(self, newest_first: bool) -> Iterator[bytes]:
        hot = log_lines(self.db, newest_first)
        cold = self.archive.log_lines(newest_first)
        return chain(hot, cold) if newest_first else chain(cold, hot)

    def undo_stack(self, who: str) -> tuple[list[str], list[str]]:
        """The op_ids of this person that can be undone, and those that can be done again; the newest last."""
        found = self.db.table(UNDO).search(where("who") == who)
        return (list(found[0]["done"]), list(found[0]["undone"])) if found else ([], [])

    # writing and watching

    @contextmanager
    def write(self, durable: bool = True) -> Iterator[Write]:
        """One transaction. On disk when it ends, unless `durable` is False (a batch that can be fetched again).

        Reads inside see the newest of all processes. Raises StoreError; then nothing has changed.
        """
        with self.db.transaction(durable=durable):
            yield Write(self)

    def observe(self, callback: Callable[[Changed], None]) -> Callable[[], None]:
        """Calls back after each change (table -> doc_ids, None: anything in it), in the thread that made or saw it.

        Returns what ends it.
        """
        return self.db.subscribe(callback)

    def view(self) -> AbstractContextManager[None]:
        """`with store.view():` Reads inside see one state, the newest; the files are looked at once for all of them."""
        return self.db.view()

    def poll(self) -> bool:
        """Looks whether other processes wrote; then observers are called, and the answer is True."""
        return self.db.refresh()


def _shown(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if not key.startswith("_")}


def _difference(table: str, identity: str, old: dict[str, Any] | None, new: dict[str, Any]) -> Change | None:
    from commtui.model.records import Change

    if old is None:
        return Change(table=table, id=identity, before=None, after=new)
    differing = [key for key in new if key not in old or old[key] != new[key]]
    if not differing:
        return None
    return Change(
        table=table,
        id=identity,
        before={key: old.get(key) for key in differing},
        after={key: new[key] for key in differing},
    )


def restore(store: Store, table: str, identity: str, fields: Mapping[str, Any]) -> Any | None:
    """The record as it is now with some fields of a log's line laid over it; None if it is gone."""
    document = store.document(table, ids.number(identity))
    if document is None:
        return None
    return codec.from_document(BY_TABLE[table].kind, {**_shown(document), **fields})


def record_of(table: str, document: Mapping[str, Any]) -> Any:
    """The record of a whole document from a log's line."""
    return codec.from_document(BY_TABLE[table].kind, dict(document))
