"""The known word that a mistyped one stands for, for `do you mean ...?`."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], cutoff: float = 0.5) -> str | None:
    """The known word (in lower case) with the fewest slips to `word`; None if no word is similar.

    A slip is a letter more, a letter less, another letter, or two swapped letters. `cutoff` is difflib's.
    """
    from difflib import SequenceMatcher, get_close_matches  # only for a message

    word, words = word.lower(), list(known)
    similar = [
        candidate
        for candidate in get_close_matches(word, words, n=max(1, len(words)), cutoff=cutoff)
        if candidate.startswith(word) or 3 * slips(word, candidate) <= len(word) + 1
    ]

    def distance(candidate: str) -> tuple[int, float]:
        return slips(word, candidate), -SequenceMatcher(None, word, candidate).ratio()

    return min(similar, key=distance, default=None)


def slips(one: str, other: str) -> int:
    """The edit distance in which two swapped neighbours count as one (optimal string alignment)."""
    two_rows_up: list[int] = []
    row_above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, another in enumerate(other, 1):
            cost = min(row_above[column] + 1, current[-1] + 1, row_above[column - 1] + (letter != another))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == another:
                cost = min(cost, two_rows_up[column - 2] + 1)
            current.append(cost)
        two_rows_up, row_above = row_above, current
    return row_above[-1]
