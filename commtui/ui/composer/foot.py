"""The composer's last line: how long the text is, and the keys or what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from commtui.ui.text.rows import Piece, Pieces

WIDE: Final = 60
"""Columns from which on the last line names every key."""


def foot_line(lengths: Sequence[tuple[str, int, int | None]], problem: str, demo: bool, wide: bool) -> Pieces:
    """The line. `lengths`: for each account its name, the length, and its limit."""
    pieces: list[Piece] = [("bar-late", " DEMO ")] if demo else []
    for name, count, most in lengths:
        # always as wide, so that nothing behind it moves; in the text's colours, whose change would cost bytes
        words = f"{count}" if most is None else f"{count:>{len(str(most))}}/{most}"
        over = most is not None and count > most
        if over and most is not None:
            words += f" ({count - most} too many)"
        named = f" {name}" if len(lengths) > 1 or "," in name else ""
        pieces.append(("late" if over else "plain", f" {words}{named} "))
    if problem:
        pieces.append(("bar-late", f" ! {problem}"))
    else:
        pieces.append(("bar-dim", " esc review and send   ctrl+e $EDITOR" if wide else " esc review"))
    return tuple(pieces)
