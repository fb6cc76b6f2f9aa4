"""A search over all mentions and our replies, done and archived ones too: by the store's index of words, the newest
first, in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.model import ids
from commtui.model.query_terms import Query, asks_about, words, words_of
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.store.changes import Changes
from commtui.store.threads import UNSAID
from commtui.triage import few, query, views
from commtui.triage.possible import possible_mentions, possible_replies

PAGE: Final = 50
"""Conversations that are looked for at once."""
AT_ONCE: Final = 40
"""Texts that are read by one statement, between two looks at the clock; fewer at first."""
FIRST: Final = 5
Place = tuple[datetime, int]
"""When a text came or went out, and the conversation (its doc_id) that it is in."""
Places = Iterator[Place | None]
"""The newest first; None where it only pauses."""


def alternatives(terms: Query) -> list[str]:
    """Returns the words to look for, of which one entry must all stand in a mention or its author's name; empty if a
    query needs no words."""
    if required := words(terms):
        return [" ".join(required)]
    for clause in terms:
        if all(map(words_of, clause)):
            return list(dict.fromkeys(map(words_of, clause)))
    return []


def alternatives_in_replies(terms: Query) -> list[str]:
    """The same for our replies, which are found by their texts alone."""
    return alternatives(tuple(found for clause in terms if (found := tuple(term for term in clause if not term.key))))


def _places(slices: Iterator[Sequence[int]], read: Callable[[Sequence[int]], Sequence[Place]]) -> Places:
    """Yields the places of the texts that match."""
    size = FIRST
    for numbers in slices:
        begin = 0
        while begin < len(numbers):
            yield from read(numbers[begin : begin + size])
            yield None
            begin, size = begin + size, min(2 * size, AT_ONCE)
        yield None


class Everywhere:
    """The conversations with a text that says the words and meets the other terms, the newest text first.

    A text is a mention or a reply of ours, drafts left out. While `searching`, call `search_for`. The words must stand
    in one text; the name of a mention's author counts.
    """

    def __init__(self, terms: Query) -> None:
        """`terms`: with `alternatives`."""
        self.terms = terms
        self._of_reply = tuple(clause for clause in terms if all(map(query.is_of_reply, clause)))
        """The clauses that a reply meets or not, whatever its conversation is."""
        self._rows: list[int] = []
        self._members: set[int] = set()
        self._before: Sequence[int] = ()
        """The rows of the search before, while all is searched for anew."""
        self._found: Iterator[int | None] | None = None
        self._wanted = PAGE
        self.is_whole = False
        """Whether all that there is was found."""

    @property
    def searching(self) -> bool:
        """Whether there are fewer rows than are wanted, and perhaps more."""
        return not self.is_whole and len(self._rows) < self._wanted

    def more(self) -> None:
        """Wants another page."""
        if not self.searching and not self.is_whole:
            self._wanted = len(self._rows) + PAGE

    def update(self, desk: Desk, changes: Changes) -> Sequence[int]:
        """Returns the rows found so far; what arrived or went out since and matches stands first. Where the changes
        don't tell what that is, all is searched for anew: until as much is found, the rows stay."""
        if self._found is None:
            self._found = self._matches(desk)
        elif changes.mentions is None or changes.outgoing is None:
            self._begin_anew(desk)
        places = self._of_mentions(desk, sorted(changes.mentions or ()))
        places += self._of_replies(desk, sorted(changes.outgoing or ()))
        for _, conversation in places:
            if conversation not in self._members:
                self._members.add(conversation)
                self._rows = [conversation, *self._rows]
        return self._before or self._rows

    def _begin_anew(self, desk: Desk) -> None:
        self._before = self._before or self._rows
        self._rows, self._members = [], set()
        self._found, self.is_whole = self._matches(desk), False
        self._wanted = max(PAGE, len(self._before))

    def search_for(self, desk: Desk, seconds: float) -> bool:
        """Continues for that long, and a few milliseconds more. Returns whether it is finished. Raises StoreError."""
        until = desk.clock.monotonic() + seconds
        rows = list(self._rows)
        found = self._matches(desk) if self._found is None else self._found
        self._found = found
        try:
            for conversation in found:
                if conversation is not None and conversation not in self._members:
                    self._members.add(conversation)
                    rows.append(conversation)
                if len(rows) >= self._wanted or desk.clock.monotonic() >= until:
                    break
            else:
                self.is_whole = True
        finally:
            self._rows = rows
        if not self.searching:
            self._before = ()
        return not self.searching

    def matches(self, desk: Desk, number: int) -> bool:
        """Whether a conversation is among the rows found so far."""
        return number in self._members or number in self._before

    def _matches(self, desk: Desk) -> Iterator[int | None]:
        """Yields the conversation of each text that matches, and None where it only pauses."""
        streams: list[Places] = []
        known: few.Known = {}
        store, context = desk.store, views.query_context(desk)
        mentions = partial(possible_mentions, store, self.terms, context)
        replies = partial(possible_replies, store, self.terms, context)
        for part in (yield from few.parts(store, self.terms, context, known, of_mentions=True)):
            for asked in alternatives(self.terms):
                slices = store.mentions.saying(asked, part)
                streams.append(_places(map(mentions, slices), partial(self._of_mentions, desk)))
        for part in (yield from few.parts(store, self.terms, context, known, of_mentions=False)):
            for asked in alternatives_in_replies(self.terms):
                slices = store.outgoing.saying(asked, part)
                streams.append(_places(map(replies, slices), partial(self._of_replies, desk)))
        heads: list[tuple[Place, Places]] = []
        while streams or heads:
            while streams:
                try:
                    place = next(streams[-1])
                except StopIteration:
                    streams.pop()
                    continue
                if place is None:
                    yield None
                else:
                    heads.append((place, streams.pop()))
            if heads:
                newest = max(heads, key=lambda head: head[0])
                heads.remove(newest)
                yield newest[0][1]
                streams.append(newest[1])

    def _of_mentions(self, desk: Desk, numbers: Sequence[int]) -> list[Place]:
        """The places of those of some mentions that match."""
        mentions = desk.store.get_each(Mention, [ids.from_number(ids.MENTION, number) for number in numbers])
        conversations = _conversations(desk, [mention.conversation for mention in mentions.values()])
        context, places = views.query_context(desk), []
        for mention in mentions.values():
            conversation = conversations.get(mention.conversation)
            if conversation is not None and query.matches_conversation(
                self.terms,
                conversation,
                context,
                partial(list, [mention]),
                mention,
                archived=self._is_archived(desk, conversation),
            ):
                places.append((mention.created_at, ids.number(conversation.id)))
        return places

    def _of_replies(self, desk: Desk, numbers: Sequence[int]) -> list[Place]:
        """The places of those of some replies of ours that match."""
        context, replies = views.query_context(desk), []
        for reply in desk.store.get_each(Outgoing, [ids.from_number(ids.REPLY, number) for number in numbers]).values():
            is_said = reply.conversation is not None and reply.state not in UNSAID
            if is_said and query.matches_outgoing(self._of_reply, reply, context):
                replies.append(reply)
        conversations, places = _conversations(desk, [reply.conversation or "" for reply in replies]), []
        for reply in replies:
            conversation = conversations.get(reply.conversation or "")
            if conversation is not None and query.matches_reply(
                self.terms, reply, conversation, context, archived=self._is_archived(desk, conversation)
            ):
                places.append((views.when_of(reply), ids.number(conversation.id)))
        return places

    def _is_archived(self, desk: Desk, conversation: Conversation) -> bool:
        asked = asks_about(self.terms, "is", "archived")
        return asked and desk.store.conversations.is_archived(ids.number(conversation.id))


def _conversations(desk: Desk, identities: Sequence[str]) -> dict[str, Conversation]:
    """Returns some conversations by their ids, or those into which they were folded."""
    found = desk.store.get_each(Conversation, dict.fromkeys(identities))
    return {identity: resolve.elder(desk.store, conversation) for identity, conversation in found.items()}
