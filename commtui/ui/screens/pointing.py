"""What the mouse does, with `mouse = true`: a click chooses what it is on, a double click opens, the wheel scrolls."""

from __future__ import annotations

from typing import Final

from textual.dom import DOMNode
from textual.errors import NoWidget
from textual.events import Key
from textual.geometry import Region
from textual.screen import Screen

from commtui.ui.dialogs.list_screen import ListScreen
from commtui.ui.painter.mouse import Pointer
from commtui.ui.panes.stack import PaneView
from commtui.ui.screens.inbox import InboxScreen
from commtui.ui.widgets.detail import Detail
from commtui.ui.widgets.key_line import KeyLine
from commtui.ui.widgets.leader import Leader
from commtui.ui.widgets.picker import Picker
from commtui.ui.widgets.prompt import Prompt
from commtui.ui.widgets.rows import Rows

STEP: Final = 3
"""Rows for each step of the wheel."""


def point(screen: Screen[object], event: Pointer) -> None:
    """Does what a click, a double click or the wheel means at its place."""
    try:
        widget, region = screen.get_widget_at(event.x, event.y)
    except NoWidget:
        return
    if event.kind in ("up", "down"):
        _scroll(widget, STEP if event.kind == "down" else -STEP)
    elif isinstance(screen, Picker | ListScreen):
        if isinstance(widget, Rows):
            screen.click(event.y - region.y, event.kind == "double")
    elif isinstance(screen, InboxScreen):
        _click(screen, widget, region, event)
    elif isinstance(widget, Rows):
        _click_row(screen, widget, event.y - region.y, event.kind == "double")


def _scroll(widget: DOMNode, rows: int) -> None:
    """Scrolls the list or the text that the pointer is over; the focus stays where it is."""
    if isinstance(widget, Rows):
        widget.scroll_page(rows)
    elif isinstance(widget, Detail):
        widget.scroll_lines(rows)


def _click_row(screen: Screen[object], rows: Rows, y: int, double: bool) -> None:
    """Points to a row of a list that has the whole screen; a double click does what enter does."""
    place = rows.place_at(y)
    if place is not None:
        rows.move_to(place)
        if double:
            screen.post_message(Key("enter", "\r"))


def _click(screen: InboxScreen, widget: DOMNode, region: Region, event: Pointer) -> None:
    x, y = event.x - region.x, event.y - region.y
    if isinstance(widget, Prompt | Leader):
        widget.press_at(x, y)
    elif screen.session.composing is not None:
        if widget is screen.composer.foot:
            screen.composer.ask()
    elif screen.focused is not None:  # a question is open: the keys are its answer
        return
    elif isinstance(widget, KeyLine):
        command = widget.command_at(x)
        if command is not None:
            screen.do(command)
    elif screen.thread in widget.ancestors_with_self:
        if not screen.thread.is_open:
            screen.do("open")
    else:
        _click_pane(screen, widget, y, event.kind == "double")


def _click_pane(screen: InboxScreen, widget: DOMNode, y: int, double: bool) -> None:
    """Focuses a pane and points to its row. The first click of two may have moved the rows: the second opens what the
    first has pointed to."""
    view = next((node for node in widget.ancestors_with_self if isinstance(node, PaneView)), None)
    if view is None:
        return
    if double and view is screen.panes.active:
        screen.do("open")
        return
    place = view.rows.place_at(y) if isinstance(widget, Rows) else None
    screen.do(f"pane-{view.pane.name}")
    if place is not None:
        view.rows.move_to(place)
