"""The three panes on the screen, and which of them has the focus."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.cells import cell_len
from textual.app import ComposeResult

from commtui.ui.keys.table import COMMANDS
from commtui.ui.panes.mentions import MentionsPane
from commtui.ui.panes.outgoing import PostsPane, RepliesPane
from commtui.ui.panes.pane import NAMES, Name, Pane
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.cells import hanging
from commtui.ui.text.rows import Piece, Pieces
from commtui.ui.widgets.lines import Box, OneLine
from commtui.ui.widgets.rows import Rows


class TitleLine(OneLine):
    """A line that leaves out its last pieces where they have no room: half a number says nothing."""

    fixed = 1
    """The number of first pieces that are never left out."""

    def pieces_at(self, y: int) -> Pieces:
        pieces = super().pieces_at(y)
        while len(pieces) > self.fixed and sum(cell_len(text) for _, text in pieces) > self.size.width:
            pieces = pieces[:-1]
        return pieces


class PaneView(Box):
    """One pane: its title and its rows."""

    def __init__(self, pane: Pane, snapshot: Snapshot, key_of: Callable[[str], str]) -> None:
        super().__init__(id=pane.name)
        self.pane = pane
        self._snapshot = snapshot
        self._key_of = key_of
        self.title_line = TitleLine()
        self.rows = Rows(self._row, self._empty_lines)

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.rows

    def _row(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        return self.pane.row(self._snapshot.desk, number, self._snapshot.row_context(width), pointed, marked)

    def _empty_lines(self, width: int) -> list[Pieces]:
        keys = {command.id: self._key_of(command.id) for command in COMMANDS}
        lines = self.pane.empty(self._snapshot, keys)
        wrapped = [part for line in lines for part in hanging(line, max(8, width - 3))]
        return [(), *((("read", f"  {line}"),) for line in wrapped)]

    def show_title(self, key: int, here: bool) -> None:
        """Writes its title: its key, its name, its filter, its numbers. `here`: it has the focus."""
        pane, rows = self.pane, self.rows
        pieces: list[Piece] = [("title-here" if here else "title", f" {key} {pane.title} ")]
        if pane.filter_text:
            count = "searching ..." if pane.searching else str(len(rows.numbers))
            pieces.append(("bar-late", f" filter: {pane.filter_text} ({count})"))
        if rows.marks:
            pieces.append(("bar-late", f" {len(rows.marks)} marked "))
        self.title_line.fixed = len(pieces)
        pieces += [(role, f" {text} ") for role, text in pane.summary(self._snapshot)]
        self.title_line.say(tuple(pieces), "bar")


class PaneStack(Box):
    """The panes, in their order. It owns which one is active: that one has the focus unless the thread is open."""

    def __init__(self, snapshot: Snapshot, key_of: Callable[[str], str], focused: Callable[[], bool]) -> None:
        super().__init__(id="panes")
        self._focused = focused
        panes = (MentionsPane(), RepliesPane(), PostsPane())
        self._views = {pane.name: PaneView(pane, snapshot, key_of) for pane in panes}
        self.active = self._views["mentions"]
        for view in self._views.values():
            view.rows.active = view is self.active

    def compose(self) -> ComposeResult:
        yield from self._views.values()

    @property
    def views(self) -> Iterable[PaneView]:
        """All panes."""
        return self._views.values()

    def view(self, name: Name) -> PaneView:
        """The pane of that name."""
        return self._views[name]

    @property
    def rows(self) -> Rows:
        """The rows of the active pane."""
        return self.active.rows

    @property
    def pane(self) -> Pane:
        """The active pane."""
        return self.active.pane

    @property
    def pointed(self) -> str | None:
        """The id of the cursor's row; None where the active pane is empty."""
        number = self.rows.number
        return None if number is None else self.pane.identity(number)

    def activate(self, name: Name) -> None:
        """Focuses a pane."""
        self.rows.activate(False)
        self.active = self._views[name]
        self.rows.activate(True)
        self.post_message(Rows.Moved(self.rows))

    def neighbour(self, step: int) -> Name:
        """The pane so many places after the active one, around the end."""
        return NAMES[(NAMES.index(self.pane.name) + step) % len(NAMES)]

    def show_titles(self) -> None:
        """Writes every title."""
        for key, view in enumerate(self._views.values(), 1):
            view.show_title(key, here=view is self.active and self._focused())
