"""The calendar as text: the posts of each day as rows, or a month as a grid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from commtui.activity.desk import Desk
from commtui.cli.output import columns, hanging, rows
from commtui.cli.width import fit, width
from commtui.marketing.calendar import Entry, by_day
from commtui.model import text
from commtui.model.calendar import WEEK_DAYS, Days, day_of
from commtui.model.states import NEEDS_PERSON
from commtui.model.times import DAYS, in_zone, wall_zone
from commtui.sentences.calendar import conflict_words, counts, day_name, period_name

GRID_LEAST: Final = 60
"""Columns from which on a month is a grid."""
PIPE: Final = 80
"""Columns where stdout is no terminal."""
CELL_POSTS: Final = 5
"""Posts of a day that a grid shows."""
ROW_TEXT: Final = 500


def agenda(desk: Desk, found: Sequence[Entry], days: Days) -> Iterator[str]:
    """A heading, then the posts of each day as rows: time, id, state, accounts, text. Days without a post have a line
    in a period of a week at most."""
    today = day_of(desk.now, desk.zone)
    yield from hanging(_heading(desk, found, days), 2)
    grouped = by_day(found, desk.zone)
    short = (days.end - days.first).days <= WEEK_DAYS
    for day in days.each() if short else grouped:
        if day not in grouped and not short:
            continue
        yield ""
        yield day_name(day, today) + (" (today)" if day == today else "")
        yield from _rows(desk, grouped.get(day, ())) if day in grouped else ("  no post",)


def month(desk: Desk, found: Sequence[Entry], days: Days) -> Iterator[str]:
    """A month as a grid, a week in a row; below it the posts that conflict or need a person. Without the room for a
    grid: the agenda."""
    across = columns() or PIPE
    if across < GRID_LEAST:
        yield from agenda(desk, found, days)
        return
    yield from hanging(_heading(desk, found, days), 2)
    yield ""
    cell = (across - (WEEK_DAYS - 1)) // WEEK_DAYS
    yield _line(DAYS, cell)
    grouped = by_day(found, desk.zone)
    today = day_of(desk.now, desk.zone)
    for week in days.weeks():
        cells = [_cell(desk, day, grouped, today) if day in days else [] for day in week.each()]
        for at in range(max(map(len, cells))):
            yield _line([lines[at] if at < len(lines) else "" for lines in cells], cell)
    wanting = [entry for entry in found if entry.conflicts or entry.state in NEEDS_PERSON]
    if wanting:
        yield ""
        yield "to look at (! in the grid):"
        yield from _rows(desk, wanting, dated=True)


def _heading(desk: Desk, found: Sequence[Entry], days: Days) -> str:
    name = period_name(days, day_of(desk.now, desk.zone))
    wrong = sum(bool(entry.conflicts) for entry in found)
    return f"{name[:1].upper()}{name[1:]}, {desk.zone}: {counts(len(found), wrong)}"


def _cell(desk: Desk, day: date, grouped: Mapping[date, Sequence[Entry]], today: date) -> list[str]:
    """The lines of a day: its number, and its first posts."""
    posts = grouped.get(day, ())
    shown = posts if len(posts) <= CELL_POSTS else posts[: CELL_POSTS - 1]
    lines = [f"{day.day}{' today' if day == today else ''}"]
    for entry in shown:
        needs = entry.state in NEEDS_PERSON
        mark = "!" if entry.conflicts or needs else " "
        lines.append(_clock(desk, entry.at) + mark + (entry.state.value if needs else text.one_line(_words(entry))))
    return lines + ([f"+{len(posts) - len(shown)} more"] if len(shown) < len(posts) else [])


def _line(cells: Sequence[str], cell: int) -> str:
    parts = (fit(words, cell) for words in cells)
    return " ".join(part + " " * (cell - width(part)) for part in parts).rstrip()


def _rows(desk: Desk, posts: Sequence[Entry], dated: bool = False) -> Iterator[str]:
    names = {account.id: account.name for account in desk.settings.accounts}
    today = day_of(desk.now, desk.zone)

    def table() -> Iterator[tuple[str, ...]]:
        for entry in posts:
            day = f"{day_name(day_of(entry.at, desk.zone), today)} " if dated else ""
            wrong = f"({conflict_words(entry.conflicts)}) " if entry.conflicts else ""
            accounts = ", ".join(names.get(account, account) for account in entry.accounts)
            words = text.one_line(wrong + _words(entry))
            yield f"  {day}{_clock(desk, entry.at)}", entry.id, entry.state.value, accounts, words

    return rows(table(), (18 if dated else 7, 11, 9, 12))


def _words(entry: Entry) -> str:
    """What a post says, as far as a row can show it; never nothing."""
    first = entry.first
    spoiler = f"({first.spoiler}) " if first.spoiler else ""
    return f"{spoiler}{first.text[:ROW_TEXT]}".strip() or "[no text]"


def _clock(desk: Desk, at: datetime) -> str:
    return f"{in_zone(at, wall_zone(desk.zone)):%H:%M}"
