"""The calendar's rows, one for each post and each day without one, and the grid of a month: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from msgspec import Struct

from commtui.marketing.calendar import Entry, FreeSlot
from commtui.model import ids
from commtui.model.calendar import WEEK_DAYS, Days, day_of
from commtui.model.content import kinds_of
from commtui.model.states import NEEDS_PERSON, OutgoingState, is_late
from commtui.model.text import one_line
from commtui.model.times import DAYS, MONTHS, in_zone, wall_zone
from commtui.sentences.calendar import conflict_words, counts, period_name
from commtui.ui.text.cells import cut_words, fit, roomy
from commtui.ui.text.rows import Piece, Pieces, RowContext, lead, marks_of, under_cursor, with_text

WIDE: Final = 70
"""Columns from which on a row has the state of its post, and the month of its day."""
CELL_WIDE: Final = 9
"""Cells of a day in the grid from which on a count has more than one of them."""
USUAL: Final = frozenset((OutgoingState.SCHEDULED, OutgoingState.SENT))
"""States that a narrow row does not name."""


class CalendarRow(Struct, frozen=True):
    """A row: a post, a free slot, or a day without either."""

    day: date
    entry: Entry | None = None
    slot: FreeSlot | None = None
    names_day: bool = True
    """It is the first row of its day."""

    @property
    def number(self) -> int:
        """What the list knows the row by: that of the post's first variant; for a day, and below all days for a slot, a
        number below zero."""
        if self.entry:
            return ids.number(self.entry.first.id)
        return -self.day.toordinal() if self.slot is None else -date.max.toordinal() - int(self.slot.at.timestamp())


def rows_of(
    days: Days, grouped: Mapping[date, Sequence[Entry]], free: Iterable[FreeSlot], zone: str
) -> list[CalendarRow]:
    """The rows of some days, in order; each day has one at least."""
    slots: dict[date, list[FreeSlot]] = {}
    for slot in free:
        slots.setdefault(day_of(slot.at, zone), []).append(slot)
    rows: list[CalendarRow] = []
    for day in days.each():
        timed: list[Entry | FreeSlot] = [*grouped.get(day, ()), *slots.get(day, ())]
        if day in slots:
            timed.sort(key=lambda each: each.at)
        for at, each in enumerate(timed):
            if isinstance(each, FreeSlot):
                rows.append(CalendarRow(day, slot=each, names_day=not at))
            else:
                rows.append(CalendarRow(day, each, names_day=not at))
        if not timed:
            rows.append(CalendarRow(day))
    return rows


def calendar_row(row: CalendarRow, context: RowContext, pointed: bool = False) -> Pieces:
    """`> Mon 30 Nov  09:00  brand+shop  scheduled  Good morning!      (too near)`."""
    wide = context.width >= WIDE
    name = f"{DAYS[row.day.weekday()]} {row.day.day:>2}" + (f" {MONTHS[row.day.month - 1]}" if wide else "")
    today = row.day == day_of(context.now, context.zone)
    head: list[Piece] = [
        lead(pointed, False),
        (under_cursor("soon" if today else "dim", pointed), (name if row.names_day else " " * len(name)) + " "),
    ]
    entry, slot = row.entry, row.slot
    if slot is not None:
        names = "+".join(context.account(account, account) for account in slot.accounts)
        head.append((under_cursor("dim", pointed), f"{in_zone(slot.at, wall_zone(context.zone)):%H:%M} "))
        of_account = f" of {names}" if context.many_accounts else ""
        return with_text(head, ("dim", f"free slot{of_account}"), (), context.width)
    if entry is None:
        return with_text(head, ("dim", "no post" + (", today" if today else "")), (), context.width)
    role, state = state_word(entry, context)
    head.append((under_cursor("plain", pointed), f"{in_zone(entry.at, wall_zone(context.zone)):%H:%M} "))
    if context.many_accounts:
        names = "+".join(context.account(account, account) for account in entry.accounts)
        head.append((under_cursor("author", pointed), fit(names, 11 if wide else 6) + " "))
    if wide:
        head.append((under_cursor(role, pointed), fit(state, 9) + " "))
    head += [("dim", f"{mark} ") for mark in marks_of(kinds_of(entry.first.media, None))]
    labels: list[Piece] = [("late", f"({conflict_words(entry.conflicts)})")] if entry.conflicts else []
    if not wide and (entry.state not in USUAL or role == "late"):
        labels.append((role, state))
    spoiler = f"({entry.first.spoiler}) " if entry.first.spoiler else ""
    return with_text(head, ("plain", roomy(one_line(spoiler + entry.first.text))), labels, context.width)


def title_pieces(days: Days, grouped: Mapping[date, Sequence[Entry]], account: str, context: RowContext) -> list[Piece]:
    """What the title says: which days, how many posts and conflicts; `account` (its id): of which alone."""
    posts = [entry for each in grouped.values() for entry in each]
    wrong = sum(bool(entry.conflicts) for entry in posts)
    name = period_name(days, day_of(context.now, context.zone))
    if context.width < WIDE:
        name = name.partition(",")[0]
    only: list[Piece] = [("bar-late", f"  only {context.account(account, account)}")] if account else []
    return [("bar", f" {name}  "), ("bar-late" if wrong else "bar", counts(len(posts), wrong)), *only]


def state_word(entry: Entry, context: RowContext) -> Piece:
    """The state of a post in a word; `late` where it should be out."""
    overdue = context.query.overdue_post
    late = any(is_late(item.state, item.scheduled_at, context.now, overdue) for item in entry.items)
    if entry.state in NEEDS_PERSON or late:
        return "late", "late" if late and entry.state not in NEEDS_PERSON else entry.state.value
    return "read" if entry.is_out else "plain", entry.state.value


def grid(
    days: Days, grouped: Mapping[date, Sequence[Entry]], pointed: date, context: RowContext, lines: int
) -> list[Pieces]:
    """The grid of a month: a line of weekdays, then `lines` for each week. The first of these has the days with the
    number of their posts, `!` where one conflicts or needs a person; the others have the posts themselves."""
    cell = context.width // WEEK_DAYS
    today = day_of(context.now, context.zone)
    made: list[Pieces] = [tuple(("dim", fit(f" {name}", cell)) for name in DAYS)]
    for week in days.weeks():
        each = [day if day in days else None for day in week.each()]
        made.append(tuple(_day(day, grouped, day == pointed, day == today, cell) for day in each))
        for at in range(lines - 1):
            made.append(tuple(_post(day, grouped, at, lines - 1, cell, context) for day in each))
    return made


def _day(day: date | None, grouped: Mapping[date, Sequence[Entry]], pointed: bool, today: bool, cell: int) -> Piece:
    if day is None:
        return "plain", " " * cell
    posts = grouped.get(day, ())
    mark = "!" if any(entry.conflicts or entry.state in NEEDS_PERSON for entry in posts) else " "
    if cell < CELL_WIDE:
        count = "" if not posts else str(len(posts)) if len(posts) < 10 else "+"
        words = f"{'>' if pointed else '[' if today else ' '}{day.day:>2}{mark}{count}"
    else:
        shown = f"[{day.day:>2}]" if today else f" {day.day:>2} "
        words = f"{'>' if pointed else ' '}{shown}{len(posts) or '':>3}{mark}"
    role = "plain-pointed" if pointed else "late" if mark == "!" else "soon" if today else "plain" if posts else "dim"
    return role, fit(words, cell)


def _post(
    day: date | None, grouped: Mapping[date, Sequence[Entry]], at: int, most: int, cell: int, context: RowContext
) -> Piece:
    """The post of a day in a line of its cell; in the last one, how many more there are."""
    posts = grouped.get(day, ()) if day else ()
    if at >= len(posts):
        return "plain", " " * cell
    if at == most - 1 and len(posts) > most:
        return "dim", fit(f" +{len(posts) - at} more", cell)
    entry = posts[at]
    needs = entry.state in NEEDS_PERSON
    mark = "!" if entry.conflicts or needs else " "
    words = entry.state.value if needs else one_line(entry.first.text)
    time = f"{in_zone(entry.at, wall_zone(context.zone)):%H:%M}"
    role = "late" if mark == "!" else "read" if entry.is_out else "plain"
    before = f" {time}{mark}"
    return role, fit(before + _whole_words(roomy(words), cell - 1 - len(before)), cell - 1) + " "


def _whole_words(text: str, width: int) -> str:
    """The text cut behind a word, also where the next one is longer than the width; only the first may be cut."""
    cut = cut_words(text, width)
    head, space, _ = cut.rpartition(" ")
    inside = cut.endswith("~") and not text.startswith(cut[:-1] + " ")
    return f"{head.rstrip()}~" if space and inside else cut
