"""Which entries of a list the typed letters mean, the best first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

EXACT, BEGINS, WORD, INSIDE, LETTERS, BESIDE, NOT = range(7)
"""How well a word fits, best first: it is the name, begins it, begins a word of it, stands in it, its letters stand in
it in this order, it stands in what is said beside the name, not at all."""
_SEPARATORS: Final = str.maketrans("-_./@:,", "       ")


class Choice(Struct, frozen=True):
    """One line of a list: its id (the name that is shown first), a word beside it, what it is."""

    id: str
    hint: str = ""
    title: str = ""
    also: str = ""
    """More words by which it is found."""


def fit_of(word: str, choice: Choice) -> tuple[int, int]:
    """How well a casefolded word fits a choice, and how far its letters are apart; lower is better."""
    name = choice.id.casefold()
    if word == name:
        return EXACT, 0
    if name.startswith(word):
        return BEGINS, 0
    if any(part.startswith(word) for part in name.translate(_SEPARATORS).split()):
        return WORD, 0
    if word in name:
        return INSIDE, 0
    gap = _gap(word, name)
    if gap is not None:
        return LETTERS, gap
    return (BESIDE, 0) if word in f"{choice.title} {choice.also} {choice.hint}".casefold() else (NOT, 0)


def _gap(word: str, name: str) -> int | None:
    """How many letters stand between those of `word` in `name`; None if they are not there in this order."""
    place, first = -1, -1
    for letter in word:
        place = name.find(letter, place + 1)
        if place < 0:
            return None
        first = place if first < 0 else first
    return place - first + 1 - len(word)


def matching(choices: Sequence[Choice], typed: str) -> list[int]:
    """The places of the choices that all typed words fit: the best first, equal ones as they stand."""
    words = typed.casefold().split()
    ranked = []
    for place, choice in enumerate(choices):
        fits = [fit_of(word, choice) for word in words]
        if all(fit != NOT for fit, _ in fits):
            ranked.append((fits, place))
    return [place for _, place in sorted(ranked)]


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
