"""The log of every change, and each person's steps that can be undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from commtui.store import codec
from commtui.store.reader import MOST_ID, Reader
from commtui.store.schema import LOG, UNDO

if TYPE_CHECKING:
    from commtui.model.records import Activity, Change, LogEntry, Process

PAGES: Final = (10, 1000)
"""Steps that are read at once: a few at first, more where somebody goes on."""
SEARCHED: Final = 50
"""Entries that are read at once by a search on the screen's thread, which ends at the first hit."""
LAST: Final = MOST_ID


class ActivityLog:
    """Steps count up: a later one has a higher number."""

    def __init__(self, reader: Reader, process: Process | None = None) -> None:
        self._db = reader.db
        self.process = process
        """What is written as the process of each step."""

    def step(self, op_id: str) -> Activity | None:
        """The step with this op_id, or the first part of it."""
        numbers = self._db.having(LOG, "op_id", op_id, limit=1)
        return self.at(numbers[0]) if numbers else None

    def parts(self, op_id: str) -> list[int]:
        """The numbers of the entries of a step, in order: one, or more where it was done in parts."""
        return self._db.having(LOG, "op_id", op_id)

    def at(self, number: int) -> Activity | None:
        """The entry of that number."""
        from commtui.model.records import Activity

        raw = self._db.raw(LOG, number)
        return None if raw is None else codec.from_json(Activity, raw)

    def steps(self, about: set[str] | None = None, *, newest_first: bool = False) -> Iterator[Activity]:
        """All steps, oldest or newest first; with `about`, those that name or change one of these ids.

        A step is read when it is asked for.
        """
        from commtui.model.records import Activity

        named = None if about is None else [identity.encode() for identity in about]
        for raw in self._documents(newest_first):
            if named is not None and not any(identity in raw for identity in named):
                continue
            step = codec.from_json(Activity, raw)
            if about is None or not about.isdisjoint(step.ids) or any(change.id in about for change in step.changes):
                yield step

    def entries(self, below: int = LAST, limit: int = PAGES[0]) -> list[tuple[int, LogEntry]]:
        """The newest entries with a number under `below`, newest first, at most `limit`, each with its number.

        What changed is not read: an entry about 200 items costs little more than one about a single item.
        """
        from commtui.model.records import LogEntry

        numbers = self._db.ids_between(LOG, 0, below - 1, limit=limit, down=True)
        documents = self._db.raws(LOG, numbers)
        return [(number, codec.from_json(LogEntry, documents[number])) for number in numbers if number in documents]

    def entries_after(self, number: int) -> list[tuple[int, LogEntry]]:
        """All entries with a higher number, newest first."""
        from commtui.model.records import LogEntry

        numbers = self._db.ids_between(LOG, number + 1, LAST, down=True)
        documents = self._db.raws(LOG, numbers)
        return [(later, codec.from_json(LogEntry, documents[later])) for later in numbers if later in documents]

    def first_change_after(self, number: int, identity: str, field: str, most: int) -> Change | None:
        """The first change to that field of a record which the `most` entries after that number have; None: none."""
        from commtui.model.records import Activity

        named, size = identity.encode(), PAGES[0]
        while most > 0 and (numbers := self._db.ids_between(LOG, number + 1, LAST, limit=min(size, most))):
            for raw in self._db.raws(LOG, numbers).values():
                for change in codec.from_json(Activity, raw).changes if named in raw else ():
                    if change.id == identity and change.before and field in change.before:
                        return change
            number, most, size = numbers[-1], most - len(numbers), SEARCHED
        return None

    def last_change(self, identity: str, field: str, most: int) -> Activity | None:
        """The newest step that changed that field of a record, of the `most` newest entries; None: none of them."""
        from commtui.model.records import Activity

        named = identity.encode()
        for raw in islice(self._documents(newest_first=True), most):
            if named in raw:
                step = codec.from_json(Activity, raw)
                if any(change.id == identity and field in (change.after or ()) for change in step.changes):
                    return step
        return None

    def undone_by(self, op_id: str) -> str | None:
        """The op_id of the step that took this one back; None: none did."""
        numbers = self._db.having(LOG, "undoes", op_id)
        entry = self.at(numbers[-1]) if numbers else None
        return entry.op_id if entry else None

    def _documents(self, newest_first: bool) -> Iterator[bytes]:
        first, last, size = 0, LAST, PAGES[0]
        while numbers := self._db.ids_between(LOG, first, last, limit=size, down=newest_first):
            documents = self._db.raws(LOG, numbers)
            yield from (documents[number] for number in numbers if number in documents)
            first, last = (first, numbers[-1] - 1) if newest_first else (numbers[-1] + 1, last)
            size = PAGES[1]

    def undo_stack(self, who: str) -> tuple[list[str], list[str]]:
        """The op_ids of a person that can be undone, and those that can be done again; the newest last."""
        numbers = self._db.having(UNDO, "who", who)
        raw = self._db.raw(UNDO, numbers[0]) if numbers else None
        if raw is None:
            return [], []
        entry = msgspec.json.decode(raw)
        return entry["done"], entry["undone"]

    # within a transaction

    def append(self, activity: Activity) -> None:
        """Adds a step, as one of this process if it names none."""
        if self.process is not None and activity.process is None:
            activity = replace(activity, process=self.process)
        self._db.table(LOG).insert(codec.to_document(activity))

    def set_undo_stack(self, who: str, done: Sequence[str], undone: Sequence[str]) -> None:
        """Replaces a person's `undo_stack`."""
        entry = {"who": who, "done": list(done), "undone": list(undone)}
        numbers = self._db.having(UNDO, "who", who)
        if numbers:
            self._db.table(UNDO).update(entry, doc_ids=numbers)
        else:
            self._db.table(UNDO).insert(entry)
