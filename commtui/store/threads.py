"""What was said in a conversation: mentions, notes, and texts from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from commtui.model import ids
from commtui.model.clock import from_iso
from commtui.model.facets import MentionFacets, unpacked_of_mention
from commtui.model.states import OutgoingState
from commtui.store.reader import Reader
from commtui.store.schema import BY_NAME
from commtui.store.tinydb_sqlite.search import EVERY, Chosen

if TYPE_CHECKING:
    from commtui.model import records


UNSAID: Final = (OutgoingState.DISCARDED, OutgoingState.DRAFT)
"""States of a reply that is no part of the thread."""


class Entry(NamedTuple):
    """One text of a thread, or a note on it, by its record: which is read when it is needed."""

    at: str
    """The time that sorts it, in ISO 8601."""
    table: str
    number: int
    """The doc_id of its record."""

    @property
    def kind(self) -> type[Any]:
        """The type of its record."""
        return BY_NAME[self.table].kind


class Threads:
    """Whole threads, by the index alone."""

    def __init__(self, reader: Reader) -> None:
        self._db = reader.db

    def entries(self, conversation: str) -> tuple[list[Entry], set[str]]:
        """All texts and notes of a conversation, oldest first, drafts and discarded replies left out; and the ids by
        which its network knows our replies."""
        entries = []
        for table, by in (("mentions", "created_at"), ("context", "created_at"), ("notes", "at")):
            rows = self._db.having_with(table, "conversation", conversation, (by,))
            entries += [Entry(at, table, number) for number, at in rows]
        known = set()
        fields = ("_at", "_state", "remote_id")
        for number, at, state, remote_id in self._db.having_with("outgoing", "conversation", conversation, fields):
            if state.partition(":")[2] not in UNSAID:
                entries.append(Entry(at, "outgoing", number))
                known.add(remote_id)
        return sorted(entries, key=_place), known


_RANKS: Final = {"mentions": 0, "outgoing": 1, "context": 2, "notes": 3}


def _place(entry: Entry) -> tuple[str, int]:
    return entry.at, _RANKS[entry.table]


class Mentions:
    """What others said to us."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_conversation(self, conversation: str) -> list[records.Mention]:
        """The mentions of a conversation, oldest first."""
        from commtui.model.records import Mention

        return self._reader.ordered(Mention, "conversation", conversation, "created_at")

    def saying(self, words: str, chosen: Chosen = EVERY) -> Iterator[list[int]]:
        """The mentions that say each of some casefolded words, and perhaps a few others: the newest first, in slices of
        about a millisecond."""
        return self._reader.db.find_text("mentions", words, chosen)

    def facet_counts(self, *, archived: bool) -> Mapping[MentionFacets, int]:
        """How many have which facets."""
        counts = self._reader.db.counts("mentions", "_facets", archived=archived)
        return {unpacked_of_mention(str(name)): count for name, count in counts.items()}

    def facets(self, numbers: Sequence[int]) -> dict[int, MentionFacets]:
        """The facets of some mentions, by their doc_ids."""
        found = self._reader.db.sort_keys("mentions", "_facets", numbers)
        return {number: unpacked_of_mention(facets) for number, (facets, _) in found.items()}

    def times(self, numbers: Sequence[int]) -> dict[int, str]:
        """When some mentions came, in ISO 8601, by their doc_ids."""
        return {number: at for number, (at, _) in self._reader.db.sort_keys("mentions", "created_at", numbers).items()}

    def conversations(self, numbers: Sequence[int]) -> dict[int, int]:
        """The doc_ids of the conversations of some mentions, by their doc_ids."""
        found = self._reader.db.sort_keys("mentions", "conversation", numbers)
        return {number: ids.number(conversation) for number, (conversation, _) in found.items()}

    def numbers_of(self, conversation: str) -> Sequence[int]:
        """The doc_ids of a conversation's mentions, oldest first; none of an archived one."""
        return self._reader.db.ordered("mentions", "conversation", conversation, "created_at")

    def first_of(self, conversation: str) -> records.Mention | None:
        """The oldest mention of a conversation."""
        from commtui.model.records import Mention

        return next(iter(self._reader.ordered(Mention, "conversation", conversation, "created_at", most=1)), None)

    def newest_by(self, conversation: str, moment: datetime) -> records.Mention | None:
        """The newest mention of a conversation that came at or before `moment`; of the archive, too."""
        from commtui.model.records import Mention

        rows = self._reader.db.having_with("mentions", "conversation", conversation, ("created_at",))
        earlier = [(from_iso(at), place, number) for place, (number, at) in enumerate(rows) if from_iso(at) <= moment]
        return self._reader.at(Mention, max(earlier)[2]) if earlier else None

    def with_remote_id(self, remote_id: str) -> list[records.Mention]:
        """The mentions that a network calls so; two accounts may have the same."""
        from commtui.model.records import Mention

        return self._reader.find(Mention, "remote_id", remote_id)

    def with_uri(self, uri: str) -> list[records.Mention]:
        """The mentions with this lasting address."""
        from commtui.model.records import Mention

        return self._reader.find(Mention, "uri", uri)

    def answers_to(self, remote_id: str) -> list[records.Mention]:
        """The mentions that answer something, by its id on the network."""
        from commtui.model.records import Mention

        return self._reader.find(Mention, "in_reply_to", remote_id)


class Notes:
    """Internal notes."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_conversation(self, conversation: str) -> list[records.Note]:
        """The notes on a conversation, oldest first."""
        from commtui.model.records import Note

        return self._reader.ordered(Note, "conversation", conversation, "at")


class Context:
    """What stands in a thread and is neither a mention nor written here."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_conversation(self, conversation: str) -> list[records.Context]:
        """The other texts of a conversation, oldest first."""
        from commtui.model.records import Context

        return self._reader.ordered(Context, "conversation", conversation, "created_at")
