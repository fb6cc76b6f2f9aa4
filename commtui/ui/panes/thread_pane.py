"""The reader: the thread of a conversation, or a post. As a preview it follows the cursor of the panes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual.app import ComposeResult
from textual.timer import Timer

from commtui.ui.snapshot import Snapshot
from commtui.ui.text.cells import TEXT_MOST
from commtui.ui.text.parts import Part
from commtui.ui.widgets.detail import Detail
from commtui.ui.widgets.lines import Box, OneLine

REST: Final = 0.15
"""Seconds that the cursor rests before the preview follows: a held `j` must not repaint it at every step."""


class ThreadPane(Box):
    """It owns what is shown, and whether it is open: open, it has the focus; else it is a preview."""

    def __init__(self, snapshot: Snapshot, changed: Callable[[], None], key_of: Callable[[str], str]) -> None:
        """`changed` is called when another thread or post is shown; `key_of`: the key of a command."""
        super().__init__(id="reading")
        self._changed = changed
        self._snapshot = snapshot
        self._key_of = key_of
        self.is_open = False
        """Whether it has the keys; else it is a preview."""
        self._rest: Timer | None = None
        self.title_line = OneLine()
        self.text = Detail(self._parts)

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.text

    def show_parts(self, shown: bool) -> None:
        """Shows title and text, or leaves their place to the composer."""
        for widget in (self.title_line, self.text):
            if widget.display != shown:
                widget.display = shown

    @property
    def about(self) -> str | None:
        """The id of what is shown."""
        return self.text.about

    @property
    def open_about(self) -> str | None:
        """The id of what is shown, if it is open."""
        return self.text.about if self.is_open else None

    def show(self, about: str | None) -> None:
        """Shows a thread, or a post, as it is now."""
        from commtui.ui.text.thread import title_of  # the first rows do without

        if about != self.text.about:
            self._changed()
        self.text.show(about)
        # the preview's first line names the person: a title that stays costs nothing at each row
        role, title = ("title-here", title_of(self._snapshot.desk, about)) if self.is_open else ("title", " Preview ")
        self.title_line.say(((role, title),), role)

    def preview(self, about: str | None) -> None:
        """Shows a thread as a preview; one that is open stays."""
        if not self.is_open:
            self.show(about)

    def preview_soon(self, pointed: Callable[[], str | None]) -> None:
        """Shows the cursor's thread as a preview once the cursor rests. `pointed` gives its id then."""
        if self.is_open:
            return
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST, lambda: self.preview(pointed()))

    def renew(self) -> None:
        """Shows again what is shown."""
        if self.about:
            self.show(self.about)

    def _parts(self, width: int) -> list[Part]:
        from commtui.ui.text.thread import parts_of

        context = self._snapshot.row_context(min(width, TEXT_MOST))
        return parts_of(self._snapshot.desk, self.about or "", context, self._key_of("merge"))
