"""Where each part of the inbox stands, by the size of the screen and by what has the focus.

From 120x30 the panes are stacked on the left, the reader stands on their right. On smaller screens the panes have the
whole width and the reader opens over them; below 60x16 there is one pane. The pane with the focus has the room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, NamedTuple, Protocol

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import Layout, WidgetPlacement
from textual.widget import Widget

from commtui.ui.panes.pane import NAMES
from commtui.ui.text.cells import TEXT_MOST

WIDE: Final = (120, 30)
"""Columns and rows from which on the reader stands beside the panes."""
STACKED: Final = (60, 16)
"""Columns and rows from which on the panes that do not have the focus stay in sight."""
PERSON: Final = 160
"""Columns from which on the person and the account stand beside the thread."""
OVERVIEW: Final = 200
"""Columns from which on a column has views, accounts and team."""
PERSON_COLUMNS: Final = 34
OVERVIEW_COLUMNS: Final = 25
READER_MOST: Final = TEXT_MOST + 1
"""Columns of the reader: one is left free beside its text."""
TALL: Final = 32
"""Rows from which on panes without the focus have rows of their own on a screen that is not wide."""
OUTGOING: Final[Mapping[str, tuple[int, int]]] = {"replies": (4, 8), "posts": (6, 4)}
"""Without the focus: rows, title included, or the share of the panes' height where that is more. Replies on their way
are few, posts are a plan."""
MENTIONS_LEAST: Final = 6
"""Rows of the mentions while another pane wants more room than there is."""
LEAST: Final = 2
"""Rows of a pane that no message covers: its title and its next row."""
RULES: Final = ("rule-overview", "rule-reading", "rule-person")
COVERS: Final = 1
"""What stands at the bottom lies over the other parts."""


CSS: Final = """
InboxScreen {
    overflow: hidden hidden;
    background: $background;
    & > .screen--selection { background: $screen-selection-background; color: $screen-selection-foreground; }
}
"""


class Shape(NamedTuple):
    """What decides where everything stands."""

    width: int
    height: int
    active: str = "mentions"
    """The pane that has the focus, or will have it again after the reader."""
    wanted: tuple[int, ...] = (1000,) * len(NAMES)
    """For each pane the rows with which it could show all that it has, its title included."""
    reading: bool = False
    """The reader has the focus: a thread, or the composer in it."""
    bottom: int = 1
    """Rows at the bottom: the line of keys, or what stands in its place."""
    message: int = 0
    """Rows of the message above it, until the next key. It covers what has room to spare: see _message_top."""
    problem: int = 0
    """Rows above it for what is wrong and stays so: no pane stands there."""


class Shaped(Protocol):
    """The screen, as its layout sees it."""

    def shape(self, size: Size, bottom: int) -> Shape:
        """What decides where everything stands, for a screen of that size with so many rows at the bottom."""
        ...


def is_wide(width: int, height: int) -> bool:
    """Whether the reader stands beside the panes: as a preview while it isn't open."""
    return width >= WIDE[0] and height >= WIDE[1]


def regions(shape: Shape) -> dict[str, Region]:
    """Where each part stands, by its id: panes, `reading`, `person`, `overview`, the rules between, `message`, and
    `problem` where a message stands further up and leaves its rows free. Parts without a place are left out.

    What is at the bottom, and a message, cover parts without the focus; the one that has it ends above.
    """
    width, height = shape.width, shape.height
    message, body = max(shape.message, shape.problem), height - 1 - shape.problem
    places: dict[str, Region] = {}
    left, left_width = 0, width
    if is_wide(width, height):
        column = _columns(shape, places)
        left, left_width = column.x, column.width
        places |= _stack(shape, column)
    elif shape.reading:
        places["reading"] = Region(0, 0, width, body)
    else:
        places |= _stack(shape, Region(0, 0, width, body))
    end = height - shape.bottom
    if message:
        panes = [(places[name], _kept(shape, name)) for name in NAMES if name in places]
        places["message"] = Region(left, max(0, _message_top(panes, message, end)), left_width, message)
        free = min(shape.problem, end - body)
        if free > 0 and places["message"].bottom <= body:
            places["problem"] = Region(left, body, left_width, free)
    focused = "reading" if shape.reading else shape.active
    place = places[focused]
    if message and place.overlaps(places["message"]):
        end = min(end, places["message"].y)
    places[focused] = place.crop_size(Size(place.width, max(1, end - place.y)))
    return places


def message_width(width: int, height: int) -> int:
    """The columns of a message on a screen of that size."""
    return regions(Shape(width, height, message=1))["message"].width


def _kept(shape: Shape, name: str) -> int:
    """The rows of a pane that no message covers: all that the one with the focus has to show, else the least."""
    focused = name == shape.active and not shape.reading
    return shape.wanted[NAMES.index(name)] if focused else LEAST


def _message_top(panes: Sequence[tuple[Region, int]], rows: int, end: int) -> int:
    """Where a message of so many rows begins: it ends at `end`, or where it would take what a pane keeps, at the end of
    the largest pane. `panes`: each with the rows that it keeps."""
    if all(max(0, end - rows - pane.y) >= min(pane.height, kept, max(0, end - pane.y)) for pane, kept in panes):
        return end - rows
    largest = max((pane for pane, _ in panes), key=lambda pane: min(pane.bottom, end) - pane.y)
    return min(largest.bottom, end) - rows


def _columns(shape: Shape, places: dict[str, Region]) -> Region:
    """Places reader, person, overview and the rules between them; returns the region of the panes."""
    width, body = shape.width, shape.height - 1
    left, right = 0, width
    if width >= OVERVIEW:
        places["overview"] = Region(0, 0, OVERVIEW_COLUMNS, body)
        places["rule-overview"] = Region(OVERVIEW_COLUMNS, 0, 1, body)
        left = OVERVIEW_COLUMNS + 1
    if width >= PERSON:
        right = width - PERSON_COLUMNS
        places["person"] = Region(right, 0, PERSON_COLUMNS, body)
        right -= 1
        places["rule-person"] = Region(right, 0, 1, body)
    reader = min(READER_MOST, (right - left) // 2)
    places["reading"] = Region(right - reader, 0, reader, body)
    places["rule-reading"] = Region(right - reader - 1, 0, 1, body)
    return Region(left, 0, right - reader - 1 - left, body - shape.problem)


def _stack(shape: Shape, place: Region) -> dict[str, Region]:
    """The panes above each other. Each keeps its share, or less if it wants less; what is left goes to the one with the
    focus, then from above to those that want more. Rows that none wants are the mentions'."""
    if not (shape.width >= STACKED[0] and shape.height >= STACKED[1]):
        return {shape.active: place}
    tall = shape.height >= TALL or is_wide(shape.width, shape.height)
    share: dict[str, int] = {
        name: max(least, place.height // part) if tall else 1 for name, (least, part) in OUTGOING.items()
    }
    share["mentions"] = MENTIONS_LEAST if tall else 1
    wanted: dict[str, int] = dict(zip(NAMES, shape.wanted, strict=True))
    rows: dict[str, int] = {name: max(1, min(share[name], wanted[name])) for name in NAMES}
    for name in [shape.active, *NAMES]:
        left = place.height - sum(rows.values())
        rows[name] += max(0, min(left, wanted[name] - rows[name]))
    rows["mentions"] += place.height - sum(rows.values())
    places: dict[str, Region] = {}
    y = place.y
    for name in NAMES:
        places[name] = Region(place.x, y, place.width, rows[name])
        y += rows[name]
    return places


class InboxLayout(Layout):
    """Gives each child of the screen its region. A part without one is of size 0 and costs nothing."""

    name: ClassVar[str] = "inbox"

    def __init__(self, screen: Shaped) -> None:
        self._screen = screen

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> list[WidgetPlacement]:
        bottom = [child for child in children if child.has_class("bottom")]
        taken = sum(map(_rows_of, bottom))
        places: Mapping[str, Region] = regions(self._screen.shape(size, taken))
        y = size.height - taken
        placements = []
        for child in children:
            if child in bottom:
                region, order = Region(0, y, size.width, _rows_of(child)), COVERS
                y = region.bottom
            else:
                region = places.get(child.id or "", Region())
                order = COVERS if child.id == "message" else 0
            placements.append(WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, child, order))
        return placements


def _rows_of(widget: Widget) -> int:
    """The rows of a widget at the bottom, as it has set them; 0 while it is hidden."""
    height = widget.styles.height
    return int(height.value) if widget.display and height is not None else 0
