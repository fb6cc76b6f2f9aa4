"""A report as text, Markdown, CSV and JSON: all of the same figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

from commtui.cli import report_text_plots
from commtui.cli.output import columns, hanging, rows
from commtui.cli.width import width
from commtui.model import times
from commtui.sentences.report import DEFINITIONS, NO_NAME, SUMMARY, TIMES, change, figure, minutes, period
from commtui.triage import report_figures as figures_of
from commtui.triage.report_figures import Goal, Group, Report
from commtui.triage.status import iso

Figures = dict[str, int | float | None]
ALL: Final = "all"
BEFORE: Final = "before"
"""The name of the line about the period before."""
HEADINGS: Final = (
    "inbound", "people", "came back", "waits", "answered", "answer rate", "unanswered", "waiting", "overdue",
    "in time", "in time rate", "first answers", "median, working", "p90", "slowest", "median, clock", "p90", "slowest",
    "later answers", "median, working", "p90", "slowest", "median, clock", "p90", "slowest",
)  # fmt: skip


def names_of(found: Report) -> list[tuple[str, Group]]:
    """The groups of a report with their names as people read them; first all of it, and of the period before."""
    return [(name or NO_NAME, group) for name, group in _plain_names(found)]


def text(found: Report) -> Iterator[str]:
    """Yields the lines of a report for a terminal."""
    whole, before = figures_of.figures(found.whole), figures_of.figures(found.before)
    yield from hanging(period(found), 2)
    yield ""
    summary: list[tuple[str, ...]] = [("", "now", "before", "change")]
    for name in SUMMARY:
        values = whole[name], before[name]
        summary.append((name.replace("_", " "), *(figure(name, value) for value in values), change(name, *values)))
    yield from rows(summary, (12, 8, 8))
    yield ""
    table: list[tuple[str, ...]] = [("answer time", "n", "median", "p90", "slowest")]
    for name, words in TIMES.items():
        for kind, clock in (("working", "working time"), ("clock", "clock")):
            spans = (minutes(whole[f"{name}_{kind}_{part}"]) for part in ("median", "p90", "slowest"))
            table.append((f"{words}, {clock}", f"{whole[f'{name}_answers']:,}", *spans))
    yield from rows(table, (28, 7, 8, 8))
    yield ""
    yield from report_text_plots.goals(found)
    if found.by is not None:
        yield ""
        yield from hanging(
            f"by {found.by}: answer rate, answered in time, median and p90 of first and later answers in working time",
            2,
        )
        yield from _group_lines(found)
    yield from report_text_plots.plots(found)
    yield ""
    for name, definition in DEFINITIONS.items():
        yield from hanging(f"{name.replace('_', ' ')}: {definition}", 2)


def _group_lines(found: Report) -> Iterator[str]:
    table: list[tuple[str, ...]] = [
        (found.by or "", "inbound", "rate", "in time", "overdue", "first", "p90", "later", "p90")
    ]
    for name, group in names_of(found)[2:]:
        got = figures_of.figures(group)
        keys = ("first_working_median", "first_working_p90", "next_working_median", "next_working_p90")
        spans = (minutes(got[key]) for key in keys)
        counts = (figure(key, got[key]) for key in ("inbound", "answer_rate", "in_time_rate", "overdue"))
        table.append((name, *counts, *spans))
    room = 9 if (columns() or 80) <= 80 else max(10, min(30, max(width(row[0]) for row in table)))
    yield from rows(table, (room, 7, 6, 7, 7, 7, 7, 7))


def markdown(found: Report) -> Iterator[str]:
    """Yields the lines of a report as Markdown: a table, then the definitions."""
    yield f"# {period(found)}"
    yield ""
    yield f"| {found.by or ''} | {' | '.join(HEADINGS)} |"
    yield "|---|" + "--:|" * len(HEADINGS)
    for name, group in names_of(found):
        cells = cells_of(group)
        escaped = name.replace("\\", "\\\\").replace("|", "\\|")
        yield f"| {escaped} | {' | '.join(cells)} |"
    yield ""
    yield from (f"- **{name.replace('_', ' ')}**: {definition}" for name, definition in DEFINITIONS.items())


def cells_of(group: Group) -> list[str]:
    """Every figure of a group as people read it, in the order of HEADINGS."""
    return [figure(*pair) for pair in _in_order(figures_of.figures(group)).items()]


def _in_order(got: Figures) -> Figures:
    """The figures in the order of columns: the rate behind what is answered, the times behind how many they are."""
    counts = list(SUMMARY)
    for name in TIMES:
        counts += [f"{name}_answers", *(key for key in got if key.startswith((f"{name}_working", f"{name}_clock")))]
    return {key: got[key] for key in counts}


def comma_separated(found: Report) -> str:
    """The report as CSV: a line for all of it, one for the period before, and one for each group.

    Times are in minutes, rates in percent."""
    written = io.StringIO()
    table: Any = csv.writer(written, lineterminator="\n")
    for number, (name, group) in enumerate(_plain_names(found)):
        got = _in_order(figures_of.figures(group))
        if number == 0:
            table.writerow(["group", *got])
        table.writerow([name, *("" if value is None else value for value in got.values())])
    return written.getvalue().removesuffix("\n")


def _plain_names(found: Report) -> Sequence[tuple[str, Group]]:
    return [(ALL, found.whole), (BEFORE, found.before), *((group.name, group) for group in found.groups)]


def as_object(found: Report) -> dict[str, Any]:
    """The report as JSON: with the ids that each number counts."""
    groups = [
        {"group": name, "figures": _in_order(figures_of.figures(group)), "ids": figures_of.rows(group)}
        for name, group in _plain_names(found)
    ]
    return {
        "since": iso(found.since),
        "until": iso(found.until),
        "zone": found.zone,
        "by": found.by,
        "all": groups[0],
        "before": groups[1],
        "groups": groups[2:],
        "heat_map": [
            {"weekday": times.DAYS[day], "hour": hour, "inbound": len(ids), "ids": ids}
            for (day, hour), ids in sorted(found.heat_map.items())
        ],
        "days": [
            {
                "day": day,
                "inbound": len(inbound),
                "answered": len(answered),
                "ids": {"inbound": inbound, "answered": answered},
            }
            for day, inbound, answered in found.days
        ],
        "first_answers_by_time": [
            {"up_to_minutes": slot.up_to, "first_answers": len(slot.ids), "ids": slot.ids}
            for slot in figures_of.first_answer_times(found.whole)
        ],
        "goals": list(map(_goal_object, found.goals)),
        "definitions": DEFINITIONS,
    }


def _goal_object(goal: Goal) -> dict[str, Any]:
    got, ids = figures_of.figures(goal.group), figures_of.rows(goal.group)
    names = ("waits", "answered", "in_time", "overdue")
    return {
        "level": goal.level,
        "answers": "first" if goal.first else "later",
        "target_minutes": goal.target,
        "p90_minutes": goal.p90,
        "met": goal.is_met,
        "in_time_rate": got["in_time_rate"],
        **{name: got[name] for name in names},
        "ids": {name: ids[name] for name in names},
    }
