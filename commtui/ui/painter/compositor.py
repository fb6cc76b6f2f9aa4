"""Textual's compositor, in which a question about a place changes nothing of what is drawn, and in which widgets follow
their new size before they are drawn with it.

Textual arranges all widgets anew when it is asked where a widget is after one was shown or scrolled, and takes that map
for the one on the screen (`Compositor.full_map`, Textual 8.2). The layout that is due then finds nothing changed: rows
stay as they were, and a widget that was just shown is drawn before it has a size.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from textual._compositor import Compositor, CompositorMap, ReflowResult
from textual.errors import NoWidget
from textual.geometry import Size
from textual.map_geometry import MapGeometry
from textual.widget import Widget


@runtime_checkable
class Placed(Protocol):
    """A widget that is told of its new size before it is drawn."""

    def placed(self) -> None:
        """It has another size, or was just shown."""
        ...


class SteadyCompositor(Compositor):
    """Keeps the map that was made for a question apart from the one that was laid out, and calls `placed`."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: CompositorMap | None = None

    @property
    def full_map(self) -> CompositorMap:
        """Where every widget will be after the layout that is due."""
        if self.root is None:
            return {}
        if self._full_map_invalidated:
            self._full_map_invalidated = False
            self._asked, _ = self._arrange_root(self.root, self.size, visible_only=False)
        return self._full_map if self._asked is None else self._asked

    def find_widget(self, widget: Widget) -> MapGeometry:
        """Where a widget will be. NoWidget: nowhere."""
        if self._asked is None or self._full_map_invalidated:
            return super().find_widget(widget)
        if widget not in self._asked:
            raise NoWidget("Widget is not in layout")
        return self._asked[widget]

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lays out all widgets; what was hidden, shown and resized since the last layout."""
        self._asked = None
        result = super().reflow(parent, size)
        for widget in result.shown | result.resized:
            if isinstance(widget, Placed):
                widget.placed()
        self.update_widgets(set(self.visible_widgets))  # what they painted again is part of this frame
        return result

    def reflow_visible(self, parent: Widget, size: Size) -> set[Widget]:
        """Lays out the widgets in sight; which of them came into it."""
        self._asked = None
        return super().reflow_visible(parent, size)

    def clear(self) -> None:
        self._asked = None
        super().clear()
