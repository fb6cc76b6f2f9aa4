"""People: what each wrote, by the index of authors, and what was written down about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from commtui.model import ids
from commtui.model.authors import person_of
from commtui.model.clock import from_iso
from commtui.model.conversations import queue_of
from commtui.model.states import OutgoingState, Queue
from commtui.store.reader import Reader
from commtui.store.tinydb_sqlite.search import EVERY

if TYPE_CHECKING:
    from commtui.model.people import Link, Person
    from commtui.model.records import Conversation, Mention


_MAY_BE_DUE: Final = (Queue.OPEN, Queue.SNOOZED, Queue.MUTED)


class Said(NamedTuple):
    """A mention, by the index alone."""

    number: int
    """Its doc_id."""
    person: str
    """The id of its author."""
    conversation: str
    at: datetime


class People:
    """`person`: the id of one author (model/authors.py), archived mentions included."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._db = reader.db

    def said(self, people: Sequence[str]) -> list[Said]:
        """What some authors wrote, in the order in which it was stored."""
        fields = ("_person", "conversation", "created_at")
        rows = self._db.having_with("mentions", "_person", list(people), fields)
        return [Said(number, person, conversation, from_iso(at)) for number, person, conversation, at in rows]

    def newest(self, person: str) -> Mention | None:
        """The last mention of an author, as it came."""
        from commtui.model.records import Mention

        found: list[int] = []
        for archived in (False, True):
            found += self._db.ordered(
                "mentions", "_person", person, "created_at", limit=1, reverse=True, archived=archived
            )
        mentions = list(self._reader.records(Mention, found))
        return max(mentions, key=lambda mention: mention.created_at, default=None)

    def recent(self, person: str, most: int) -> list[Mention]:
        """The last mentions of an author that are not archived, the newest first; at most `most`."""
        from commtui.model.records import Mention

        numbers = self._db.ordered("mentions", "_person", person, "created_at", limit=most, reverse=True)
        return list(self._reader.records(Mention, numbers))

    def all(self, prefix: str = "") -> list[str]:
        """The ids of all authors that begin so, sorted."""
        found = {*self._db.counts("mentions", "_person"), *self._db.counts("mentions", "_person", archived=True)}
        return sorted(person for person in found if person and person.startswith(prefix))

    def answers(self, mentions: Iterable[int]) -> list[datetime]:
        """When each of our replies to some mentions (their doc_ids) went out."""
        asked = [ids.from_number(ids.MENTION, number) for number in mentions]
        rows = self._db.having_with("outgoing", "in_reply_to", asked, ("_state", "_at"))
        return [from_iso(at) for _, state, at in rows if state.partition(":")[2] == OutgoingState.SENT]

    def queues(self, conversations: Iterable[str]) -> dict[str, str]:
        """The Queue of some conversations, by their ids."""
        numbers = {ids.number(identity): identity for identity in conversations}
        keys = self._db.sort_keys("conversations", "_queue", list(numbers))
        return {numbers[number]: queue for number, (queue, _) in keys.items()}

    def folded(self) -> list[Conversation]:
        """The conversations that others took in."""
        from commtui.model.records import Conversation

        numbers = [
            number
            for archived in (False, True)
            for number in self._db.having("conversations", "_queue", Queue.FOLDED.value, archived=archived)
        ]
        return list(self._reader.records(Conversation, numbers))

    def of_name(self, words: str, most: int) -> list[Mention]:
        """Mentions whose author or text says something, the last ones; at most `most` are read."""
        from commtui.model.records import Mention

        numbers: list[int] = []
        for part in self._db.find_text("mentions", words.casefold(), EVERY):
            numbers += part
            if len(numbers) >= most:
                break
        named = (ids.from_number(ids.MENTION, number) for number in numbers[:most])
        return list(self._reader.get_each(Mention, named).values())

    def written(self, people: Iterable[str]) -> list[Person]:
        """What was written down about some authors."""
        from commtui.model.people import Person

        return list(self._reader.get_each(Person, people).values())

    def has_vips(self) -> bool:
        """Whether anybody is marked as vip."""
        return bool(self._db.counts("people", "vip").get(1))

    def is_vip(self, conversation: Conversation) -> bool:
        """Whether the person who wrote the newest message of a conversation is marked as vip."""
        if not self.has_vips():
            return False
        from commtui.model.people import linked
        from commtui.model.records import Mention

        mention = self._reader.get(Mention, conversation.newest)
        author = person_of(mention) if mention else ""
        return bool(author) and any(record.vip for record in self.written(linked(author, self.neighbours)))

    def may_be_due(self, people: Iterable[str]) -> dict[str, Conversation]:
        """The conversations in which our answer may be due, now or once they are back in the queue, and in which these
        authors or those linked with them wrote."""
        from commtui.model.people import linked
        from commtui.model.records import Conversation

        authors = {other for person in people for other in linked(person, self.neighbours)}
        identities = {said.conversation for said in self.said(sorted(authors))}
        found = self._reader.get_each(Conversation, identities)
        return {each.id: each for each in found.values() if queue_of(each) in _MAY_BE_DUE}

    def everything_written(self) -> list[Person]:
        """What was written down about anybody."""
        from commtui.model.people import Person

        return self._reader.all(Person)

    def all_links(self) -> list[Link]:
        """Every link."""
        from commtui.model.people import Link

        return self._reader.all(Link)

    def links(self, person: str) -> list[Link]:
        """The links of an author."""
        from commtui.model.people import Link

        return [*self._reader.find(Link, "one", person), *self._reader.find(Link, "other", person)]

    def neighbours(self, person: str) -> list[str]:
        """The authors whom a link joins with this one."""
        return [link.other if link.one == person else link.one for link in self.links(person)]
