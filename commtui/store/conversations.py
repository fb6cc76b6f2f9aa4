"""Conversations by their place in the queue: doc_ids, counts and single fields, without reading records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from commtui.model import ids
from commtui.model.clock import to_iso
from commtui.model.facets import Facets, MentionFacets, unpacked
from commtui.model.states import Order, Queue
from commtui.store import facet_search
from commtui.store.counting import count_below
from commtui.store.reader import Reader
from commtui.store.schema import FOREVER, NOT_WAITING, SORTED_BY, desk_of, newest_key
from commtui.store.text_search import holding, saying
from commtui.store.tinydb_sqlite.sorted_ids import SortedIds

if TYPE_CHECKING:
    from commtui.model.records import Conversation

TABLE: Final = "conversations"
NEVER: Final = FOREVER
"""Sorts after every time."""


class Conversations:
    """Numbers are doc_ids. `archived`: of the archived conversations, which are all done; else of the others."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._db = reader.db

    def by_wait(self, queue: Queue, *, archived: bool = False, at_once: int | None = None) -> SortedIds:
        """The conversations of a place in the queue, who waits longest first.

        `at_once`: how many numbers this call may read, if all must be read anew. What stood there before is returned
        until the next calls have read them all; without that, those read so far, whose `is_whole` is False.
        """
        return self.sorted_by(Order.WAIT, queue, archived=archived, at_once=at_once)

    def sorted_by(
        self,
        order: Order,
        queue: Queue,
        *,
        archived: bool = False,
        at_once: int | None = None,
        also: Sequence[int] = (),
    ) -> SortedIds:
        """The conversations of a place in the queue in some order; `at_once` as in `by_wait`. `also`: a few of another
        place, which stand among them."""
        by = SORTED_BY[order]
        return self._db.kept_ids(TABLE, "_queue", queue.value, by, archived=archived, at_once=at_once, also=also)

    def is_reading(self, order: Order, queue: Queue, *, archived: bool = False) -> bool:
        """Whether `sorted_by` with `at_once` has not read all of these yet."""
        return self._db.is_reading(TABLE, "_queue", queue.value, SORTED_BY[order], archived=archived)

    def due_before(
        self, moment: datetime, *, at_least: datetime | None = None, most: int | None = None
    ) -> Sequence[int]:
        """The open conversations in which our answer is due before a moment (and from `at_least` on), the first due
        first."""
        return self._before(SORTED_BY[Order.DUE], moment, at_least, most)

    def due_between(self, queue: Queue, begin: datetime, end: datetime) -> Sequence[int]:
        """The conversations at a place of the queue in which our answer is due from a moment to another one, or in its
        millisecond."""
        least, below = to_iso(begin), min(FOREVER, to_iso(end)[:-1] + "~")
        return self._db.ordered(
            TABLE, "_queue", queue.value, SORTED_BY[Order.DUE], at_least=least, below=below, limit=-1
        )

    def count_due_before(self, moment: datetime) -> int:
        """How many open conversations these are."""
        return count_below(self._db, TABLE, "_queue", Queue.OPEN.value, SORTED_BY[Order.DUE], to_iso(moment))

    def next_due(self, moment: datetime) -> int | None:
        """The open conversation in which our answer is due next, from a moment on; None: it is in none."""
        return self._next(SORTED_BY[Order.DUE], moment)

    def due(self, number: int) -> str:
        """When our answer is due, in ISO 8601; NEVER where it never is."""
        return self._reader.field(TABLE, number, SORTED_BY[Order.DUE]).partition(" ")[0]

    def due_times(self, numbers: Sequence[int]) -> dict[int, str]:
        """The same of several, by one statement."""
        return {number: key.partition(" ")[0] for number, key in self._keys(SORTED_BY[Order.DUE], numbers).items()}

    def at_risk_before(
        self, moment: datetime, *, at_least: datetime | None = None, most: int | None = None
    ) -> Sequence[int]:
        """The open conversations that are at risk since before a moment (and from `at_least` on), overdue ones
        included."""
        return self._before("_risk", moment, at_least, most)

    def count_at_risk_before(self, moment: datetime) -> int:
        """How many open conversations are at risk since before a moment, overdue ones included."""
        return count_below(self._db, TABLE, "_queue", Queue.OPEN.value, "_risk", to_iso(moment))

    def next_at_risk(self, moment: datetime) -> int | None:
        """The open conversation that is at risk next, from a moment on; None: none will be."""
        return self._next("_risk", moment)

    def risk_times(self, numbers: Sequence[int]) -> dict[int, str]:
        """From when on our answer is at risk, in ISO 8601; NEVER where it never is."""
        return self._keys("_risk", numbers)

    def _before(self, by: str, moment: datetime, at_least: datetime | None, most: int | None) -> Sequence[int]:
        first = to_iso(at_least) if at_least else None
        return self._db.ordered(TABLE, "_queue", Queue.OPEN.value, by, at_least=first, below=to_iso(moment), limit=most)

    def _next(self, by: str, moment: datetime) -> int | None:
        bounds: dict[str, Any] = {"at_least": to_iso(moment), "below": FOREVER, "limit": 1}
        return next(iter(self._db.ordered(TABLE, "_queue", Queue.OPEN.value, by, **bounds)), None)

    def computed_otherwise(self, due_by: str, most: int) -> list[int]:
        """Up to `most` of those that wait whose deadlines were computed by other hours or levels."""
        others = [by for by, count in self._db.counts(TABLE, "_due_by").items() if count and by != due_by]
        waiting = (self._db.having(TABLE, "_due_by", by, limit=most) for by in others if by != NOT_WAITING)
        return list(islice(chain.from_iterable(waiting), most))

    def folded_into(self, conversation: str) -> list[str]:
        """The ids of those that were folded into a conversation, or into one that was."""
        found: list[str] = []
        elders = [conversation]
        while elders:
            numbers = self._db.having(TABLE, "folded_into", elders.pop(), archived=None)
            younger = [ids.from_number(ids.CONVERSATION, number) for number in numbers]
            found, elders = found + younger, elders + younger
        return found

    def newest_open(self, most: int) -> list[int]:
        """The open conversations whose newest mentions are the newest, these first; at most so many."""
        return list(self._db.ordered(TABLE, "_queue", Queue.OPEN.value, SORTED_BY[Order.NEWEST], limit=most))

    def newer_than(self, queue: Queue, since: datetime, *, archived: bool = False) -> list[int]:
        """The conversations at a place of the queue whose newest mention came at a moment or later."""
        by, below = SORTED_BY[Order.NEWEST], newest_key(since) + 1
        return list(self._db.ordered(TABLE, "_queue", queue.value, by, below=below, limit=-1, archived=archived))

    def older_than(self, queue: Queue, until: datetime, *, archived: bool = False) -> list[int]:
        """The conversations at a place of the queue whose newest mention came before a moment, or in that
        millisecond."""
        by, least = SORTED_BY[Order.NEWEST], newest_key(until)
        return list(self._db.ordered(TABLE, "_queue", queue.value, by, at_least=least, limit=-1, archived=archived))

    def newest_between(self, queue: Queue, since: datetime, until: datetime, *, archived: bool = False) -> list[int]:
        """The conversations at a place of the queue whose newest mention came between two moments, both included."""
        least, below, by = newest_key(until), newest_key(since) + 1, SORTED_BY[Order.NEWEST]
        where = TABLE, "_queue", queue.value, by
        return list(self._db.ordered(*where, at_least=least, below=below, limit=-1, archived=archived))

    def count_newest(self, since: datetime, until: datetime, *, only_open: bool = False) -> int:
        """How many conversations have a newest mention from a moment to another one, which is included; archived ones
        left out."""
        bounds = {"at_least": newest_key(until), "below": newest_key(since) + 1}
        places = (Queue.OPEN,) if only_open else (Queue.OPEN, Queue.WAITING, Queue.SNOOZED, Queue.DONE, Queue.MUTED)
        return sum(
            self._db.count_ordered(TABLE, "_queue", queue.value, SORTED_BY[Order.NEWEST], **bounds) for queue in places
        )

    def counts(self, *, archived: bool = False) -> Mapping[Queue, int]:
        """How many stand at each place of the queue."""
        return {Queue(name): count for name, count in self._db.counts(TABLE, "_queue", archived=archived).items()}

    def assigned_counts(self, *, archived: bool = False) -> Mapping[tuple[Queue, str | None], int]:
        """How many stand at each place with each assignee."""
        counts = self._db.counts(TABLE, "_desk", archived=archived)
        return {
            (Queue(queue), who or None): count
            for name, count in counts.items()
            for queue, _, who in [str(name).partition(":")]
        }

    def unread_counts(self) -> Mapping[str, int]:
        """How many of the open ones of each account (its id) are unread; accounts without one may be left out."""
        return {account: count for account, count in self._db.counts(TABLE, "_unread").items() if account}

    def assigned(self, desks: Iterable[tuple[Queue, str | None]], *, archived: bool = False) -> set[int]:
        """The conversations that stand at one of some places with one of some assignees."""
        names = [desk_of(queue, who) for queue, who in desks]
        return {number for name in names for number in self._db.having(TABLE, "_desk", name, archived=archived)}

    def without_parents(self, account: str) -> list[Conversation]:
        """The conversations of an account for which what stands above their first mention was not fetched yet."""
        from commtui.model.records import Conversation

        return list(self._reader.records(Conversation, self._db.having(TABLE, "_chain", account)))

    # what a query asks for

    def facet_counts(self, *, archived: bool = False) -> Mapping[Facets, int]:
        """How many have which facets."""
        return facet_search.counts(self._db, archived)

    def facets(self, numbers: Collection[int]) -> dict[int, Facets]:
        """The facets of some, archived or not, by their doc_ids."""
        return {number: unpacked(facets) for number, facets in self._keys("_facets", list(numbers)).items()}

    def with_facets(self, wanted: Iterable[Facets], *, archived: bool = False) -> facet_search.Numbers:
        """The conversations with one of some facets."""
        return facet_search.with_facets(self._db, wanted, archived)

    def with_mention(self, wanted: Callable[[MentionFacets], bool], *, archived: bool = False) -> facet_search.Numbers:
        """The conversations with a mention whose facets are wanted."""
        return facet_search.with_mention(self._db, wanted, archived)

    def with_note(self, *, archived: bool = False) -> facet_search.Numbers:
        """The conversations with a note."""
        return facet_search.with_note(self._db, archived)

    def saying(self, words: Sequence[str], *, archived: bool = False) -> Generator[None, None, set[int]]:
        """The conversations that say each of some casefolded words, and perhaps a few others; pauses every millisecond
        or so."""
        return saying(self._db, words, archived)

    def by_author(self, author: str) -> set[int]:
        """The conversations whose newest mention is by an author (`@user@host`), the archived ones left out."""
        from commtui.model.records import Conversation

        numbers = {number for part in self._db.find_text(TABLE, author.casefold()) for number in part}
        return {
            ids.number(record.id)
            for record in self._reader.records(Conversation, sorted(numbers))
            if record.author == author
        }

    def tagged(self, tag: str, *, archived: bool = False, most: int | None = None) -> Generator[None, None, set[int]]:
        """The conversations that have a casefolded tag, and perhaps a few others; it pauses like `saying`. `most`: more
        than so many are not looked for."""
        return holding(self._db, tag, archived, most)

    def tags_of_newest(self, most: int) -> Counter[str]:
        """How many of the newest open conversations have each tag; at most so many are looked at."""
        numbers = self._db.ordered(TABLE, "_queue", Queue.OPEN.value, "since", limit=most, reverse=True)
        from commtui.model.records import Conversation

        return Counter(tag for record in self._reader.records(Conversation, numbers) for tag in record.tags)

    # single fields

    def sort_keys(self, order: Order, numbers: Sequence[int]) -> Mapping[int, tuple[Any, int]]:
        """What sorts some conversations in `sorted_by`: the order's value, and the order in which they came."""
        return self._db.sort_keys(TABLE, SORTED_BY[order], numbers)

    def waiting_keys(self, numbers: Sequence[int]) -> Mapping[int, tuple[str, int]]:
        """What sorts some conversations in `by_wait`: since when they wait, and the order in which they came."""
        return self.sort_keys(Order.WAIT, numbers)

    def since(self, number: int) -> str:
        """Since when the person waits, in ISO 8601; empty if there is no such conversation."""
        return self._reader.field(TABLE, number, "since")

    def assignees(self, numbers: Sequence[int]) -> dict[int, str | None]:
        """Who is assigned to some."""
        return {number: desk.partition(":")[2] or None for number, desk in self._keys("_desk", numbers).items()}

    def _keys(self, field: str, numbers: Sequence[int]) -> dict[int, Any]:
        """An indexed field of some, by one statement; those that were removed are left out."""
        found = self._db.sort_keys(TABLE, field, numbers) if numbers else {}
        return {number: key for number, (key, _) in found.items()}

    def account(self, number: int) -> str:
        """The account (its id) to which it belongs; empty if there is no such conversation."""
        return self._reader.field(TABLE, number, "account")

    def queue(self, number: int, now: datetime) -> Queue | None:
        """Where it stands, by now if it was muted; None if there is no such conversation."""
        document = self._reader.document(TABLE, number)
        if document is None:
            return None
        ended = document["_after_mute"] and document["_wake"] <= to_iso(now)
        return Queue(document["_after_mute"] if ended else document["_queue"])

    def is_archived(self, number: int) -> bool:
        """Whether it is in the archive."""
        return bool(self._db.archived_among(TABLE, [number]))

    def of_mentions(self, mentions: Iterable[int]) -> set[int]:
        """The conversations of some mentions."""
        return facet_search.conversations_of(self._db, "mentions", list(mentions))

    def of_notes(self, notes: Iterable[int]) -> set[int]:
        """The conversations of some notes."""
        return facet_search.conversations_of(self._db, "notes", list(notes))
