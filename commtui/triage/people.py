"""What is known of a person: from what they wrote, at the cost of that and not of the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from commtui.activity.desk import Desk
from commtui.activity.resolve import elder
from commtui.model.authors import person_of
from commtui.model.conversations import is_muted
from commtui.model.people import Mark, PersonNote, linked, mark_of, merged_tags
from commtui.model.records import Conversation, Mention, Note
from commtui.model.states import Queue
from commtui.store.people import Said
from commtui.store.store import Store
from commtui.triage.query import status_of

CONVERSATIONS_READ: Final = 50
"""The newest conversations of a person, whose records are read; of the others their places in the queue."""
NOTES_FROM: Final = 5
"""Conversations whose notes are read, the newest ones."""


class Author(NamedTuple):
    """One of those whom a person is, by the last that came from them."""

    id: str
    network: str
    handle: str
    """`@user@host`; empty where all that they wrote was erased, or taken away."""
    name: str


class Profile(NamedTuple):
    """What is known of a person."""

    authors: tuple[Author, ...]
    """Who wrote last stands first."""
    mark: Mark | None
    mentions: int
    """How often they wrote to us."""
    answers: int
    """How many of our replies to them are out."""
    answered_at: datetime | None
    """When the last of these went out."""
    first_at: datetime | None
    last_at: datetime | None
    conversations: tuple[Conversation, ...]
    """The newest ones in which they wrote something, the newest first."""
    every: tuple[str, ...]
    """The ids of all these, the newest first."""
    open: int
    """How many of all are open."""
    tags: tuple[str, ...]
    """Their own tags, then those of these conversations, the most frequent first."""
    notes: tuple[Note | PersonNote, ...]
    """The internal notes on them and on the newest of these, the newest first."""

    @property
    def total(self) -> int:
        """In how many conversations they wrote something."""
        return len(self.every)

    @property
    def id(self) -> str:
        """The id of the author who wrote last."""
        return self.authors[0].id

    @property
    def handle(self) -> str:
        """Their handle, `@user@host`."""
        return self.authors[0].handle

    @property
    def name(self) -> str:
        """Their name."""
        return self.authors[0].name


def author_of(store: Store, conversation: Conversation) -> str:
    """Returns the id of the author whom the row of a conversation names; empty where there is none."""
    mention = store.get(Mention, conversation.newest)
    return person_of(mention) if mention else ""


def authors_of(store: Store, author: str) -> tuple[str, ...]:
    """Returns the ids of all who are one person with an author, sorted."""
    return linked(author, store.people.neighbours)


class Brief(NamedTuple):
    """What stands above a thread."""

    mark: Mark | None
    mentions: int
    conversations: int


def brief_of(desk: Desk, conversation: Conversation) -> Brief | None:
    """Returns the mark of the person who wrote, and how much they did; None where there is nobody."""
    store = desk.store
    author = author_of(store, conversation)
    if not author:
        return None
    authors = authors_of(store, author)
    said = store.people.said(authors)
    last = places_of(store, said).last
    vip = any(record.vip for record in store.people.written(authors))
    return Brief(mark_of(vip, last.values(), desk.now), len(said), len(last))


def profile_of(desk: Desk, author: str, most: int = CONVERSATIONS_READ) -> Profile:
    """Returns what is known of the person who an author is. `most`: conversations whose records are read."""
    store = desk.store
    authors = authors_of(store, author)
    said = store.people.said(authors)
    last, queues = places_of(store, said)
    newest_first = sorted(last, key=last.__getitem__, reverse=True)
    found = store.get_each(Conversation, newest_first[:most])
    away = [identity for identity in newest_first if queues.get(identity) in (Queue.SNOOZED, Queue.MUTED)]
    back = [other for other in store.get_each(Conversation, away).values() if not is_muted(other, desk.now)]
    notes: list[Note | PersonNote] = []
    for identity in newest_first[:NOTES_FROM]:
        notes += store.in_conversation(Note, identity)
    written = store.people.written(authors)
    for record in written:
        notes += record.notes
    answers = store.people.answers(mention.number for mention in said)
    tags = [*(record.tags for record in written), merged_tags(other.tags for other in found.values())]
    return Profile(
        authors=named(store, authors),
        mark=mark_of(any(record.vip for record in written), last.values(), desk.now),
        mentions=len(said),
        answers=len(answers),
        answered_at=max(answers, default=None),
        first_at=min((mention.at for mention in said), default=None),
        last_at=max((mention.at for mention in said), default=None),
        conversations=tuple(found.values()),
        every=tuple(newest_first),
        open=sum(queues.get(identity) == Queue.OPEN for identity in newest_first)
        + sum(status_of(other, desk.now) == "open" for other in back),
        tags=tuple(dict.fromkeys(tag for some in tags for tag in some)),
        notes=tuple(sorted(notes, key=lambda note: note.at, reverse=True)),
    )


class Places(NamedTuple):
    """The conversations in which something was said; of those that another one took in, that one."""

    last: dict[str, datetime]
    """Id -> when it was said there for the last time."""
    queues: dict[str, str]
    """Id -> its Queue."""


def places_of(store: Store, said: Sequence[Said]) -> Places:
    """Returns where some mentions stand, by the indexes alone."""
    last: dict[str, datetime] = {}
    for mention in said:
        last[mention.conversation] = max(mention.at, last.get(mention.conversation, mention.at))
    queues = store.people.queues(last)
    folded = [identity for identity, queue in queues.items() if queue == Queue.FOLDED]
    for identity, record in store.get_each(Conversation, folded).items():
        into, at = elder(store, record).id, last.pop(identity)
        last[into] = max(at, last.get(into, at))
    missing = [identity for identity in last if identity not in queues]
    return Places(last, {**queues, **store.people.queues(missing)} if missing else queues)


def named(store: Store, authors: Iterable[str]) -> tuple[Author, ...]:
    """Returns who some authors are, the one who wrote last first."""
    authors = list(authors)
    return authors_by(authors, {author: store.people.newest(author) for author in authors})


def authors_by(authors: Iterable[str], newest: Mapping[str, Mention | None]) -> tuple[Author, ...]:
    """Returns who some authors are by the last mention of each, the one who wrote last first."""
    found = []
    for author in authors:
        mention = newest.get(author)
        if mention is None:
            found.append((0.0, Author(author, "", "", "")))
        else:
            at = mention.created_at.timestamp()
            found.append((at, Author(author, mention.network, mention.author, mention.author_name)))
    return tuple(author for _, author in sorted(found, reverse=True))
