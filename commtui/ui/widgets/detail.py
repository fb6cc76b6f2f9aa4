"""The thread of a conversation as lines that can be scrolled."""

from __future__ import annotations

from collections.abc import Callable

from commtui.ui.text.rows import Pieces, filled
from commtui.ui.widgets.lines import Lines


class Detail(Lines):
    """Shows what `make(width)` gives; asks again when the width changes."""

    DEFAULT_CSS = "Detail { height: 1fr; }"

    def __init__(self, make: Callable[[int], list[Pieces]], id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._make = make
        self.lines: list[Pieces] = []
        self.top = 0
        self.about: str | None = None
        """The id of what is shown."""

    def show(self, about: str | None) -> None:
        """Shows it as it is now. Another one is scrolled to its end: the newest lines matter most."""
        other = about != self.about
        self.about = about
        before = self.lines[self.top : self.top + self.size.height]
        self.lines = self._make(max(1, self.size.width)) if about else []
        if other:
            self.top = self._most()
        self.top = min(self.top, self._most())
        now = self.lines[self.top : self.top + self.size.height]
        if other:
            self.refresh()
        else:
            height = max(len(before), len(now))
            self.repaint_lines(*(y for y in range(height) if before[y : y + 1] != now[y : y + 1]))

    def _most(self) -> int:
        return max(0, len(self.lines) - max(1, self.size.height))

    def on_resize(self) -> None:
        if self.about:
            at_end = self.top >= self._most()
            self.lines = self._make(max(1, self.size.width))
            self.top = self._most() if at_end else min(self.top, self._most())
        self.refresh()

    def line(self, y: int) -> Pieces:
        place = self.top + y
        return filled(list(self.lines[place]) if place < len(self.lines) else [], self.size.width)

    def scroll_lines(self, lines: int) -> None:
        """Moves what is visible."""
        top = max(0, min(self.top + lines, self._most()))
        if top != self.top:
            self.top = top
            self.refresh()

    @property
    def more(self) -> int:
        """How many lines are below what is visible."""
        return max(0, len(self.lines) - self.top - self.size.height)
