"""Finding the documents that say a word: many lines of a snapshot at a time, and only those that may hold it singly.

A word is found in the text that a document is as JSON, both casefolded. Folding a whole snapshot costs as much as
reading it six times, so it is avoided where bytes can tell: what an ASCII letter folds to is what `bytes.lower` makes
of it, and a character of a script without cases stands for itself. The few other characters whose folding has ASCII
in it are looked for by their own bytes.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain
from typing import Final

from commtui.store.journal.base import Base
from commtui.store.journal.format import json_of, loads, sound
from commtui.store.journal.tables import Tables

PIECE: Final = 128 << 10
"""Bytes of a snapshot that are looked at together: fits a processor's cache, and takes well under a millisecond."""
AT_ONCE: Final = 200
"""Documents of the journal that are looked at together."""
FOLD_TO_ASCII: Final = (
    "\u00df\u0130\u0149\u017f\u01f0\u1e96\u1e97\u1e98\u1e99\u1e9a\u1e9e\u212a\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"
)
"""Every character beyond ASCII whose casefolding has ASCII in it."""
PARTS_OF_FOLDINGS: Final = frozenset("\u02bc\u02be\u0300\u0301\u0307\u0308\u030a\u030c\u0313\u0331\u0342")
"""Every character without cases that other characters fold to, among others."""
MARKED: Final = b"\t {"
"""Before a document in the standard library's JSON, which has escapes for what isn't ASCII (format.py)."""


def text_of(raw: bytes) -> str:
    """A document's JSON with nothing escaped but quotes, backslashes and control characters."""
    if raw[:1] == b" ":
        return json.dumps(loads(raw), ensure_ascii=False, separators=(",", ":"))
    return raw.decode()


class Needle:
    """One word, and how to tell quickly that it is not there."""

    def __init__(self, word: str) -> None:
        """`word` is casefolded."""
        self.word = word
        self.by_bytes = all(each.isascii() or _stands_for_itself(each) for each in word)
        self._bytes = word.encode() if self.by_bytes else b""
        others = [each.encode() for each in FOLD_TO_ASCII if self.by_bytes and _touch(each.casefold(), word)]
        self._others = (*others, MARKED)

    def within(self, raw: bytes) -> bool:
        """Whether a document says the word."""
        if self.by_bytes and raw[:1] != b" ":
            if self._bytes in raw.lower():
                return True
            if len(self._others) == 1:
                return False
        return self.word in text_of(raw).casefold()

    def lines(self, base: Base, first: int, last: int) -> Iterator[int]:
        """The positions from `first` to `last` (not included) whose lines may hold the word; one may come twice."""
        piece = base.lines(first, last)
        if not self.by_bytes:
            if self.word in piece.decode("utf-8", "replace").casefold() or MARKED in piece:
                yield from range(first, last)
            return
        yield from _hits(base, first, last, piece.lower(), self._bytes)
        for other in self._others:
            yield from _hits(base, first, last, piece, other)


def _hits(base: Base, first: int, last: int, piece: bytes, wanted: bytes) -> Iterator[int]:
    starts = base.starts
    origin = starts[first]
    at = piece.find(wanted)
    while 0 <= at < len(piece):
        position = bisect_right(starts, origin + at, first, last) - 1
        yield position
        at = piece.find(wanted, starts[position + 1] - origin)


def _stands_for_itself(character: str) -> bool:
    """Whether no other character's casefolding has it."""
    return character.upper() == character == character.lower() and character not in PARTS_OF_FOLDINGS


def _touch(folded: str, word: str) -> bool:
    """Whether the word can stand where a part of it is a part of what a character folded to."""
    cuts = range(1, len(folded) + 1)
    return (
        word in folded
        or folded in word
        or any(word.endswith(folded[:at]) or word.startswith(folded[-at:]) for at in cuts)
    )


def holding(storage: Tables, table: str, word: str) -> Iterator[list[int]]:
    """The ids of the documents that say `word` (casefolded), as the table is when the first are asked for.

    A piece at a time, so that whoever asks can do something else in between. No lock is held meanwhile.
    """
    needle = Needle(word)
    with storage.lock:
        state = storage.state(table)
        base, gone = state.base, set(state.gone)
        changed, added = dict(state.changed), dict(state.added)
    written = list(chain(changed.items(), added.items()))
    for begin in range(0, len(written), AT_ONCE):
        yield [ident for ident, raw in written[begin : begin + AT_ONCE] if needle.within(raw)]
    first = 0
    while first < base.length:
        order, starts = base.order, base.starts
        last = max(first + 1, bisect_right(starts, starts[first] + PIECE) - 1)
        found = []
        for position in dict.fromkeys(needle.lines(base, first, last)):
            ident = order[position]
            if ident in gone or ident in changed:
                continue
            text = base.text(position)
            if not sound(text):
                storage.lose(table, base, position)
            elif needle.within(json_of(text)):
                found.append(ident)
        yield found
        first = last
