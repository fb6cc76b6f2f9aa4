"""Whether keys come quickly, one after another: what is costly to paint waits until they pause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual.timer import Timer
from textual.widget import Widget

PAUSE: Final = 0.5
"""Seconds without a step after which the next one is no quick one."""


class Pace:
    """`step` at each step; `paused` is called once they have paused."""

    def __init__(self, widget: Widget, paused: Callable[[], None]) -> None:
        self._widget, self._paused = widget, paused
        self._timer: Timer | None = None

    def step(self) -> bool:
        """Whether this step follows another one quickly."""
        quick = self._timer is not None
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._widget.set_timer(PAUSE, self._end) if self._widget.is_attached else None
        return quick

    def _end(self) -> None:
        self._timer = None
        self._paused()
