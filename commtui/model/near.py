"""The word that was meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], cutoff: float = 0.5) -> str | None:
    """The known word that is fewest slips away (a letter more, less, another, or two swapped), if one is alike."""
    from difflib import SequenceMatcher, get_close_matches  # only for a message

    words = list(known)
    alike = [
        each
        for each in get_close_matches(word, words, n=max(1, len(words)), cutoff=cutoff)
        if each.startswith(word) or 2 * slips(word, each) <= len(word) + 1
    ]
    # get_close_matches puts the most alike first, and min keeps that among equals
    return min(alike, key=lambda each: (slips(word, each), -SequenceMatcher(None, word, each).ratio()), default=None)


def slips(one: str, other: str) -> int:
    """The edit distance in which two neighbours swapped count as one (optimal string alignment)."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        here = [row]
        for column, another in enumerate(other, 1):
            cost = min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != another))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == another:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        before, above = above, here
    return above[-1]
