"""Which conversations say a word: in their own texts and names, or in one of their mentions'."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from commtui.model import ids
from commtui.store.tinydb_sqlite import SqliteDB
from commtui.store.tinydb_sqlite.search import Chosen

Numbers = Generator[None, None, set[int]]
"""Doc_ids of conversations. It pauses about every millisecond, for callers that have other things to do."""


def saying(db: SqliteDB, words: Sequence[str], archived: bool) -> Numbers:
    """The conversations that say each of some casefolded words, and perhaps a few others."""
    saying_all: set[int] | None = None
    for word in sorted(set(words), key=len, reverse=True):  # the rarest first, as a rule
        saying_word = yield from _saying(db, word, archived)
        saying_all = saying_word if saying_all is None else saying_all & saying_word
        if not saying_all:
            break
    return saying_all or set()


def _saying(db: SqliteDB, word: str, archived: bool) -> Numbers:
    conversations = yield from holding(db, word, archived)
    for numbers in db.find_text("mentions", word, Chosen(archived)):
        yield
        found = db.sort_keys("mentions", "conversation", numbers).values()
        conversations.update(ids.number(conversation) for conversation, _ in found)
    return conversations


def holding(db: SqliteDB, word: str, archived: bool, most: int | None = None) -> Numbers:
    """The conversations whose own texts, names or tags hold a casefolded word, and perhaps a few others. `most`: more
    than so many are not looked for."""
    conversations: set[int] = set()
    for numbers in db.find_text("conversations", word, Chosen(archived)):
        conversations.update(numbers)
        if most is not None and len(conversations) > most:
            break
        yield
    return conversations
