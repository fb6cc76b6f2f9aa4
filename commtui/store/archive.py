"""What was done long ago: in a journal of its own, which nothing opens until something in it is asked for.

A conversation moves whole, with all that was said in it; it comes back whole when it is written to again. The same
document may stand in both for a while: then the hot one counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from commtui.store.shelves import BY_TABLE, SHELVES

LOG: Final = "log"
PARTS: Final = ("mentions", "outgoing", "notes", "context")
"""The tables whose documents belong to a conversation."""
ORDER: Final = {table: by for table in PARTS for field, by in BY_TABLE[table].ordered if field == "conversation"}
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
    def is_open(self) -> bool:
        """Whether anything asked for it yet."""
        return "db" in self.__dict__

    @property
    def exists(self) -> bool:
        """Whether anything was ever archived: one look at the folder, and the files stay closed."""
        return self.is_open or self._folder.is_dir()

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
        if self.is_open:
            self.db.close()

    def document(self, table: str, number: int) -> dict[str, Any] | None:
        """A document of the archive; of a conversation that is back in the hot part only that one counts."""
        raw = self.db.raw(table, number) if self.exists else None
        if raw is None:
            return None
        found: dict[str, Any] = orjson.loads(raw)
        if table in PARTS and found["conversation"] and self._is_hot(found["conversation"]):
            raw = self._hot.raw(table, number)  # once more: it may have come back in between
            return None if raw is None else orjson.loads(raw)
        return found

    def _is_hot(self, conversation: str) -> bool:
        return self.is_back(ids.number(conversation))

    def find(self, table: str, field: str, value: str) -> list[dict[str, Any]]:
        """The archived documents whose `field` equals `value`; none of a conversation that is in the hot part."""
        if not self.exists:
            return []
        if field == "conversation" and self._is_hot(value):
            return []
        return [dict(each) for each in self.db.table(table).search(where(field) == value)]

    def conversations(self) -> Sequence[int]:
        """The doc_ids of all archived conversations, who wrote longest ago first."""
        if not self.exists:
            return ()
        found = self.db.ordered("conversations", "_queue", "done", "since")
        return [number for number in found if not self.is_back(number)]

    def is_back(self, number: int) -> bool:
        """Whether a conversation is in the hot part: then only that counts."""
        return self._hot.raw("conversations", number) is not None

    def log_lines(self, newest_first: bool) -> Iterator[bytes]:
        """The archived steps of the log, but those that the hot part has, too: a move that was killed leaves some."""
        if not self.exists:
            return
        hot = self._hot.table(LOG)
        first = next(log_lines(self._hot, False), None)
        since = orjson.loads(first)["at"] if first else "~"
        for raw in log_lines(self.db, newest_first):
            step = orjson.loads(raw)
            if step["at"] < since or not hot.contains(where("op_id") == step["op_id"]):
                yield raw

    # moving

    def take(self, before: datetime, most: int = AT_ONCE) -> int:
        """Moves what was done, or went out, before a moment: at most `most` conversations, posts and acts each.

        How many documents moved. The archive has them on disk before the hot part lets go of them, and no lock of the
        hot part is held while that disk is waited for: what changed meanwhile stays.
        """
        limit = to_iso(before)
        conversations = self._conversations(limit, most)
        singles = [
            ("outgoing", number)
            for pane in ("marketing:sent", "marketing:discarded")
            for number in self._old("outgoing", "_pane", pane, "_at", limit, most)
        ]
        singles += [
            ("acts", number)
            for state in ("sent", "discarded")
            for number in self._old("acts", "state", state, "created_at", limit, most)
        ]
        singles += [(LOG, number) for number in self._old_log(limit, most)]
        wholes = {**{whole[0]: whole for whole in conversations}, **{place: [place] for place in singles}}
        if not wholes:
            return 0
        copied = {place: self._hot.raw(*place) for whole in wholes.values() for place in whole}
        with self.db.transaction():
            for first, whole in wholes.items():
                if first[0] == "conversations":
                    self._forget(ids.from_number(ids.CONVERSATION, first[1]), whole)
            self._copy(copied, self.db)
        with self._hot.transaction():
            gone: dict[str, list[int]] = {}
            for first, whole in wholes.items():
                again = self._whole(first[1]) if first[0] == "conversations" else whole
                if again == whole and all(self._hot.raw(*place) == copied[place] for place in whole):
                    for table, number in whole:
                        if copied[table, number] is not None:
                            gone.setdefault(table, []).append(number)
            for table, numbers in gone.items():
                self._hot.table(table).remove(doc_ids=numbers)
        return sum(map(len, gone.values()))

    def _conversations(self, limit: str, most: int) -> list[list[Place]]:
        found: list[list[Place]] = []
        for number in self._hot.ordered("conversations", "_queue", "done", "_done"):
            document = orjson.loads(self._hot.raw("conversations", number) or b"{}")
            if document.get("_done", limit) >= limit or len(found) == most:
                break
            if whole := self._whole(number):
                found.append(whole)
        return found

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
        if not self.exists or self._is_hot(identity):
            return False
        if self.db.raw("conversations", ids.number(identity)) is None:
            return False
        places = [("conversations", ids.number(identity)), *self._parts(self.db, identity)]
        self._copy({place: self.db.raw(*place) for place in places}, self._hot)
        return True

    @staticmethod
    def _parts(source: JournalDB, identity: str) -> list[Place]:
        return [
            (table, each) for table in PARTS for each in source.ordered(table, "conversation", identity, ORDER[table])
        ]

    def _forget(self, identity: str, whole: Sequence[Place]) -> None:
        """Takes away what the archive had of a conversation and that was removed while it was hot again."""
        for table, number in set(self._parts(self.db, identity)).difference(whole):
            self.db.table(table).remove(doc_ids=[number])

    @staticmethod
    def _copy(documents: Mapping[Place, bytes | None], target: JournalDB) -> None:
        for (table, number), raw in documents.items():
            if raw is None:
                continue
            # the log's ids count up in each part: there the op_id tells two steps apart
            if table == LOG:
                step = orjson.loads(raw)
                if not target.table(LOG).contains(where("op_id") == step["op_id"]):
                    target.table(LOG).insert(step)
            else:
                target.table(table).upsert(Document(orjson.loads(raw), doc_id=number))


def log_lines(db: JournalDB, newest_first: bool) -> Iterator[bytes]:
    """The steps of a part's log as they are kept, each read when it is asked for: its ids count up."""
    numbers = db.ids_between(LOG, 0, (1 << 63) - 1)
    for number in reversed(numbers) if newest_first else numbers:
        raw = db.raw(LOG, number)
        if raw is not None:
            yield raw
