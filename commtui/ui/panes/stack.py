"""The three panes on the screen, and which of them has the focus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from textual.app import ComposeResult

from commtui.triage.queues import default_order
from commtui.ui.panes.mentions import MentionsPane
from commtui.ui.panes.outgoing import PostsPane, RepliesPane
from commtui.ui.panes.pane import NAMES, Name, Pane
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.cells import hanging
from commtui.ui.text.rows import Piece, Pieces
from commtui.ui.text.titles import Title, hidden_words, order_words, title_pieces
from commtui.ui.widgets.lines import Box, OneLine
from commtui.ui.widgets.marked_rows import MarkedRows
from commtui.ui.widgets.rows import Rows

WANTED_MOST: Final = 200
"""Rows of which a pane does not want more: so many leave no other pane a row on any screen."""
BLANK_MOST: Final = 2
"""Lines that may stay empty in the active pane where rows have left it: one that leaves moves no other pane."""


class TitleLine(OneLine):
    """The first line of a pane: each of its parts is whole or left out."""

    def __init__(self) -> None:
        super().__init__()
        self._title = Title(())

    def show(self, title: Title) -> None:
        """Shows a title."""
        self._title = title
        self.say(title_pieces(title, self.size.width), "bar")

    def placed(self) -> None:
        """Leaves out what has no room now."""
        self.show(self._title)


class PaneView(Box):
    """One pane: its title and its rows."""

    def __init__(self, pane: Pane, snapshot: Snapshot, key_of: Callable[[str], str]) -> None:
        super().__init__(id=pane.name)
        self.pane = pane
        self._snapshot = snapshot
        self._key_of = key_of
        self.title_line = TitleLine()
        self._title: tuple[int, bool, Pieces] = (0, False, ())
        self.rows = MarkedRows(self._row, self._empty_lines, hidden_words)

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.rows

    def _row(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        return self.pane.row(self._snapshot.desk, number, self._snapshot.row_context(width), pointed, marked)

    def _empty_lines(self, width: int) -> list[Pieces]:
        lines = self.pane.empty(self._snapshot, self._key_of)
        wrapped = [part for line in lines for part in hanging(line, max(8, width - 3))]
        return [(("plain", f"  {line}"),) for line in wrapped]

    @property
    def wanted(self) -> int:
        """The rows with which it could show all that it has, its title included; WANTED_MOST at most."""
        if self.rows.numbers or self.size.width:
            return 1 + min(self.rows.lines_wanted, WANTED_MOST)
        return 1 + len(self._empty_lines(self.app.size.width))  # before it has its place

    def show_title(self, key: int, here: bool, ending: Pieces) -> None:
        """Writes its title: its key, its name, its filter, its numbers. `here`: it has the focus; `ending`: see Title.
        Where it has no other line, its next row stands there, too."""
        self._title = key, here, ending
        pane, rows, snapshot = self.pane, self.rows, self._snapshot
        name: list[Piece] = [("title-here" if here else "title", f" {key} {pane.title} ")]
        if pane.filter_text:
            count = "searching ..." if pane.searching else f"{len(rows.numbers)}{'' if pane.is_whole else '+'}"
            what = "all with" if pane.everywhere else "filter"
            name.append(("bar-late", f" {what}: {pane.filter_text} ({count})"))
        if rows.marks:
            name.append(("bar-late", f" {len(rows.marks)} marked "))
        alone = self.size.height == 1
        numbers = tuple((role, f" {text} ") for role, text in pane.summary(snapshot, brief=alone))
        if pane.account:  # its numbers are those of all accounts
            name.append(("bar-late", f" only {snapshot.query.account_names.get(pane.account, '')} "))
            numbers = () if pane.filter_text else (("bar", f" {len(rows.numbers)} "),)
        if pane.order not in (None, pane.default_order):
            first = 0 if pane.filter_text else 1  # a filter tells how many it shows
            numbers = (*numbers[:first], ("bar-late", f" {order_words(pane.order)} "), *numbers[first:])
        elif pane.order is not None and not alone:
            ending = (("bar-dim", f" {order_words(pane.order)} "), *ending)
        if alone and len(rows.numbers) > 1:
            ending = (("bar", f" {len(rows.numbers) - 1:,} more "), *ending)
        number = pane.next_number(snapshot, rows.numbers) if alone else None
        row = None if number is None else lambda width: pane.brief(snapshot.desk, number, snapshot.row_context(width))
        self.title_line.show(Title(tuple(name), numbers, ending, row))

    def placed(self) -> None:
        """Writes its title again: alone, it names the next row."""
        self.show_title(*self._title)


class PaneStack:
    """The panes, in their order. It owns which one is active: that one has the focus unless the thread is open."""

    def __init__(self, snapshot: Snapshot, key_of: Callable[[str], str], focused: Callable[[], bool]) -> None:
        self._snapshot = snapshot
        self._focused = focused
        panes = (MentionsPane(lambda: default_order(snapshot.desk.settings)), RepliesPane(), PostsPane())
        self._views = {pane.name: PaneView(pane, snapshot, key_of) for pane in panes}
        self.active = self._views["mentions"]
        self._wanted = [0] * len(NAMES)
        """The rows that each pane wanted last."""
        for view in self._views.values():
            view.rows.active = view is self.active

    @property
    def views(self) -> Iterable[PaneView]:
        """All panes."""
        return self._views.values()

    def view(self, name: Name) -> PaneView:
        """The pane of that name."""
        return self._views[name]

    def wanted(self) -> tuple[int, ...]:
        """For each pane the rows with which it could show all that it has; for the active one BLANK_MOST more where so
        many have left it."""
        wanted = [
            max(before, view.wanted) if view.pane.searching else view.wanted  # its rows come in a moment
            for before, view in zip(self._wanted, self.views, strict=True)
        ]
        active = NAMES.index(self.pane.name)
        wanted[active] = max(wanted[active], min(self._wanted[active], wanted[active] + BLANK_MOST))
        self._wanted = wanted
        return tuple(wanted)

    @property
    def rows(self) -> MarkedRows:
        """The rows of the active pane."""
        return self.active.rows

    @property
    def pane(self) -> Pane:
        """The active pane."""
        return self.active.pane

    def forget_rows(self) -> None:
        """Lets every row of all panes be written again."""
        for view in self._views.values():
            view.rows.forget_rows()

    @property
    def pointed(self) -> str | None:
        """The id of the cursor's row; None where the active pane is empty."""
        number = self.rows.number
        return None if number is None else self.pane.identity(number)

    def activate(self, name: Name) -> None:
        """Focuses a pane."""
        self.rows.activate(False)
        self.active = self._views[name]
        self._wanted = [0] * len(NAMES)
        self.rows.activate(True)
        self.rows.post_message(Rows.Moved(self.rows))

    @property
    def account(self) -> str:
        """The account (its id) whose rows all panes show; empty: all."""
        return self.pane.account

    def show_account(self, account: str) -> None:
        """Lets every pane show the rows of one account (its id), or of all, at the next look at the store."""
        for view in self._views.values():
            view.pane.account = account

    def neighbour(self, step: int) -> Name:
        """The pane so many places after the active one, around the end."""
        return NAMES[(NAMES.index(self.pane.name) + step) % len(NAMES)]

    def show_titles(self) -> None:
        """Writes every title. What holds for the whole screen stands on the one of the mentions."""
        for key, view in enumerate(self._views.values(), 1):
            here = view is self.active and self._focused()
            view.show_title(key, here, self._snapshot.ending(self.account) if view.pane.name == "mentions" else ())
        before = tuple(self._wanted)
        if before != self.wanted():
            self.active.refresh(layout=True)
