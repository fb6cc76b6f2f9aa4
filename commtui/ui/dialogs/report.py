"""The report: figures, goals and plots of a period. Every number opens the rows that it counts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from textual import events

from commtui.store.changes import Changes
from commtui.triage.report_figures import By
from commtui.ui.dialogs.list_screen import Keys, ListScreen
from commtui.ui.dialogs.report_actions import PERIODS, Place, ReportActions, RowsPlace
from commtui.ui.dialogs.report_rows import ReportRowsScreen
from commtui.ui.keys.keymap import Keymap
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.report_lines import Cell, Line, definition_lines, is_shown, numbers_of, report_row
from commtui.ui.text.rows import Pieces

GROUPINGS: Final = (None, *(by for by in By if by is not By.DAY))
"""The groupings that a key goes through; the plot has the days."""

WAYS: Final = {"down": 1, "up": -1}
COUNTED: Final = {"conversations", "mentions", "outgoing"}
"""The kinds of records whose changes may change a figure."""


class ReportScreen(ListScreen[None]):
    """Ends when a row is opened, or by the keys that lead back."""

    def __init__(
        self,
        snapshot: Snapshot,
        keymap: Keymap,
        actions: ReportActions,
        place: Place,
        rows: RowsPlace | None = None,
        demo: bool = False,
    ) -> None:
        """`place`: where the person was last; `rows`: the rows behind a number that are shown over it at once."""
        super().__init__("figures", snapshot, keymap, lambda: self._progress, demo)
        self._actions, self._place, self._opened = actions, place, rows
        self._progress = "reading ..."
        self._came_since = False
        """Whether something was written since the report was begun to be read."""
        self._lines: Sequence[Line] = ()
        """Those of the report that are for this width; the definitions follow them."""

    def on_mount(self) -> None:
        self.call_after_refresh(self._begin_at_place)

    def _begin_at_place(self) -> None:
        self._show_read()
        if self._place.read is None:
            self._read()
        if self._opened is not None:
            self._show_rows(self._opened)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_read)

    # what is read

    def _read(self) -> None:
        self.run_worker(self._read_beside(), exclusive=True)

    async def _read_beside(self) -> None:
        self._came_since = False
        self._say_progress(0)
        read = await self._actions.read(self._place, self._say_progress)
        if read.problem:
            self.say(read.problem, bad=True)
            self._progress = read.problem
        else:
            self._place.read = read
        self._show_read()

    def _say_progress(self, records: int) -> None:
        self._progress = f"reading: {records:,} records" if records else "reading ..."
        if self._place.read is None:
            self.rows.show([], None)
        self._show_name(("bar-late", f" {self._progress} "))

    def _see(self, changes: Changes) -> None:
        if changes.keys() & COUNTED:
            super()._see(changes)

    def follow(self) -> None:
        """What was written since is read when it is asked for: all figures may have changed."""
        self._came_since = True
        if self._place.read is not None:
            self._show_name()

    # what is shown

    def _show_read(self) -> None:
        read = self._place.read
        if read is None:
            return
        width = self.app.size.width
        self._lines = [*(line for line in read.lines if is_shown(line, width)), *definition_lines(width)]
        self.rows.show(range(1, len(self._lines) + 1), None)
        place = min(self._place.row, len(self._lines) - 1)
        if not self._is_stop(place):
            place = self._next(place, 1)
        self.rows.put_back(place + 1, place - self._place.top)
        self._show_name()

    def _show_name(self, *more: tuple[str, str]) -> None:
        place = self._place
        words = [PERIODS[place.period], *([f"by {place.by}"] if place.by else [])]
        if self._came_since and not more:
            more = (("bar-late", f" {self._keymap.named('sync')}: what came since "),)
        period = place.read.period if place.read and self.app.size.width >= 100 else ""
        self.show_title(f"Report  {', '.join(words)}", *((("bar-dim", f" {period} "),) if period else ()), *more)

    def row_pieces(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        return report_row(self._lines[number - 1], width, pointed, self._place.number)

    # keys

    async def _on_key(self, event: events.Key) -> None:
        step = {"left": -1, "right": 1}.get(event.key)
        if step is None:
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
        self._to_number(step)

    def own_keys(self) -> Keys:
        return {
            "down": lambda: self._to_line(1),
            "up": lambda: self._to_line(-1),
            "first": self._to_first,
            **{f"half-page-{way}": partial(self._scroll, step, 2) for way, step in WAYS.items()},
            **{f"page-{way}": partial(self._scroll, step, 1) for way, step in WAYS.items()},
            "search-next": lambda: self._to_number(1),
            "search-previous": lambda: self._to_number(-1),
            "open": self._open,
            "snooze": self._change_period,
            "pane-next": lambda: self._change_group(1),
            "pane-previous": lambda: self._change_group(-1),
            "sync": self._read,
        }

    def on_rows_moved(self) -> None:
        self._place.row, self._place.top = self.rows.at, self.rows.top

    def _numbers(self) -> list[Cell]:
        if not self._lines or not self.rows.numbers:
            return []
        return numbers_of(self._lines[self.rows.at], self.app.size.width)

    def _next(self, place: int, step: int) -> int:
        """The next line at which the cursor stops; the same where there is none."""
        places = range(place + step, len(self._lines) if step > 0 else -1, step)
        return next(filter(self._is_stop, places), place)

    def _is_stop(self, place: int) -> bool:
        """Whether the cursor stops at a line: one with a number that opens rows, or a definition."""
        line = self._lines[place]
        is_definition = bool(line.label) and not line.cells and line.role == "plain"
        return is_definition or bool(numbers_of(line, self.app.size.width))

    def _to_line(self, step: int) -> None:
        place = self._next(self.rows.at, step)
        if place == self.rows.at and step < 0:
            self._to_first()
        else:
            self.rows.move_to(place)

    def _scroll(self, step: int, part: int) -> None:
        """Moves by a page, or a part of one, to the next line at which the cursor stops."""
        self.rows.scroll_page(step * (self.rows.page // part))
        if self._lines and not self._is_stop(self.rows.at):
            self.rows.move_to(self._next(self.rows.at, step))

    def _to_first(self) -> None:
        """Points to the first number, with what stands above it in sight."""
        self.rows.put_first()
        self.rows.move_to(self._next(0, 1))

    def _to_number(self, step: int) -> None:
        count = len(self._numbers())
        if count:
            at = min(self._place.number, count - 1)
            self._place.number = (at + step) % count
            self.rows.repaint_number(self.rows.at + 1)

    def _change_period(self) -> None:
        self._place.period = (self._place.period + 1) % len(PERIODS)
        self._read()

    def _change_group(self, step: int) -> None:
        at = GROUPINGS.index(self._place.by)
        self._place.by = GROUPINGS[(at + step) % len(GROUPINGS)]
        self._read()

    # the rows behind a number

    def _open(self) -> None:
        numbers = self._numbers()
        if not numbers:
            return
        cell = numbers[min(self._place.number, len(numbers) - 1)]
        if cell.ids:
            self._show_rows(RowsPlace(cell.ids[::-1], cell.about))
        else:
            self.say(f"{cell.about}: none")

    def _show_rows(self, rows: RowsPlace) -> None:
        def ended(identity: str | None) -> None:
            if identity is not None:
                self.dismiss(None)
                self.app.call_later(self._actions.open, identity, self._place, rows)

        self.app.push_screen(ReportRowsScreen(self.snapshot, self._keymap, rows, bool(self._begin)), ended)
