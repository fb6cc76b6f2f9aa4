"""The goals and the plots of a report as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from commtui.cli.output import columns, rows
from commtui.model import times
from commtui.sentences.report import GOAL_HEADINGS, goal_cells, goal_words
from commtui.sentences.report_plots import bar, short, slot_words, spans
from commtui.triage.report_figures import Report, first_answer_times, most_of

LABEL: Final = 14
WIDEST: Final = 60
"""Cells of the longest bar, where the terminal has room."""


def goals(found: Report) -> Iterator[str]:
    """Yields a line for each target of the service levels, and what came of it."""
    table: list[tuple[str, ...]] = [("goal, in working time", *GOAL_HEADINGS)]
    table += ((goal_words(goal), *goal_cells(goal)) for goal in found.goals)
    yield from rows(table, (28, 7, 8, 8, 7))


def plots(found: Report) -> Iterator[str]:
    """Yields the lines of the three plots, each after an empty line."""
    drawn = spans(found.days)
    most = most_of([max(len(span.inbound), len(span.answered)) for span in drawn])
    yield ""
    yield f"{'answered #':<{LABEL}} {'inbound':>8} {'answered':>8}"
    for label, inbound, answered in drawn:
        line = f"{label:<{LABEL}} {len(inbound):>8,} {len(answered):>8,}  "
        yield (line + "".join(bar(len(answered), len(inbound), most, _room(line)))).rstrip()
    yield ""
    yield f"{'first answers':<{LABEL}} {'n':>8}"
    slots = first_answer_times(found.whole)
    for slot in slots:
        line = f"{slot_words(slot):<{LABEL}} {len(slot.ids):>8,}  "
        count = len(slot.ids)
        yield (line + bar(count, count, most_of([len(slot.ids) for slot in slots]), _room(line))[0]).rstrip()
    yield ""
    yield "heat map: inbound by weekday and hour"
    yield "   " + "".join(f"{hour:>3}" for hour in range(24))
    for day, name in enumerate(times.DAYS):
        counts = (len(found.heat_map.get((day, hour), ())) for hour in range(24))
        yield name + "".join(f"{short(count):>3}" for count in counts)


def _room(line: str) -> int:
    """The cells that are left to a bar behind `line`."""
    return max(4, min(WIDEST, (columns() or 80) - len(line)))
