"""The cache of one home: records by id, what the panes show, one way to write, and observers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from msgspec import Struct

from commtui.model import ids
from commtui.store import codec
from commtui.store.activity_log import ActivityLog
from commtui.store.archive import Archive
from commtui.store.away import Away
from commtui.store.campaigns import Campaigns
from commtui.store.changes import Changes
from commtui.store.conversations import Conversations
from commtui.store.damage import Damage, damage_of
from commtui.store.format import bring_up, refuse_old
from commtui.store.outgoing import Acts, OutgoingItems
from commtui.store.people import People
from commtui.store.reader import Reader
from commtui.store.schema import BY_LETTER, COUNTED, INDEXED, ORDERED, WORDS
from commtui.store.small_tables import Accounts, AllSeries, Requests, RuleRuns
from commtui.store.threads import Context, Mentions, Notes, Threads
from commtui.store.tinydb_sqlite import SqliteDB
from commtui.store.transfer import Transfer
from commtui.store.write import Deadlines, Write, shown

if TYPE_CHECKING:  # the records cost 30 ms, and counting needs none of them
    from commtui.model.log_records import Process
    from commtui.store.erasure import Erasure
    from commtui.store.past import Past
    from commtui.store.waits import Waits

R = TypeVar("R", bound=Struct)
FILE: Final = "store.db"
"""The name of the database in the folder of a home's data."""
ROOM: Final = 16 << 10
"""Bytes that even a small change needs."""

_AUTHOR_FIELDS: Final = {
    ids.CONVERSATION: "author",
    ids.MENTION: "author",
    ids.REPLY: "in_reply_to",
    ids.ACT: "of",
}
"""What leads to the author of a record, by the letter of its id."""


class Store:
    """Threads may share one, and wait for each other then: who scans long opens one of its own. Raises StoreError.

    `process`: what the log names as the process of each step that is written here.
    """

    def __init__(self, folder: Path, process: Process | None = None) -> None:
        refuse_old(folder)
        self.folder = folder
        self.file = folder / FILE
        self.deadlines: Deadlines | None = None
        """What computes when our answer to a conversation is due: called with each that is written."""
        self._told: dict[str, int] = {}
        self._db = SqliteDB(self.file, indexes=INDEXED, ordered=ORDERED, counted=COUNTED, searched=WORDS)
        with ExitStack() as after_an_error:
            after_an_error.callback(self._db.close)
            bring_up(self._db, self.file)
            after_an_error.pop_all()
        self._reader = Reader(self._db)
        self.archive = Archive(self._reader)
        self.conversations = Conversations(self._reader)
        self.away = Away(self._reader)
        self.mentions = Mentions(self._reader)
        self.threads = Threads(self._reader)
        self.people = People(self._reader)
        self.campaigns = Campaigns(self._reader)
        self.series = AllSeries(self._reader)
        self.outgoing = OutgoingItems(self._reader)
        self.acts = Acts(self._reader)
        self.notes = Notes(self._reader)
        self.context = Context(self._reader)
        self.accounts = Accounts(self._reader)
        self.requests = Requests(self._reader)
        self.rule_runs = RuleRuns(self._reader)
        self.log = ActivityLog(self._reader, process)
        self.transfer = Transfer(self._reader)

    def close(self) -> None:
        """Ends the use of the file."""
        self._db.close()

    # reading

    def get(self, kind: type[R], identity: str) -> R | None:
        """The record with this id, archived or not; None also for what is no id."""
        return self._reader.get(kind, identity)

    def author(self, identity: str) -> str:
        """The author (`@user@host`) of a conversation or a mention, or of what one of our texts or acts is about, read
        without the types of records; empty where there is none."""
        field = _AUTHOR_FIELDS.get(identity[:1])
        try:
            value = self._reader.field(BY_LETTER[identity[0]].name, ids.number(identity), field) if field else ""
        except ValueError:
            return ""
        return value if field in (None, "author") else self.author(value)

    def get_each(self, kind: type[R], identities: Iterable[str]) -> dict[str, R]:
        """Those records of some ids that are there, archived or not, by their ids; by one statement."""
        return self._reader.get_each(kind, identities)

    def at(self, kind: type[R], number: int) -> R | None:
        """The record with this doc_id."""
        return self._reader.at(kind, number)

    def all(self, kind: type[R]) -> list[R]:
        """Every record of a kind that is not archived: for small tables."""
        return self._reader.all(kind)

    def in_conversation(self, kind: type[R], conversation: str) -> list[R]:
        """The records of a kind that belong to a conversation, archived or not."""
        return self._reader.find(kind, "conversation", conversation)

    def with_prefix(self, prefix: str, most: int = 10) -> list[str]:
        """The ids that begin with `prefix`, at most `most`."""
        return self._reader.with_prefix(prefix, most)

    def with_fields(self, identity: str, fields: Mapping[str, Any]) -> Any | None:
        """The record as it is now, with some fields of a log's line laid over it; None if it is gone."""
        table = BY_LETTER[identity[0]]
        document = self._reader.document(table.name, ids.number(identity))
        return None if document is None else codec.from_document(table.kind, {**shown(document), **fields})

    @property
    def past(self) -> Past:
        """What a report on the past reads."""
        from commtui.store.past import Past  # it needs the records

        return Past(self._reader)

    @property
    def waits(self) -> Waits:
        """In which order rules on time find what is due."""
        from commtui.store.waits import Waits  # the first rows do without

        return Waits(self._reader)

    @property
    def erasure(self) -> Erasure:
        """What takes a person's words and names out of the log and the file."""
        from commtui.store.erasure import Erasure  # the first rows do without

        return Erasure(self._reader)

    def view(self) -> AbstractContextManager[None]:
        """`with store.view():` Reads inside see one state. Keep it short: the file grows while a view is open."""
        return self._db.view()

    # writing and watching

    @contextmanager
    def write(self, durable: bool = True) -> Iterator[Write]:
        """One transaction. On disk when it ends, unless `durable` is False (a batch that can be fetched again).

        Reads inside see the newest of all processes. Raises StoreError; then nothing has changed.
        """
        with self._db.transaction(durable=durable):
            write = Write(self._reader, self.log, self.archive, self.people, self.deadlines)
            yield write
            write.finish()

    def flush(self) -> None:
        """Returns when all that was written before is on disk. Raises StoreError."""
        self._db.flush()

    def observe(self, callback: Callable[[Changes], None]) -> Callable[[], None]:
        """Calls back after each change, in the thread that made or saw it. Returns what ends it."""
        return self._db.subscribe(lambda changed: callback(Changes(changed)))

    def poll(self) -> bool:
        """Looks whether other handles wrote; then observers are called, and the answer is True."""
        return self._db.refresh()

    # upkeep

    @property
    def untidy(self) -> bool:
        """Whether `tidy` would pay."""
        return self._db.needs_checkpoint()

    def tidy(self) -> None:
        """Brings what was written into the file, and gives back what is free; for a thread that nobody waits for."""
        self._db.checkpoint()

    @property
    def damage(self) -> list[Damage]:
        """The records that this handle met and could not read, those left out that were repaired since."""
        return [
            damage_of(document, self.file)
            for document in self._db.damage
            if self._db.ids_between(document.table, document.doc_id, document.doc_id, archived=None)
        ]

    def damage_not_told(self, whom: str = "") -> list[Damage]:
        """What `whom` was not told of yet."""
        known = self._db.damage
        count, self._told[whom] = self._told.get(whom, 0), len(known)
        return [damage_of(document, self.file) for document in known[count:]]

    @property
    def is_full(self) -> bool:
        """Whether its disk has no room for even a small change."""
        disk = os.statvfs(self.folder)
        return disk.f_bavail * disk.f_frsize < ROOM
