"""The plots of a report in characters: a line for each bar, with its numbers before it. Docs: decisions/0008-plots.md.

Only ASCII: no terminal disputes its width, and a cell of it is one byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from commtui.model import times
from commtui.triage.report_figures import Day, Slot

DAYS_MOST: Final = 62
"""Days that have a bar each; of longer periods each week has one, or each month."""
WEEKS_MOST: Final = 62


class Span(NamedTuple):
    """A day, a week or a month of a plot."""

    label: str
    inbound: list[str]
    answered: list[str]


def spans(days: Sequence[Day]) -> list[Span]:
    """The days as they are drawn: one by one, by week, or by month."""
    if len(days) <= DAYS_MOST:
        return [Span(_day(day.day), day.inbound, day.answered) for day in days]
    found: dict[str, Span] = {}
    for day in days:
        label = _week(day.day) if len(days) <= 7 * WEEKS_MOST else _month(day.day)
        span = found.setdefault(label, Span(label, [], []))
        span.inbound.extend(day.inbound)
        span.answered.extend(day.answered)
    return list(found.values())


def _day(day: date) -> str:
    return f"{times.DAYS[day.weekday()]} {day.day} {times.MONTHS[day.month - 1]}"


def _week(day: date) -> str:
    monday = day - timedelta(days=day.weekday())
    return f"from {monday.day} {times.MONTHS[monday.month - 1]} {monday.year % 100:02}"


def _month(day: date) -> str:
    return f"{times.MONTHS[day.month - 1]} {day.year}"


def slot_words(slot: Slot) -> str:
    """How long the answers of a slot took: `up to 15m`, `up to 4h`; the last one: `longer`."""
    if slot.up_to is None:
        return "longer"
    return f"up to {slot.up_to}m" if slot.up_to < 60 else f"up to {slot.up_to // 60}h"


def bar(part: int, whole: int, most: int, width: int) -> tuple[str, str]:
    """A bar of `whole`, in `width` cells where it is `most`: its `part` as `#`, then the rest as `-`.

    What is not zero has a cell at least.
    """
    first, both = (min(width, max(1, round(number * width / most))) if number else 0 for number in (part, whole))
    return "#" * first, "-" * (both - first)


def short(count: int) -> str:
    """A number in at most two characters: `.` for none, `3h` for 300 and more, `1k` for a thousand and more."""
    if count < 100:
        return str(count) if count else "."
    return f"{count // 100}h" if count < 1000 else f"{min(count // 1000, 9)}k"
