"""What was done long ago: in a journal of its own, which nothing opens until something in it is asked for.

A conversation moves whole, with all that was said in it; it comes back whole when it is written to again. The same
document may stand in both for a while: then the hot one counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import orjson
from tinydb import where
from tinydb.table import Document

from commtui.model import ids
from commtui.model.clock import to_iso
from commtui.store.journal import JournalDB
from commtui.store.shelves import SHELVES

LOG: Final = "log"
PARTS: Final = ("mentions", "outgoing", "notes", "context")
"""The tables whose documents belong to a conversation."""
ARCHIVED_BY: Final = frozenset(("conversation", "remote_id", "in_reply_to"))
"""The fields by which what was said long ago is still found."""
AT_ONCE: Final = 50
Place = tuple[str, int]


class Archive:
    """The cold part of a home's store."""

    def __init__(self, folder: Path, hot: JournalDB) -> None:
        self._folder = folder
        self._hot = hot

    @property
    def exists(self) -> bool:
        """Whether anything was ever archived: one look at the folder, and the files stay closed."""
        return "db" in self.__dict__ or self._folder.is_dir()

    @cached_property
    def db(self) -> JournalDB:
        """The files, opened (made) at the first use."""
        return JournalDB(
            self._folder,
            indexes={**{shelf.table: shelf.indexes for shelf in SHELVES}, LOG: ("op_id",)},
            ordered={shelf.table: shelf.ordered for shelf in SHELVES},
        )

    def close(self) -> None:
        """Ends the use of the files, if they were opened."""
        if "db" in self.__dict__:
            self.db.close()

    def document(self, table: str, number: int) -> dict[str, Any] | None:
        """A document of the archive."""
        raw = self.db.raw(table, number) if self.exists else None
        return None if raw is None else orjson.loads(raw)

    def find(self, table: str, field: str, value: str) -> list[dict[str, Any]]:
        """The archived documents whose `field` equals `value`; none of a conversation that is in the hot part."""
        if not self.exists:
            return []
        if field == "conversation" and self._hot.raw("conversations", ids.number(value)) is not None:
            return []
        return [dict(each) for each in self.db.table(table).search(where(field) == value)]

    def conversations(self) -> Sequence[int]:
        """The doc_ids of all archived conversations, who wrote longest ago first."""
        if not self.exists:
            return ()
        found = self.db.ordered("conversations", "_queue", "done", "since")
        return [number for number in found if self._hot.raw("conversations", number) is None]

    def log(self) -> Iterator[dict[str, Any]]:
        """The archived part of the log, oldest first."""
        if self.exists:
            yield from (dict(each) for each in self.db.table(LOG))

    # moving

    def take(self, before: datetime, most: int = AT_ONCE) -> int:
        """Moves what was done, or went out, before a moment: at most `most` conversations, posts and acts each.

        How many documents moved. The archive has them on disk before the hot part lets go of them.
        """
        limit = to_iso(before)
        with self._hot.transaction():
            places = [
                place
                for number in self._old("conversations", "_queue", "done", "_done", limit, most)
                for place in self._whole(number)
            ]
            places += [
                ("outgoing", number)
                for pane in ("marketing:sent", "marketing:discarded")
                for number in self._old("outgoing", "_pane", pane, "_at", limit, most)
            ]
            places += [
                ("acts", number)
                for state in ("sent", "discarded")
                for number in self._old("acts", "state", state, "created_at", limit, most)
            ]
            places += [(LOG, number) for number in self._old_log(limit, most)]
            if not places:
                return 0
            self._copy(self._hot, self.db, places)
            for table in {table for table, _ in places}:
                self._hot.table(table).remove(doc_ids=[number for name, number in places if name == table])
        return len(places)

    def _old(self, table: str, field: str, value: str, by: str, limit: str, most: int) -> list[int]:
        found = []
        for number in self._hot.ordered(table, field, value, by)[:most]:
            document = orjson.loads(self._hot.raw(table, number) or b"{}")
            if document.get(by, limit) >= limit:
                break
            found.append(number)
        return found

    def _old_log(self, limit: str, most: int) -> list[int]:
        found: list[int] = []
        for each in self._hot.table(LOG):
            if each["at"] >= limit or len(found) == most * 10:
                break
            found.append(each.doc_id)
        return found

    def _whole(self, number: int) -> list[Place]:
        """A conversation with its parts and the ids that were folded into it; nothing while a reply is under way."""
        identity = ids.from_number(ids.CONVERSATION, number)
        parts = [
            (table, each)
            for table in PARTS
            for each in self._hot.table(table).search(where("conversation") == identity)
        ]
        if any(table == "outgoing" and not each["_pane"].endswith((":sent", ":discarded")) for table, each in parts):
            return []
        folded = self._hot.table("conversations").search(where("folded_into") == identity)
        return [
            ("conversations", number),
            *(("conversations", each.doc_id) for each in folded),
            *((table, each.doc_id) for table, each in parts),
        ]

    def bring_back(self, identity: str) -> bool:
        """Copies an archived conversation into the hot part, in the transaction that is open there."""
        if not self.exists or self._hot.raw("conversations", ids.number(identity)) is not None:
            return False
        if self.db.raw("conversations", ids.number(identity)) is None:
            return False
        places = [("conversations", ids.number(identity))]
        places += [
            (table, each.doc_id)
            for table in PARTS
            for each in self.db.table(table).search(where("conversation") == identity)
        ]
        self._copy(self.db, self._hot, places)
        return True

    @staticmethod
    def _copy(source: JournalDB, target: JournalDB, places: Sequence[Place]) -> None:
        with target.transaction():
            for table, number in places:
                raw = source.raw(table, number)
                if raw is None:
                    continue
                # the log's ids count up in each part: there the op_id tells two steps apart
                if table == LOG:
                    step = orjson.loads(raw)
                    if not target.table(LOG).contains(where("op_id") == step["op_id"]):
                        target.table(LOG).insert(step)
                else:
                    target.table(table).upsert(Document(orjson.loads(raw), doc_id=number))
