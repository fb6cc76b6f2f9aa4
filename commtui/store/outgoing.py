"""Replies, posts and acts on their way: by lane, state and due time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from commtui.model import ids
from commtui.model.clock import from_iso, to_iso
from commtui.model.states import Lane, OutgoingState
from commtui.store.reader import Reader
from commtui.store.schema import ENDED, pane_of, state_of
from commtui.store.tinydb_sqlite.search import EVERY, Chosen

if TYPE_CHECKING:
    from commtui.model.records import Act, Outgoing

TABLE: Final = "outgoing"
PAGE: Final = 50


class Summary(NamedTuple):
    """What a list of things that need a person says of an item."""

    id: str
    state: OutgoingState
    scheduled_at: datetime | None
    reason: str


class OutgoingItems:
    """Replies and variants of posts. Numbers are doc_ids; times are those that sort a pane: sent, else due, else
    written."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._db = reader.db

    def active(self, lane: Lane) -> Sequence[int]:
        """The items of a lane that are neither sent nor discarded, by time."""
        return self._db.ordered(TABLE, "_pane", pane_of(lane), "_at")

    def active_items(self, lane: Lane) -> Iterator[Outgoing]:
        """The items of `active`; each is read when it is asked for."""
        from commtui.model.records import Outgoing

        return self._reader.records(Outgoing, self.active(lane))

    def active_between(self, lane: Lane, first: datetime, end: datetime) -> Iterator[Outgoing]:
        """The items of `active` with a time from `first` on and before `end`; each is read when it is asked for."""
        from commtui.model.records import Outgoing

        first_key, end_key = to_iso(first), to_iso(end)
        numbers = self._db.ordered(TABLE, "_pane", pane_of(lane), "_at", at_least=first_key, below=end_key)
        return self._reader.records(Outgoing, numbers)

    def ended(self, lane: Lane, state: OutgoingState) -> Iterator[Outgoing]:
        """The sent or the discarded items of a lane, the latest first; each is read when it is asked for."""
        from commtui.model.records import Outgoing

        assert state in ENDED
        wanted = PAGE
        shown = 0
        while True:  # the pages grow: they are counted from the end each time
            numbers = self._db.ordered(TABLE, "_pane", pane_of(lane, state), "_at", limit=wanted, reverse=True)
            yield from self._reader.records(Outgoing, numbers[shown:])
            if len(numbers) < wanted:
                return
            shown, wanted = wanted, wanted * 4

    def in_state(self, lane: Lane, state: OutgoingState) -> Sequence[int]:
        """The items of a lane in a state, by time."""
        return self._db.ordered(TABLE, "_state", state_of(lane, state), "_at")

    def saying(self, words: str, chosen: Chosen = EVERY) -> Iterator[list[int]]:
        """The items that say each of some casefolded words, and perhaps a few others: the newest first, in slices of
        about a millisecond."""
        return self._db.find_text(TABLE, words, chosen)

    def numbers_in(self, states: Iterable[OutgoingState]) -> set[int]:
        """The items of both lanes in one of these states; no record is read."""
        return {number for state in states for lane in Lane for number in self.in_state(lane, state)}

    def conversations(self, numbers: Sequence[int]) -> dict[int, int]:
        """The doc_ids of the conversations of some items, posts left out."""
        found = self._db.sort_keys(TABLE, "conversation", numbers)
        return {number: ids.number(within) for number, (within, _) in found.items() if within}

    def times(self, numbers: Sequence[int]) -> dict[int, str]:
        """When some items were written, in ISO 8601, by their doc_ids."""
        return {number: at for number, (at, _) in self._db.sort_keys(TABLE, "created_at", numbers).items()}

    def counts(self) -> Mapping[tuple[Lane, OutgoingState], int]:
        """How many of each lane are in each state, archived ones left out."""
        counts = self._db.counts(TABLE, "_state")
        return {
            (Lane(lane), OutgoingState(state)): count
            for name, count in counts.items()
            for lane, _, state in [str(name).partition(":")]
        }

    def due(self, account: str) -> Iterator[Outgoing]:
        """What delivery has to do for an account, now or later, the soonest first; each read when it is asked for."""
        from commtui.model.records import Outgoing

        return self._reader.records(Outgoing, self._db.ordered(TABLE, "_work", account, "_due"))

    def due_between(self, account: str, first: datetime, end: datetime) -> Iterator[Outgoing]:
        """What delivery has to do for an account from `first` on and before `end`, the soonest first."""
        from commtui.model.records import Outgoing

        numbers = self._db.ordered(TABLE, "_work", account, "_due", at_least=to_iso(first), below=to_iso(end))
        return self._reader.records(Outgoing, numbers)

    def all_due(self, most: int | None = None) -> list[int]:
        """What delivery has to do for each account, at most `most` of each: an account's soonest first."""
        accounts = sorted(str(account) for account in self._db.counts(TABLE, "_work") if account)
        return [number for account in accounts for number in self._db.ordered(TABLE, "_work", account, "_due")[:most]]

    def between(self, lane: Lane, first: datetime, end: datetime) -> list[int]:
        """The items of a lane that were sent, or are not sent and are due, from `first` on and before `end`: the latter
        first, each by time, and those in the archive last. A draft has its time, or that at which it was written."""
        begin, over = to_iso(first), to_iso(end)
        places = ((None, False), (OutgoingState.SENT, False), (OutgoingState.SENT, True))
        return [
            number
            for state, archived in places
            for number in self._db.ordered(
                TABLE, "_pane", pane_of(lane, state), "_at", at_least=begin, below=over, archived=archived
            )
        ]

    def each(self, numbers: Sequence[int]) -> list[Outgoing]:
        """The items with these numbers that are there, read by a few statements."""
        from commtui.model.records import Outgoing

        return self._reader.each(Outgoing, numbers)

    def of_conversation(self, conversation: str) -> list[Outgoing]:
        """The replies in a conversation, in the order in which they were begun."""
        return self._find("conversation", conversation)

    def of_series(self, series: str) -> list[Outgoing]:
        """The variants of all posts of a series."""
        return self._find("series", series)

    def of_post(self, post: str) -> list[Outgoing]:
        """The variants of a post."""
        return self._find("post", post)

    def of_campaign(self, campaign: str) -> list[Outgoing]:
        """The variants of the posts of a campaign, in the order in which they were written."""
        return self._find("campaign", campaign)

    def account(self, number: int) -> str:
        """The account (its id) of an item; empty if there is none."""
        return self._reader.field(TABLE, number, "account")

    def with_remote_id(self, remote_id: str) -> list[Outgoing]:
        """What a network knows by this id; two accounts may know the same."""
        return self._find("remote_id", remote_id)

    def with_url(self, url: str) -> list[Outgoing]:
        """What is out with this address."""
        return self._find("url", url)

    def _find(self, field: str, value: str) -> list[Outgoing]:
        from commtui.model.records import Outgoing

        return self._reader.find(Outgoing, field, value) if value else []

    def summary(self, number: int) -> Summary | None:
        """An item's state, without the types of records; None if there is none."""
        document = self._reader.document(TABLE, number)
        if document is None:
            return None
        at = document.get("scheduled_at")
        return Summary(
            document["id"], OutgoingState(document["state"]), from_iso(at) if at else None, document.get("reason") or ""
        )


class Acts:
    """Favourites, boosts, deletions, blocks: what goes out and is not a text."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._db = reader.db

    def due(self, account: str) -> Iterator[Act]:
        """What delivery has to do for an account, now or later, the soonest first."""
        from commtui.model.records import Act

        return self._reader.records(Act, self._db.ordered("acts", "_work", account, "_due"))

    def in_state(self, state: OutgoingState) -> list[Act]:
        """The acts in a state, by the time at which they were asked for."""
        from commtui.model.records import Act

        return list(self._reader.records(Act, self._db.ordered("acts", "state", state.value, "created_at")))

    def about(self, identity: str) -> list[Act]:
        """The acts on an item or a mention (our id)."""
        from commtui.model.records import Act

        return self._reader.find(Act, "of", identity)
