"""The mouse: its reports, and what becomes of them. Only presses and the wheel are asked for, never motion."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from textual.events import Event

ON: Final = "\x1b[?1000h\x1b[?1006h"
"""Presses, releases and the wheel (1000), written as decimal numbers (1006)."""
OFF: Final = "\x1b[?1006l\x1b[?1000l"
DOUBLE: Final = 0.5
"""Seconds within which a second press at the same place makes a double click."""

Kind = Literal["click", "double", "up", "down"]
_REPORT: Final = re.compile(r"\x1b\[<([0-9]{1,5});([0-9]{1,5});([0-9]{1,5})([Mm])")
_BUTTONS: Final[dict[int, Kind]] = {0: "click", 64: "up", 65: "down"}
"""Button codes without modifier keys and without motion: the left button, and the wheel."""


class Report(NamedTuple):
    """A press of the left button, or a step of the wheel, at a cell counted from 0."""

    kind: Kind
    x: int
    y: int


class Pointer(Event, bubble=False):
    """What the person did with the mouse, at a cell of the screen. `kind`: click, double, up or down (the wheel)."""

    def __init__(self, kind: Kind, x: int, y: int) -> None:
        super().__init__()
        self.kind, self.x, self.y = kind, x, y


def is_report(sequence: str) -> bool:
    """Whether a control sequence is a report of the mouse, of whatever kind."""
    return _REPORT.fullmatch(sequence) is not None


def read(sequence: str) -> Report | None:
    """What a report says. None for releases, motion, other buttons, and presses with shift, alt or ctrl."""
    match = _REPORT.fullmatch(sequence)
    if match is None or match[4] == "m":
        return None
    button, x, y = int(match[1]), int(match[2]), int(match[3])
    kind = _BUTTONS.get(button)
    return Report(kind, x - 1, y - 1) if kind and x and y else None


class Clicks:
    """Tells double clicks. `now` is a monotonic time in seconds."""

    def __init__(self) -> None:
        self._last: tuple[float, Report] | None = None

    def pointer(self, report: Report, now: float) -> Pointer:
        """The event of a report. A third press at the same place is a first one again."""
        kind, before = report.kind, self._last
        self._last = (now, report) if kind == "click" else None
        if kind == "click" and before and before[1] == report and now - before[0] <= DOUBLE:
            kind, self._last = "double", None
        return Pointer(kind, report.x, report.y)
