"""The lines of a report on the screen: numbers that open the rows behind them, and bars. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from commtui.model import times
from commtui.sentences import report as words
from commtui.sentences.report_plots import bar, short, slot_words, spans
from commtui.triage.report_figures import Group, Report, figures, first_answer_times, most_of, rows
from commtui.ui.text.cells import fit, wrap
from commtui.ui.text.rows import Piece, Pieces, filled

LABEL: Final = 13
"""Cells of the words before the numbers."""
DAY: Final = 4
"""Cells of a weekday: so 24 hours have room in 80 cells."""
BAR_LEAST, BAR_MOST = 4, 60
"""Cells of the longest bar."""
HOURS_LEAST: Final = 80
"""Cells of a line from which on the heat map has a column for each hour; else for each three."""
BLOCK: Final = 3
COLUMN: Final = 8
"""Cells of a number of a table, with what stands around it."""
OF_RATES: Final = {"answer_rate": "answered", "in_time_rate": "in_time"}
"""The rows that the part of a rate is: what it opens."""
BY_COLUMNS: Final = (
    ("inbound", "inbound", "inbound"), ("answer_rate", "rate", "answered"), ("in_time_rate", "in time", "in_time"),
    ("overdue", "overdue", "overdue"), ("first_working_median", "first", "first_answers"),
    ("first_working_p90", "p90", "first_answers"), ("next_working_median", "later", "next_answers"),
    ("next_working_p90", "p90", "next_answers"),
)  # fmt: skip
"""A figure of a group, its heading, and the rows that it opens."""


class Cell(NamedTuple):
    """A number, or what else stands in a column."""

    text: str
    width: int = COLUMN
    ids: Sequence[str] | None = None
    """The rows that it counts, or was made of; None: it opens nothing."""
    about: str = ""
    """What these are."""
    role: str = "plain"


class Bar(NamedTuple):
    """A bar of `whole`, and its part; `most`: the number with the longest bar."""

    part: int
    whole: int
    most: int


class Line(NamedTuple):
    """A line of the report."""

    label: str = ""
    cells: tuple[Cell, ...] = ()
    bar: Bar | None = None
    role: str = "plain"
    """Of the label."""
    columns: int = LABEL
    """Cells of the label, where numbers follow."""
    is_wide: bool | None = None
    """Whether it is for wide screens only, or for narrow ones; None: for all."""


def report_lines(found: Report) -> list[Line]:
    """All lines, for wide screens and for narrow ones. It takes time: not on the loop of the screen."""
    lines = [*_summary(found), *_answer_times(found.whole), *_goals(found)]
    if found.by is not None:
        lines += _groups(found)
    return [*lines, *_days(found), *_first_answers(found), *_heat_map(found)]


def definition_lines(width: int) -> list[Line]:
    """What each figure means, in lines of that width."""
    lines = [Line(), Line("definitions", role="unread")]
    for name, definition in words.DEFINITIONS.items():
        first, *more = wrap(f"{name.replace('_', ' ')}: {definition}", width - 4)
        lines += [Line(first), *(Line(f"  {part}") for part in more)]
    return lines


def is_shown(line: Line, width: int) -> bool:
    """Whether a line is for a screen of that width."""
    return line.is_wide is None or line.is_wide is (width >= HOURS_LEAST)


def shown_cells(line: Line, width: int) -> tuple[Cell, ...]:
    """The cells for which a line of that width has room, beside its bar."""
    room, shown = width - 2 - line.columns - 1, []
    for cell in line.cells:
        room -= cell.width
        if room < 0:
            break
        shown.append(cell)
    return tuple(shown)


def numbers_of(line: Line, width: int) -> list[Cell]:
    """The visible cells of a line that open rows."""
    return [cell for cell in shown_cells(line, width) if cell.ids is not None]


def report_row(line: Line, width: int, pointed: bool, at: int) -> Pieces:
    """The line. `at`: which of its numbers stands in brackets where the cursor points to it."""
    cells = shown_cells(line, width)
    if not line.cells:
        role = "plain-pointed" if pointed else line.role
        return filled([("plain", "> " if pointed else "  "), (role, line.label)], width)
    numbers = "".join(cell.text.rjust(cell.width) for cell in cells) + " "
    if pointed:
        numbers = _bracketed(numbers, cells, at)
        head: list[Piece] = [("plain-pointed", f"> {fit(line.label, line.columns)}"), ("plain", numbers)]
    else:
        head = [("plain", "  "), (line.role, fit(line.label, line.columns)), *_by_role(cells), ("plain", " ")]
    return filled([*head, *_bar_pieces(line.bar, width - 2 - line.columns - len(numbers))], width)


def _bracketed(numbers: str, cells: Sequence[Cell], at: int) -> str:
    opening = [place for place, cell in enumerate(cells) if cell.ids is not None]
    if not opening:
        return numbers
    place = opening[min(at, len(opening) - 1)]
    end = sum(cell.width for cell in cells[: place + 1])
    begin = end - len(cells[place].text) - 1
    return f"{numbers[:begin]}[{numbers[begin + 1 : end]}]{numbers[end + 1 :]}"


def _by_role(cells: Sequence[Cell]) -> Iterator[Piece]:
    """The cells, those of one role beside each other as one piece."""
    role, text = "plain", ""
    for cell in cells:
        if cell.role != role and text:
            yield role, text
            text = ""
        role, text = cell.role, text + cell.text.rjust(cell.width)
    if text:
        yield role, text


def _bar_pieces(drawn: Bar | None, room: int) -> list[Piece]:
    if drawn is None or room < BAR_LEAST + 1:
        return []
    part, rest = bar(drawn.part, drawn.whole, drawn.most, min(BAR_MOST, room - 1))
    return [("plain", " "), ("ours", part), ("dim", rest)]


def _heading(label: str, *columns: tuple[str, int]) -> list[Line]:
    """An empty line, and what stands above numbers."""
    return [Line(), Line(label, tuple(Cell(text, width, role="dim") for text, width in columns), role="unread")]


def _summary(found: Report) -> Iterator[Line]:
    now, before = figures(found.whole), figures(found.before)
    ids_now, ids_before = rows(found.whole), rows(found.before)
    yield _heading("", ("now", 9), ("before", 9), ("change", 7))[1]
    for name in words.SUMMARY:
        opens, label = OF_RATES.get(name, name), name.replace("_", " ")
        about = opens.replace("_", " ")
        yield Line(
            label,
            (
                Cell(words.figure(name, now[name]), 9, ids_now[opens], about),
                Cell(words.figure(name, before[name]), 9, ids_before[opens], f"{about}, before"),
                Cell(words.change(name, now[name], before[name]), 7),
            ),
        )


def _answer_times(whole: Group) -> Iterator[Line]:
    now, ids = figures(whole), rows(whole)
    yield from _heading("answer time", ("n", 7), ("median", COLUMN), ("p90", COLUMN), ("slowest", COLUMN))
    for name, long in words.TIMES.items():
        for kind in ("working", "clock"):
            opens = ids[f"{name}_answers"]
            cells = [Cell(f"{len(opens):,}", 7, opens, long)]
            for part in ("median", "p90", "slowest"):
                cells.append(Cell(words.minutes(now[f"{name}_{kind}_{part}"]), COLUMN, opens, long))
            yield Line(f"{long.split()[0]} {kind}", tuple(cells))


def _goals(found: Report) -> Iterator[Line]:
    yield from _heading("goals", *((heading, COLUMN) for heading in words.GOAL_HEADINGS))
    for goal in found.goals:
        target, p90, in_time, overdue, met = words.goal_cells(goal)
        ids, about = rows(goal.group), words.goal_words(goal)
        yield Line(
            f"{goal.level[: LABEL - 6]} {'first' if goal.first else 'later'}",
            (
                Cell(target),
                Cell(p90, COLUMN, ids["answered"], about, "late" if goal.is_met is False else "plain"),
                Cell(in_time, COLUMN, ids["in_time"], f"in time: {about}"),
                Cell(overdue, COLUMN, ids["overdue"], f"overdue: {about}"),
                Cell(met, COLUMN, role="late" if goal.is_met is False else "ours"),
            ),
        )


def _groups(found: Report) -> Iterator[Line]:
    yield from _heading(f"by {found.by}", *((heading, COLUMN) for _, heading, _ in BY_COLUMNS))
    for group in found.groups:
        now, ids, name = figures(group), rows(group), group.name or words.NO_NAME
        yield Line(
            name,
            tuple(
                Cell(words.figure(key, now[key]), COLUMN, ids[opens], f"{opens.replace('_', ' ')}: {name}")
                for key, _, opens in BY_COLUMNS
            ),
        )


def _days(found: Report) -> Iterator[Line]:
    drawn = spans(found.days)
    most = most_of([max(len(span.inbound), len(span.answered)) for span in drawn])
    yield from _heading("answered #", ("inbound", COLUMN), ("answered", COLUMN + 1))
    for label, inbound, answered in drawn:
        cells = (
            Cell(f"{len(inbound):,}", COLUMN, inbound, f"inbound, {label}"),
            Cell(f"{len(answered):,}", COLUMN + 1, answered, f"answered, {label}"),
        )
        yield Line(label, cells, Bar(len(answered), len(inbound), most))


def _first_answers(found: Report) -> Iterator[Line]:
    slots = first_answer_times(found.whole)
    most = most_of([len(slot.ids) for slot in slots])
    yield from _heading("first answers", ("n", COLUMN))
    for slot in slots:
        count, label = len(slot.ids), slot_words(slot)
        yield Line(label, (Cell(f"{count:,}", COLUMN, slot.ids, f"first answers, {label}"),), Bar(count, count, most))


def _heat_map(found: Report) -> Iterator[Line]:
    yield from _heading("inbound by weekday and hour")
    for is_wide, block, width in ((True, 1, 3), (False, BLOCK, 4)):
        hours = range(0, 24, block)
        most = most_of([len(_block(found, day, hour, block)) for day in range(7) for hour in hours])
        above = tuple(Cell(f"{hour:02}", width, role="dim") for hour in hours)
        yield Line("", above, columns=DAY, is_wide=is_wide)
        for day, name in enumerate(times.DAYS):
            cells = []
            for hour in hours:
                ids = _block(found, day, hour, block)
                end = f"-{(hour + block) % 24:02}:00" if block > 1 else ""
                role = "dim" if 3 * len(ids) < most else "plain" if 3 * len(ids) < 2 * most else "unread"
                cells.append(Cell(short(len(ids)), width, ids, f"inbound, {name} {hour:02}:00{end}", role))
            yield Line(name, tuple(cells), columns=DAY, is_wide=is_wide)


def _block(found: Report, day: int, hour: int, block: int) -> list[str]:
    return [identity for each in range(hour, hour + block) for identity in found.heat_map.get((day, each), ())]
