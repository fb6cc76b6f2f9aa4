"""Where the panes stand, by the size of the screen, and what they are painted by."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from commtui.ui.keys.table import COMMANDS
from commtui.ui.panes.pane import Pane
from commtui.ui.text.cells import hanging
from commtui.ui.text.rows import Pieces

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen

WIDTHS = [(0, "-tiny"), (60, "-compact"), (120, "-wide")]
HEIGHTS = [(0, "-low"), (16, "-high")]
CSS = """
InboxScreen {
    layout: vertical;
    overflow: hidden hidden;
    background: $background;
    & > .screen--selection { background: $screen-selection-background; color: $screen-selection-foreground; }
    #panes { layout: vertical; height: 1fr; }
    .pane { height: 1; layout: vertical; }
    .pane.-here { height: 1fr; }
    #reading { display: none; layout: vertical; height: 1fr; }
    &.-reading #reading { display: block; }
    &.-reading #panes { display: none; }
    &.-tiny .pane, &.-low .pane { display: none; }
    &.-tiny .pane.-here, &.-low .pane.-here { display: block; }
    &.-wide.-high #panes { layout: horizontal; height: 3fr; display: block; }
    &.-wide.-high .pane { height: 100%; width: 1fr; display: block; padding-left: 1; }
    &.-wide.-high #mentions { width: 2fr; padding-left: 0; }
    &.-wide.-high #reading { display: block; height: 2fr; }
}
"""


def classes(width: int, height: int) -> list[str]:
    """The classes of a size. Textual sets them a paint later: the first one would be of another layout."""
    found = ((width, WIDTHS), (height, HEIGHTS))
    return [[name for least, name in points if size >= least][-1] for size, points in found]


def writer(inbox: InboxScreen, pane: Pane) -> Callable[[int, bool, bool, int], Pieces]:
    """What writes a pane's rows."""
    return lambda number, pointed, marked, width: pane.row(inbox.desk, number, inbox.look(width), pointed, marked)


def emptiness(inbox: InboxScreen, pane: Pane) -> Callable[[int], list[Pieces]]:
    """What writes a pane that has no rows: what to do next."""

    def lines(width: int) -> list[Pieces]:
        keys = {command.id: inbox.key(command.id) for command in COMMANDS}
        said = pane.empty(inbox.desk, inbox.standing, inbox.look(width), keys)
        wrapped = [part for line in said for part in hanging(line, max(8, width - 3))]
        return [(), *((("read", f"  {line}"),) for line in wrapped)]

    return lines
