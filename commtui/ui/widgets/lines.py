"""A widget whose lines are pieces of text with roles: what every other one here is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from commtui.ui.rowtext import Pieces

if TYPE_CHECKING:
    from commtui.ui.app import InboxApp


class Lines(Widget):
    """Asks `line(y)` for each of its lines when that one is to be painted."""

    def line(self, y: int) -> Pieces:
        """The pieces of line `y`; they should fill the width."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        styles = cast("InboxApp", self.app).styles_by_role
        return Strip([Segment(text, styles[role]) for role, text in self.line(y)])

    def repaint_lines(self, *lines: int) -> None:
        """Paints these lines again, and nothing else."""
        width, height = self.size
        regions = [Region(0, y, width, 1) for y in set(lines) if 0 <= y < height]
        if regions:
            self.refresh(*regions)


class OneLine(Lines):
    """A line of a fixed place that is told what it says."""

    DEFAULT_CSS = "OneLine { height: 1; }"

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self._said: Pieces = ()
        self._fill = "plain"

    def say(self, pieces: Pieces, fill: str = "plain") -> None:
        """Shows these pieces; the rest of the line has the style of `fill`. The same again paints nothing."""
        if (pieces, fill) != (self._said, self._fill):
            self._said, self._fill = pieces, fill
            self.refresh()

    @property
    def said(self) -> str:
        """The text, without roles."""
        return "".join(text for _, text in self._said)

    def line(self, y: int) -> Pieces:
        from commtui.ui.rowtext import filled

        *pieces, (_, rest) = (*filled(list(self._said), self.size.width), ("", ""))
        shown = list(pieces)
        if shown and shown[-1][0] == "plain" and not shown[-1][1].strip():
            shown[-1] = (self._fill, shown[-1][1])
        return (*shown, (self._fill, rest))
