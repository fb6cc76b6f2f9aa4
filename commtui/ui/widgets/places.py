"""Where a row of a list stands, by its number: looked for near its last place first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from commtui.store.tinydb_sqlite.sorted_ids import SortedIds

NEARBY: Final = 200
"""Places around the last one where a row is looked for first."""


class Spot(NamedTuple):
    """A place in a list: the cursor's row, its height on the screen, and the marked rows."""

    row: int | None
    height: int
    marks: Collection[int]


def place_of(numbers: Sequence[int], number: int, guess: int) -> int | None:
    """The place of `number`; None if it is not there."""
    place = near(numbers, number, guess)
    if place is not None:
        return place
    try:
        return (numbers if isinstance(numbers, SortedIds) else list(numbers)).index(number)
    except ValueError:
        return None


def near(numbers: Sequence[int], number: int, guess: int) -> int | None:
    """The place of `number` if it stands near `guess`."""
    return _around(numbers, guess).get(number)


def _around(numbers: Sequence[int], guess: int, more: int = 0) -> dict[int, int]:
    """The rows near `guess`, and `more` below these, with their places."""
    first = max(0, guess - NEARBY)
    return {number: place for place, number in enumerate(numbers[first : guess + NEARBY + more], first)}


def place_after(before: Sequence[int], at: int, now: Sequence[int]) -> int:
    """Where the cursor stands in the rows as they are now: on its row, else on the next one that is still there."""
    if not now:
        return 0
    candidates = before[at : at + NEARBY]
    places = _around(now, at, NEARBY)
    place = place_of(now, candidates[0], at) if candidates else None
    if place is None:
        place = next((places[number] for number in candidates if number in places), None)
    return min(at, len(now) - 1) if place is None else place


def gone_and_new(before: Sequence[int], now: Sequence[int]) -> tuple[set[int], set[int]]:
    """The rows that are gone, and those that came."""
    if before is now:
        return set(), set()
    if isinstance(before, SortedIds) and isinstance(now, SortedIds):
        return now.gone_and_new(before)
    old, new = set(before), set(now)
    return old - new, new - old
