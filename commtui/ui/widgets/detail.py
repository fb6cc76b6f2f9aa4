"""The thread of a conversation as lines that can be scrolled."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from commtui.ui.text.parts import Part, PartedText
from commtui.ui.text.rows import Pieces, filled
from commtui.ui.widgets.lines import Lines


class Detail(Lines):
    """Shows what `make(width)` gives; asks again when the width changes. Only lines in sight are made."""

    DEFAULT_CSS = "Detail { height: 1fr; }"

    def __init__(self, make: Callable[[int], Sequence[Part]], id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._make = make
        self._text = PartedText()
        self._visible: list[Pieces] = []
        self.about: str | None = None
        """The id of what is shown."""

    def show(self, about: str | None) -> None:
        """Shows it as it is now. Another one is scrolled to its end: the newest lines matter most."""
        other = about != self.about
        self.about = about
        before = self._visible
        self._remake(to_end=other)
        if other:
            self.refresh()
        else:
            height, now = max(len(before), len(self._visible)), self._visible
            self.repaint_lines(*(y for y in range(height) if before[y : y + 1] != now[y : y + 1]))

    def _remake(self, to_end: bool) -> None:
        parts = self._make(max(1, self.size.width)) if self.about else ()
        if to_end:
            self._text = PartedText(parts)
            self._text.to_end(self.height)
        else:
            self._text.replace(parts, self.height)
        self._visible = self._text.visible(self.height)

    @property
    def height(self) -> int:
        """Visible lines."""
        return max(1, self.size.height)

    def on_resize(self) -> None:
        if self.about:
            self._remake(to_end=self._text.at_end(max(1, len(self._visible))))
        self.refresh()

    def line(self, y: int) -> Pieces:
        return filled(list(self._visible[y]) if y < len(self._visible) else [], self.size.width)

    def scroll_lines(self, lines: int) -> None:
        """Moves what is visible down by some lines, or up where they are below zero."""
        if self._text.move(lines, self.height):
            self._moved()

    def to_start(self) -> None:
        """Shows the first lines."""
        self._text.to_start()
        self._moved()

    def to_end(self) -> None:
        """Shows the last lines."""
        self._text.to_end(self.height)
        self._moved()

    def _moved(self) -> None:
        visible = self._text.visible(self.height)
        if visible != self._visible:
            self._visible = visible
            self.refresh()
