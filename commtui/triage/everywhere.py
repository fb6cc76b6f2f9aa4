"""A search over all mentions, done and archived ones too: by the store's index of words, the newest first, in pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.model import ids
from commtui.model.records import Conversation, Mention
from commtui.store.changes import Changes
from commtui.triage import query, views
from commtui.triage.query import Term

PAGE: Final = 50
"""Conversations that are looked for at once."""
AT_ONCE: Final = 10
"""Mentions that are read between two looks at the clock."""


class Everywhere:
    """The conversations with a mention that says all the words and meets the other terms, the newest mention first.

    While `searching`, call `search_for`. The words must stand in one mention, its author's name counts.
    """

    def __init__(self, terms: tuple[Term, ...]) -> None:
        """`terms`: with a word or a `from:`."""
        self.terms = terms
        self._rows: list[int] = []
        self._members: set[int] = set()
        self._found: Iterator[int] | None = None
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
        """Returns the rows found so far; what arrived since and matches stands first."""
        if self._found is None:
            self._found = self._matches(desk)
        for number in sorted(changes.mentions or ()):
            conversation = self._conversation_of(desk, number)
            if conversation is not None and conversation not in self._members:
                self._members.add(conversation)
                self._rows = [conversation, *self._rows]
        return self._rows

    def search_for(self, desk: Desk, seconds: float) -> bool:
        """Continues for that long, and a few milliseconds more. Returns whether it is finished. Raises StoreError."""
        until = desk.clock.monotonic() + seconds
        rows = list(self._rows)
        found = self._matches(desk) if self._found is None else self._found
        self._found = found
        try:
            for conversation in found:
                if conversation >= 0 and conversation not in self._members:
                    self._members.add(conversation)
                    rows.append(conversation)
                if len(rows) >= self._wanted or desk.clock.monotonic() >= until:
                    break
            else:
                self.is_whole = True
        finally:
            self._rows = rows
        return not self.searching

    def matches(self, desk: Desk, number: int) -> bool:
        """Whether a conversation is among the rows found so far."""
        return number in self._members

    def _matches(self, desk: Desk) -> Iterator[int]:
        """Yields each conversation with a mention that matches, and -1 where it only pauses."""
        for numbers in desk.store.mentions.saying(" ".join(query.words(self.terms))):
            for place, number in enumerate(numbers):
                conversation = self._conversation_of(desk, number)
                if conversation is not None:
                    yield conversation
                elif place % AT_ONCE == 0:
                    yield -1
            yield -1

    def _conversation_of(self, desk: Desk, number: int) -> int | None:
        """The conversation of a mention that matches."""
        mention = desk.store.at(Mention, number)
        found = desk.store.get(Conversation, mention.conversation) if mention else None
        if mention is None or found is None:
            return None
        conversation = resolve.elder(desk.store, found)
        context = views.query_context(desk)
        matches = query.matches_conversation(self.terms, conversation, context, lambda: [mention], mention)
        return ids.number(conversation.id) if matches else None
