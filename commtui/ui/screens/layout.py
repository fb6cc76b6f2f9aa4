"""Where the panes, the reader and the composer stand, by the size of the screen and by what has the focus.

Set on the widgets themselves and not by classes of a style sheet: a class on the screen has every widget's rules looked
up anew, which costs a pane switch more than its paint.
"""

from __future__ import annotations

from typing import Final

from textual.css.scalar import Scalar
from textual.widget import Widget

from commtui.ui.panes.stack import PaneStack
from commtui.ui.panes.thread_pane import ThreadPane

WIDE: Final = (120, 16)
"""Columns and rows from which on the reader stands below the panes, and these side by side."""
STACKED: Final = (60, 16)
"""Columns and rows from which on the panes that do not have the focus keep their title."""
ROOMY: Final = 24
"""Rows from which on the composer leaves the panes in sight where the screen is wide."""
CSS: Final = """
InboxScreen {
    layout: vertical;
    overflow: hidden hidden;
    background: $background;
    & > .screen--selection { background: $screen-selection-background; color: $screen-selection-foreground; }
}
"""
_ALL, _REST, _TWO_SHARES, _THREE_SHARES, _LINE = map(Scalar.parse, ("100%", "1fr", "2fr", "3fr", "1"))


def is_wide(width: int, height: int) -> bool:
    """Whether the reader stands beside the panes: as a preview while it isn't open."""
    return width >= WIDE[0] and height >= WIDE[1]


def arrange(width: int, height: int, panes: PaneStack, reader: ThreadPane, composing: bool) -> None:
    """Gives every part its place. What has it already costs nothing."""
    wide = is_wide(width, height)
    stacked = width >= STACKED[0] and height >= STACKED[1]
    covered = height < ROOMY if composing else False
    _show(panes, not covered if wide else not (composing or reader.is_open))
    _show(reader, wide or composing or reader.is_open)
    _show(reader.title_line, not composing)
    _show(reader.text, not composing)
    _size(panes, _THREE_SHARES if wide else _REST)
    _size(reader, _TWO_SHARES if wide else _REST)
    if panes.styles.layout is None or panes.styles.layout.name != ("horizontal" if wide else "vertical"):
        panes.styles.layout = "horizontal" if wide else "vertical"
    for view in panes.views:
        here, first = view is panes.active, view.pane.name == "mentions"
        _show(view, wide or stacked or here)
        _size(view, _ALL if wide else _REST if here else _LINE, _TWO_SHARES if wide and first else _REST)
        left = int(wide and not first)
        if view.styles.padding.left != left:
            view.styles.padding = (0, 0, 0, left)


def _show(widget: Widget, shown: bool) -> None:
    if widget.display != shown:
        widget.display = shown


def _size(widget: Widget, height: Scalar, width: Scalar = _REST) -> None:
    if widget.styles.height != height:
        widget.styles.height = height
    if widget.styles.width != width:
        widget.styles.width = width
