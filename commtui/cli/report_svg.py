"""The plots of a report as inline SVG. Each bar and each cell has its numbers as a title."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from commtui.model import times
from commtui.sentences import report_plots
from commtui.triage.report_figures import Report, first_answer_times, most_of

CELL: Final = 32
"""Pixels of a cell of the heat map."""
LEFT: Final = 40
"""Pixels of the column of weekdays, and of the numbers of an axis."""
STEP: Final = 16
"""Pixels from one bar to the next."""
HIGH: Final = 160
"""Pixels of the highest bar."""
LABELLED: Final = 7
"""Each so many bars one has its label below."""
WIDE: Final = 480
"""Pixels of the longest bar of first answers."""
LABELS: Final = 90
"""Pixels of the longest label."""


def spans(found: Report) -> Iterator[str]:
    """Yields the columns of inbound and answered, one for each day (of long periods: week, month)."""
    drawn = report_plots.spans(found.days)
    most = most_of([max(len(span.inbound), len(span.answered)) for span in drawn])
    yield _svg(LEFT + len(drawn) * STEP + LABELS, HIGH + 2 * STEP, "inbound and answered")
    yield _text(LEFT - 6, STEP, f"{most:,}", "end")
    yield _text(LEFT - 6, STEP + HIGH, "0", "end")
    for number, (label, inbound, answered) in enumerate(drawn):
        left = LEFT + number * STEP
        yield f"<g><title>{label}: inbound {len(inbound):,}, answered {len(answered):,}</title>"
        for name, count in (("all", len(inbound)), ("part", len(answered))):
            tall = round(HIGH * count / most, 1)
            yield _rect(name, left, round(STEP + HIGH - tall, 1), STEP - 3, tall)
        yield "</g>"
        if number % LABELLED == 0:
            yield _text(left, HIGH + 2 * STEP - 3, label, "start")
    yield "</svg>"


def first_answers(found: Report) -> Iterator[str]:
    """Yields a bar for each slot of the first answers."""
    slots = first_answer_times(found.whole)
    most = most_of([len(slot.ids) for slot in slots])
    yield _svg(LABELS + WIDE + LEFT, len(slots) * 2 * STEP, "first answers by time")
    for number, slot in enumerate(slots):
        top, wide = number * 2 * STEP, round(WIDE * len(slot.ids) / most, 1)
        yield _text(0, top + STEP, report_plots.slot_words(slot), "start")
        yield _rect("part", LABELS, top + 2, wide, 2 * STEP - 8)
        yield _text(LABELS + wide + 4, top + STEP, f"{len(slot.ids):,}", "start")
    yield "</svg>"


def heat_map(found: Report) -> Iterator[str]:
    """Yields a cell for each hour of each weekday."""
    most = most_of([len(ids) for ids in found.heat_map.values()])
    yield _svg(LEFT + 24 * CELL, 8 * CELL, "heat map")
    for hour in range(24):
        yield _text(LEFT + hour * CELL + CELL // 2, CELL * 5 // 8, f"{hour:02}", "middle")
    for day, name in enumerate(times.DAYS):
        top = (day + 1) * CELL
        yield _text(0, top + CELL * 5 // 8, name, "start")
        for hour in range(24):
            count, left = len(found.heat_map.get((day, hour), ())), LEFT + hour * CELL
            yield (
                f'<rect class="heat" x="{left}" y="{top}" width="{CELL - 1}" height="{CELL - 1}"'
                f' fill-opacity="{0.7 * count / most:.3f}"><title>{name} {hour:02}:00: {count:,}</title></rect>'
            )
            if count:
                yield _text(left + CELL // 2, top + CELL * 5 // 8, f"{count:,}", "middle")
    yield "</svg>"


def _svg(wide: int, high: int, label: str) -> str:
    return f'<svg viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" aria-label="{label}">'


def _rect(name: str, left: float, top: float, wide: float, high: float) -> str:
    return f'<rect class="{name}" x="{left}" y="{top}" width="{wide}" height="{high}"></rect>'


def _text(left: float, top: float, words: str, anchor: str) -> str:
    return f'<text x="{left}" y="{top}" text-anchor="{anchor}">{escape(words)}</text>'
