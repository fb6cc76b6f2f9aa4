"""Whether much more arrives than usual, and which words the texts share: pure functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

WITHIN: Final = timedelta(minutes=5)
"""The time in which arrivals are counted."""
LEAST: Final = 10
"""Arrivals below which there is no spike, however quiet it is else."""
TIMES: Final = 4
"""How many times the usual number a spike has at least."""
WORDS_MOST: Final = 3
_NO_WORDS: Final = re.compile(r"https?://\S+|[@#]?\S*[@/]\S*")
"""Links, handles and addresses."""
_WORD: Final = re.compile(r"[^\W_]{3,}")


class Spike(NamedTuple):
    """Many arrivals in a short time."""

    arrivals: int
    """Within WITHIN."""
    usual: float
    """What is usual in the same time."""
    words: tuple[str, ...]
    """What at least half of the texts share and other texts rarely have, casefolded, the most frequent first."""


def spike(texts: Sequence[str], usual: float, other_texts: Collection[str]) -> Spike | None:
    """The spike of these texts, which arrived within WITHIN; None if so many are not far more than usual.

    `usual`: the usual number in that time; `other_texts`: some that came before.
    """
    if len(texts) < max(LEAST, TIMES * usual):
        return None
    return Spike(len(texts), usual, shared_words(texts, other_texts))


def shared_words(texts: Collection[str], other_texts: Collection[str]) -> tuple[str, ...]:
    """The words that at least half of some texts have, at most three, left out those that are not TIMES as frequent
    there as in other texts."""
    counts, others = _texts_with(texts), _texts_with(other_texts)
    shared = [
        word
        for word, count in counts.items()
        if 2 * count >= len(texts) and count * len(other_texts) >= TIMES * others[word] * len(texts)
    ]
    return tuple(sorted(shared, key=lambda word: (-counts[word], word))[:WORDS_MOST])


def _texts_with(texts: Collection[str]) -> Counter[str]:
    """How many of the texts have each word."""
    return Counter(word for text in texts for word in set(_WORD.findall(_NO_WORDS.sub(" ", text).casefold())))
