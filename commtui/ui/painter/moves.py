"""Control sequences that move the cursor, in the fewest bytes."""

from __future__ import annotations


def absolute(y: int, x: int) -> str:
    """To row `y`, column `x`, both from 0."""
    if not x:
        return f"\x1b[{y + 1}H" if y else "\x1b[H"
    return f"\x1b[{y + 1 if y else ''};{x + 1}H"


def steps(by: int, forward: str, back: str) -> str:
    """So many cells forward, or back if negative, by these final letters of a control sequence."""
    far = abs(by)
    return f"\x1b[{'' if far == 1 else far}{forward if by > 0 else back}"


def along(now: int | None, x: int) -> str:
    """Within the row: from column `now` (None: unknown) to `x`."""
    if now == x:
        return ""
    if not x:
        return "\r"
    if now is None:
        return f"\x1b[{x + 1}G"
    way = steps(x - now, "C", "D")
    if 0 < now - x < len(way):
        return "\b" * (now - x)
    return min(way, "\r" + steps(x, "C", "D"), f"\x1b[{x + 1}G", key=len)
