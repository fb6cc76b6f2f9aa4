"""Where the panes stand, by the size of the screen."""

from __future__ import annotations

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
    &.-composing #reading { display: block; }
    &.-composing #panes { display: none; }
    &.-composing #reading > .-thread { display: none; }
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
    sizes = ((width, WIDTHS), (height, HEIGHTS))
    return [[name for least, name in points if size >= least][-1] for size, points in sizes]


def is_wide(width: int, height: int) -> bool:
    """Whether the thread stands beside the panes: as a preview while it isn't open."""
    return classes(width, height) == ["-wide", "-high"]
