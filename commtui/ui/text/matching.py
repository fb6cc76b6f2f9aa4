"""Which entries of a list the typed letters mean, the best first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec import Struct

EXACT, BEGINS, WORD, INSIDE, LETTERS, BESIDE, NOT = range(7)
"""How well a word fits, best first: it is the name, begins it, begins a word of it, stands in it, its letters stand in
it in this order, it stands in what is said beside the name, not at all."""
_SEPARATORS: Final = str.maketrans("-_./@:,", "       ")


class Choice(Struct, frozen=True):
    """One line of a list: its id (the name that is shown first), a word beside it, what it is (shown on one line)."""

    id: str
    hint: str = ""
    title: str = ""
    also: str = ""
    """More words by which it is found."""


class Words(NamedTuple):
    """What a choice is found by, casefolded."""

    name: str
    parts: str
    """The words of the name, each behind a space."""
    beside: str


def words_of(choice: Choice) -> Words:
    """What a choice is found by."""
    name = choice.id.casefold()
    parts = " ".join(["", *name.translate(_SEPARATORS).split()])
    return Words(name, parts, f"{choice.title} {choice.also} {choice.hint}".casefold())


def fit_of(word: str, words: Words) -> tuple[int, int]:
    """How well a casefolded word fits a choice, and how far its letters are apart; lower is better."""
    name = words.name
    if word in name:
        if word == name:
            return EXACT, 0
        if name.startswith(word):
            return BEGINS, 0
        return (WORD, 0) if f" {word}" in words.parts else (INSIDE, 0)
    gap = _gap(word, name)
    if gap is not None:
        return LETTERS, gap
    return (BESIDE, 0) if word in words.beside else (NOT, 0)


def _gap(word: str, name: str) -> int | None:
    """How many letters stand between those of `word` in `name`; None if they are not there in this order."""
    place, first = -1, -1
    for letter in word:
        place = name.find(letter, place + 1)
        if place < 0:
            return None
        first = place if first < 0 else first
    return place - first + 1 - len(word)


class Finder:
    """Finds among some choices. `prepare` does beforehand what takes long where they are many."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self._choices = choices
        self._words: list[Words] = []
        """Those of the first choices, as far as they were made."""
        self._typed = ""
        self._found: Sequence[int] = range(len(choices))
        """The letters that were asked for last, and what fits them."""

    def prepare(self, most: int) -> None:
        """Makes ready `most` choices more."""
        begin = len(self._words)
        self._words += map(words_of, self._choices[begin : begin + most])

    def matching(self, typed: str) -> Sequence[int]:
        """The places of the choices that all typed words fit: the best first, equal ones as they stand."""
        words = typed.casefold().split()
        if not words:
            return range(len(self._choices))
        self.prepare(len(self._choices))
        # what fits more letters fits the first of them
        places = self._found if typed.startswith(self._typed) else range(len(self._choices))
        ranked = []
        for place in places:
            fits = [fit_of(word, self._words[place]) for word in words]
            if all(fit != NOT for fit, _ in fits):
                ranked.append((fits, place))
        self._typed, self._found = typed, sorted(place for _, place in ranked)
        return [place for _, place in sorted(ranked)]


def matching(choices: Sequence[Choice], typed: str) -> list[int]:
    """Finds once among some choices; see Finder.matching."""
    return list(Finder(choices).matching(typed))


def completed(choices: Sequence[Choice], typed: str) -> str:
    """What tab makes of the typed letters: the longest beginning that the names which begin so share, else the best
    match's name."""
    begun = [choice.id for choice in choices if choice.id.casefold().startswith(typed.casefold())]
    if not begun:
        places = matching(choices, typed)
        return choices[places[0]].id if places else typed
    shared = begun[0]
    for name in begun[1:]:
        while not name.casefold().startswith(shared.casefold()):
            shared = shared[:-1]
    return shared if len(shared) >= len(typed) else typed
