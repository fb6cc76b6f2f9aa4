"""Widgets whose lines are pieces of text with roles; the other widgets are made of them.

Here is the screen's gate: pieces of text become a line in one place, and what would act on the terminal stays out.
"""

from __future__ import annotations

from typing import ClassVar, Final, Protocol, cast

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widget import Widget

from commtui.model.text import without_hidden
from commtui.ui.text.cells import cells_of, roomy, wrap
from commtui.ui.text.colours import RoleStyles
from commtui.ui.text.rows import Pieces, filled

NEVER_SCROLLS = Reactive(Size(0, 0), repaint=False)
"""Textual's lays the whole screen out a second time, whenever a widget has another size, for scrollbars."""
STRIPS = 200
"""Painted lines that a widget remembers; then it begins anew."""


class StyledApp(Protocol):
    """The app as widgets see it."""

    @property
    def styles_by_role(self) -> RoleStyles:
        """The style of each role under the theme in use."""
        ...


def blank_lines(widget: Widget, crop: Region) -> list[Strip]:
    """The lines of a widget on which others stand. Textual looks for borders and padding at each of them."""
    style = cast("StyledApp", widget.app).styles_by_role["plain"]
    return [Strip([Segment(" " * crop.width, style)], crop.width)] * crop.height


class Box(Widget, inherit_css=False):
    """A container. It does not inherit Textual's style sheets: reading them costs 5 ms at the start."""

    DEFAULT_CSS = "Box { width: 1fr; height: 1fr; layout: vertical; overflow: hidden hidden; }"
    virtual_size = NEVER_SCROLLS

    def render_lines(self, crop: Region) -> list[Strip]:
        return blank_lines(self, crop)


class Lines(Widget, inherit_css=False):
    """Asks `line(y)` for each of its lines when one of them is to be painted. It has no border and no padding."""

    virtual_size = NEVER_SCROLLS
    has_room: ClassVar[bool] = False
    """Whether `line` leaves the room for wide marks itself (cells.roomy): it has a cursor among them."""

    def __init__(self, id: str | None = None, classes: str = "") -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id, classes=classes)
        self._strips: dict[Pieces, Strip] = {}
        self._styles_of_strips: object = None

    @property
    def size(self) -> Size:
        """What the next layout gives it; while that hides it, what it has now: until then it may be painted again."""
        return super().size or self.outer_size

    def line(self, y: int) -> Pieces:
        """The pieces of line `y`; they should fill the width."""
        raise NotImplementedError  # no ABC: Textual's widgets have a metaclass of their own

    def render_lines(self, crop: Region) -> list[Strip]:
        # Textual's own looks for borders, padding and filters at every line, which costs more than the line itself
        strips = [self.render_line(y) for y in range(crop.y, crop.bottom)]
        if crop.x == 0 and crop.width == self.size.width:
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def render_line(self, y: int) -> Strip:
        styles = cast("StyledApp", self.app).styles_by_role
        if styles is not self._styles_of_strips or len(self._strips) > STRIPS:
            self._strips.clear()
            self._styles_of_strips = styles
        pieces = self.line(y)
        if not self.has_room and any(roomy(text) != text for _, text in pieces):
            pieces = filled(list(pieces), self.size.width)
        strip = self._strips.get(pieces)
        if strip is None:
            strip = self._strips[pieces] = Strip([Segment(without_hidden(text), styles[role]) for role, text in pieces])
        return strip

    def repaint_lines(self, *lines: int) -> None:
        """Paints these lines again, and nothing else."""
        width, height = self.size
        regions = [Region(0, y, width, 1) for y in set(lines) if 0 <= y < height]
        if regions:
            self.refresh(*regions)


class OneLine(Lines):
    """A line that shows what `say` gives it."""

    DEFAULT_CSS = "OneLine { height: 1; }"

    def __init__(self, id: str | None = None, classes: str = "") -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id, classes=classes)
        self._shown: tuple[Pieces, str, int, str] = ((), "plain", 0, "")
        self._lines: list[Pieces] = [()]

    @property
    def line_count(self) -> int:
        """The lines of what is shown."""
        return len(self._lines)

    def say(self, pieces: Pieces, fill: str = "plain", most: int = 1, end: str = "", width: int = 0) -> None:
        """Shows these pieces; the rest of the line has the style of `fill`. The same again paints nothing.

        Where they are longer than `width` (0: the screen), the last one goes on below, in `most` lines at most. `end`
        follows it unbroken; where there is no room for all, the words before it are left out.
        """
        width = (width or self.app.size.width) if most > 1 else 0
        if (pieces, fill, width, end) != self._shown:
            self._shown = pieces, fill, width, end
            self._lines = _lines_with_end(pieces, width, most, end) if most > 1 else [pieces]
            if self.styles.height is None or self.styles.height.value != len(self._lines):
                self.styles.height = len(self._lines)
            self.refresh()

    def pieces_at(self, y: int) -> Pieces:
        """What line `y` shows; it may be longer or shorter than the width."""
        return self._lines[y] if y < len(self._lines) else ()

    def line(self, y: int) -> Pieces:
        pieces = self.pieces_at(y)
        *parts, (_, rest) = (*filled(list(pieces), self.size.width), ("", ""))
        shown, fill = list(parts), self._shown[1]
        if shown and shown[-1][0] == "plain" and not shown[-1][1].strip():
            shown[-1] = (fill, shown[-1][1])
        return (*shown, (fill, rest))


UNBROKEN: Final = "\u2007"
"""Stands for a space at which no line is broken."""


def _lines_with_end(pieces: Pieces, width: int, most: int, end: str) -> list[Pieces]:
    """The pieces and the end of the last one in at most `most` lines; words before the end are left out for it."""
    *before, (role, text) = pieces
    separator, space, words = end.partition(" ")
    unbroken = separator + space + words.replace(" ", UNBROKEN)
    lines = _lines((*before, (role, text + unbroken)), width)
    while end and len(lines) > most and " " in text:
        text = text.rpartition(" ")[0]
        lines = _lines((*before, (role, f"{text} ~{unbroken}")), width)
    return [tuple((role, part.replace(UNBROKEN, " ")) for role, part in line) for line in lines[:most]]


def _lines(pieces: Pieces, width: int) -> list[Pieces]:
    """The pieces in lines of that width: the last one is broken between words."""
    *before, (role, text) = pieces
    used = sum(cells_of(words) for _, words in before)
    if used + cells_of(text) <= width or width < used + 8:
        return [pieces]
    words = text.lstrip(" ")
    margin = text[: len(text) - len(words)]
    first, *rest = wrap(words, width - used - len(margin))
    return [(*before, (role, margin + first)), *(((role, f" {line}"),) for line in wrap(" ".join(rest), width - 1))]
