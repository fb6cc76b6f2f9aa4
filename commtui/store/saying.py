"""Which conversations say a word: in their own document, or in one of their mentions'."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from typing import Final

import orjson

from commtui.model import ids
from commtui.store.journal import JournalDB

ESCAPED: Final = re.compile(r'["\\\x00-\x1f]')
"""What JSON writes otherwise than it is."""


def findable(words: Sequence[str]) -> list[str]:
    """Those of some casefolded words that can be looked for, the longest (the rarest, as a rule) first."""
    return sorted({word for word in words if word and not ESCAPED.search(word)}, key=len, reverse=True)


def saying(db: JournalDB, words: Sequence[str]) -> Generator[None, None, set[int]]:
    """The doc_ids of the conversations of one part of a store that say each of the words, and perhaps of a few others.

    `words` are findable. It pauses about every millisecond, for who has other things to do.
    """
    found: set[int] | None = None
    for word in words:
        said = yield from _saying(db, word)
        found = said if found is None else found & said
        if not found:
            break
    return found or set()


def _saying(db: JournalDB, word: str) -> Generator[None, None, set[int]]:
    found: set[int] = set()
    for numbers in db.grepping("conversations", word):
        found.update(numbers)
        yield
    for numbers in db.grepping("mentions", word):
        for number in numbers:
            raw = db.raw("mentions", number)
            if raw is not None:
                found.add(ids.number(orjson.loads(raw)["conversation"]))
        yield
    return found
