"""Figures on spans of time: how many, the middle one, the ninetieth in a hundred, the longest. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Spread(NamedTuple):
    """Figures on some spans, in the unit of these; None where there are none."""

    n: int
    median: int | None
    p90: int | None
    slowest: int | None


def nearest_rank(ordered: Sequence[int], percent: int) -> int | None:
    """The least of some sorted values that at least `percent` (1 to 100) of them do not exceed; None of none.

    Always one of the values: nothing is computed between two of them.
    """
    return ordered[-(-percent * len(ordered) // 100) - 1] if ordered else None


def spread(values: Sequence[int]) -> Spread:
    """The figures on some values, in any order. Median and p90 are by nearest rank."""
    ordered = sorted(values)
    return Spread(len(ordered), nearest_rank(ordered, 50), nearest_rank(ordered, 90), nearest_rank(ordered, 100))


def rate(part: int, whole: int) -> float | None:
    """How much `part` is of `whole` in percent, rounded to one decimal, halves up; None of none."""
    return (2000 * part + whole) // (2 * whole) / 10 if whole else None
