"""Which conversations have what a query asks for beside words, by the indexes alone."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Final

from commtui.model import ids
from commtui.model.facets import Facets, MentionFacets, packed, unpacked, unpacked_of_mention
from commtui.store.tinydb_sqlite import SqliteDB

Numbers = Generator[None, None, set[int]]
"""Doc_ids of conversations. It pauses every few milliseconds, for callers that have other things to do."""
AT_ONCE: Final = 1000
"""Mentions whose conversations are looked up between two pauses."""
LISTED: Final = 10_000
"""Conversations, or mentions, that are listed between two pauses."""


def with_facets(db: SqliteDB, wanted: Iterable[Facets], archived: bool) -> Numbers:
    """The conversations with one of some facets."""
    conversations: set[int] = set()
    for facets in wanted:
        for numbers in _pages(db, "conversations", packed(facets), archived):
            conversations.update(numbers)
            yield
    return conversations


def _pages(db: SqliteDB, table: str, facets: str, archived: bool) -> Iterator[list[int]]:
    place = 0
    while True:
        with db.view():
            numbers = db.having(table, "_facets", facets, archived=archived, after=place, limit=LISTED)
            if not numbers:
                return
            place = db.sort_keys(table, "_facets", numbers[-1:])[numbers[-1]][1]
        yield numbers


def counts(db: SqliteDB, archived: bool) -> dict[Facets, int]:
    """How many conversations have which facets."""
    counted = db.counts("conversations", "_facets", archived=archived)
    return {unpacked(str(name)): count for name, count in counted.items()}


def with_mention(db: SqliteDB, wanted: Callable[[MentionFacets], bool], archived: bool) -> Numbers:
    """The conversations with a mention whose facets are wanted."""
    conversations: set[int] = set()
    for name in list(db.counts("mentions", "_facets", archived=archived)):
        if wanted(unpacked_of_mention(str(name))):
            for numbers in _pages(db, "mentions", str(name), archived):
                for begin in range(0, len(numbers), AT_ONCE):
                    yield
                    conversations |= conversations_of(db, "mentions", numbers[begin : begin + AT_ONCE])
    return conversations


def with_note(db: SqliteDB, archived: bool) -> Numbers:
    """The conversations with a note."""
    yield
    return {ids.number(conversation) for conversation in db.counts("notes", "conversation", archived=archived)}


def conversations_of(db: SqliteDB, table: str, numbers: Sequence[int]) -> set[int]:
    """The conversations of some mentions or notes."""
    found = db.sort_keys(table, "conversation", numbers).values()
    return {ids.number(conversation) for conversation, _ in found}
