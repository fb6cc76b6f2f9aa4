"""The calendar: the posts of a week or a month in their days, moved through by keys, followed while it is open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Final

from textual.app import ComposeResult

from commtui.marketing.calendar import Entry
from commtui.model.calendar import DAY, Days, day_of, month_after, month_of, week_of
from commtui.model.times import wall_zone
from commtui.model.wall_clock import moment_of
from commtui.model.when_reader import MORNING
from commtui.store.changes import Changes
from commtui.ui.dialogs.calendar_actions import CalendarActions, CalendarPlace, View
from commtui.ui.dialogs.list_screen import Keys, ListScreen
from commtui.ui.dialogs.period_posts import PeriodPosts
from commtui.ui.dialogs.post_keys import PostKeys
from commtui.ui.keys.keymap import Keymap
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.calendar_rows import CalendarRow, calendar_row, grid, rows_of, title_pieces
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.side_column import SideColumn

LIST_WANTED: Final = 12
"""Lines that are left to the list below a month before the month shows posts itself."""
DAY_LINES: Final = 5
"""The most lines of a day in the grid."""


class CalendarScreen(ListScreen[None]):
    """Ends when a post is opened or written, or by the keys that lead back."""

    def __init__(
        self,
        snapshot: Snapshot,
        keymap: Keymap,
        actions: CalendarActions,
        place: CalendarPlace,
        question: str,
        demo: bool = False,
    ) -> None:
        """`question`: what is asked for another time of a post."""
        super().__init__("calendar", snapshot, keymap, lambda: "reading ...", demo)
        self._actions = actions
        self._post_keys = PostKeys(self, actions, question)
        self._view: View = place.view
        self._account = place.account
        self._posts = PeriodPosts(snapshot, _period(place.day, place.view))
        self._back_to = place
        """Where the cursor goes once its row was read."""
        self._all_new = False
        """Whether the rows that are shown next are those of another period, or another account."""
        self._rows: dict[int, CalendarRow] = {}
        self._grouped: dict[date, list[Entry]] = {}
        self.month = SideColumn(self._month, lambda: self.month.show(), "calendar-month")

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.month
        yield self.rows
        yield self.foot

    def on_mount(self) -> None:
        self._place_month()
        self._read_on(self._posts.days)

    def on_resize(self) -> None:
        self.call_after_refresh(self._place_month)

    # what is read

    def _read(self, days: Days) -> None:
        """Shows another period; its posts are read a page at a time."""
        self._posts.begin(days)
        self._read_on(days)

    def _read_on(self, days: Days) -> None:
        """Reads a page; where there are more, these one after the other, while the loop has its turns."""
        self._posts.read_page()
        if self._posts.has_more:
            self.run_worker(self._read_pages(days), group="calendar-pages", exclusive=True)
        else:
            self._show(whole=True)

    async def _read_pages(self, days: Days) -> None:
        """Reads the other pages; another period ends it."""
        while self._posts.has_more:
            await asyncio.sleep(0)  # a message of the screen would be handled without a turn of the loop
            if days != self._posts.days:
                return
            self._posts.read_page()
        self._show(whole=True)

    def _see(self, changes: Changes) -> None:
        if self._posts.note(changes):
            super()._see(changes)

    def follow(self) -> None:
        was_reading = self._posts.has_more
        self._posts.follow()
        if not self._posts.has_more:
            self._show()
        elif not was_reading:
            self._back_to = self._place()
            self._read_on(self._posts.days)

    # what is shown

    def _show(self, whole: bool = False) -> None:
        """Shows what was read. `whole`: another period, whose rows are all new."""
        self._all_new |= whole
        if self._posts.are_many:
            self.run_worker(self._show_beside(self._posts.days), group="calendar", exclusive=True)
        else:
            self._show_posts(self._posts.by_day(self._account))

    async def _show_beside(self, days: Days) -> None:
        """Computes in a thread what takes the screen's loop too long; another period ends it."""
        grouped = await asyncio.to_thread(self._posts.by_day, self._account)
        if days == self._posts.days and not self._posts.has_more:
            self._show_posts(grouped)

    def _show_posts(self, grouped: dict[date, list[Entry]]) -> None:
        whole, self._all_new, self._grouped = self._all_new, False, grouped
        before, day, number = self._rows, self._day, self.rows.number
        free = self._posts.free_slots(self._account)
        rows = rows_of(self._posts.days, self._grouped, free, self.snapshot.desk.zone)
        self._rows = {row.number: row for row in rows}
        changed = None if whole else {number for number, row in self._rows.items() if before.get(number) != row}
        self.rows.show(list(self._rows), changed)
        if whole:
            self._point(self._back_to.number, self._back_to.day)
            if self.rows.number is not None:
                self.rows.put_back(self.rows.number, 0)  # what comes is in sight
        elif number not in self._rows and day is not None and day != self._day:  # the last post of its day went away
            self.rows.move_to_number([row.number for row in rows if row.day == day][-1])
        self._show_title()
        self._place_month()

    def _show_title(self) -> None:
        context = self.snapshot.row_context(self.app.size.width)
        self.show_title("Calendar", *title_pieces(self._posts.days, self._grouped, self._account, context))

    def _place_month(self) -> None:
        """Gives the month the lines that it needs, and more where there is room."""
        height = 0
        if self._view == "month":
            height = 1 + len(self._posts.days.weeks()) * self._day_lines
        if self.month.styles.height is None or self.month.styles.height.value != height:
            self.month.styles.height = height
            self.month.display = bool(height)
        self.month.show()

    @property
    def _day_lines(self) -> int:
        room = self.app.size.height - 2 - 1
        weeks = len(self._posts.days.weeks())
        return max(1, min(DAY_LINES, (room - LIST_WANTED) // weeks))

    def _month(self, width: int) -> list[Pieces]:
        day = self._day or self._back_to.day
        return grid(self._posts.days, self._grouped, day, self.snapshot.row_context(width), self._day_lines)

    def row_pieces(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        row = self._rows.get(number)
        return calendar_row(row, self.snapshot.row_context(width), pointed) if row else ()

    def on_rows_moved(self) -> None:
        self.month.show()

    # where the cursor is

    @property
    def _row(self) -> CalendarRow | None:
        return self._rows.get(self.rows.number) if self.rows.number is not None else None

    @property
    def entry(self) -> Entry | None:
        """The post that the cursor points to."""
        return self._row.entry if self._row else None

    @property
    def _day(self) -> date | None:
        """The day that the cursor points to."""
        row = self._row
        return row.day if row else None

    def _point(self, number: int, day: date) -> None:
        """Points to a row, else to the first of a day; today's is the first that is still to come."""
        if number and self.rows.move_to_number(number):
            return
        of_day = [row for row in self._rows.values() if row.day == day]
        ahead = [row for row in of_day if row.entry and row.entry.at >= self.snapshot.now]
        for row in (*ahead, *of_day)[:1]:
            self.rows.move_to_number(row.number)

    def _go_to(self, day: date, number: int = 0) -> None:
        """Points to a day, in another period where it is not in this one."""
        if day in self._posts.days:
            self._point(number, day)
        else:
            self._back_to = CalendarPlace(day, self._view, number, self._account)
            self._read(_period(day, self._view))

    def _place(self) -> CalendarPlace:
        return CalendarPlace(self._day or self._back_to.day, self._view, self.rows.number or 0, self._account)

    # keys

    def own_keys(self) -> Keys:
        return {
            "open": self._open,
            "day-before": partial(self._by_days, -1),
            "day-after": partial(self._by_days, 1),
            "period-before": partial(self._by_period, -1),
            "period-after": partial(self._by_period, 1),
            "tag": self._today,
            "pane-next": self._switch,
            "pane-previous": self._switch,
            "account-filter": self._next_account,
            "compose": self._write_post,
            **self._post_keys.keys(),
            **{f"pane-{name}": partial(self._leave_to, f"pane-{name}") for name in ("mentions", "replies", "posts")},
        }

    def _by_days(self, days: int) -> None:
        day = self._day
        if day is not None:
            self._move_by(lambda: day + DAY * days)

    def _by_period(self, periods: int) -> None:
        day = self._day or self._back_to.day
        if self._view == "week":
            self._move_by(lambda: day + DAY * 7 * periods)
        else:
            self._move_by(lambda: month_after(day, periods))

    def _move_by(self, moved: Callable[[], date]) -> None:
        try:
            day = moved()
            _period(day, self._view)
        except OverflowError:
            self.say("the calendar ends here", bad=True)
        else:
            self._go_to(day)

    def _today(self) -> None:
        self._go_to(day_of(self.snapshot.desk.now, self.snapshot.desk.zone))

    def _switch(self) -> None:
        """Shows the month of the week, or the week of the day."""
        place = self._place()
        self._view = "month" if self._view == "week" else "week"
        self._back_to = CalendarPlace(place.day, self._view, place.number, self._account)
        self._read(_period(place.day, self._view))

    def _next_account(self) -> None:
        """Shows the posts of the next account, after the last one those of all."""
        self._back_to = self._place()
        accounts = ["", *(account.id for account in self.snapshot.desk.settings.accounts), ""]
        self._account = accounts[accounts.index(self._account) + 1] if self._account in accounts else ""
        self._show(whole=True)

    def _open(self) -> None:
        if self.entry is None:
            self._write_post()
            return
        place = self._place()
        self.dismiss(None)
        self._actions.open(self.entry.first.id, place)

    def leave(self) -> None:
        """Ends the calendar."""
        self.dismiss(None)

    def _write_post(self) -> None:
        """Writes a post: for the free slot under the cursor, else for the morning of a day to come."""
        row, desk = self._row, self.snapshot.desk
        at: datetime | None = None
        accounts: tuple[str, ...] = ()
        if row is not None and row.slot is not None:
            at, accounts = row.slot.at, row.slot.accounts
        elif row is not None and row.day > day_of(desk.now, desk.zone):
            at = moment_of(datetime.combine(row.day, MORNING), wall_zone(desk.zone))
        self.leave()
        self._actions.compose(at, accounts)

    def _leave_to(self, command: str) -> None:
        self.dismiss(None)
        self._actions.go_to_pane(command)


def _period(day: date, view: View) -> Days:
    """The week or the month of a day. Raises OverflowError."""
    return week_of(day) if view == "week" else month_of(day)
