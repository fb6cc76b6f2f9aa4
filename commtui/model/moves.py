"""Moves of a time that is set already: `+1d`, `-30m`, `2h later`, `same hour fri`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from commtui.model import spans, when
from commtui.model.times import LONGEST, WhenError, echo, in_zone, quoted, wall_zone
from commtui.model.wall_clock import moment_of

_SPAN: Final = spans.SPAN.removeprefix("(?a)")
_SIGNED: Final = rf"(?a)([+-]) ?({_SPAN})"
_WORDED: Final = rf"(?a)({_SPAN}) ?(later|earlier)"
_SAME: Final = r"(?:(.*?) )?(?:at the )?same (?:hour|time)(?: (.*))?"
TOMORROW: Final = "tomorrow"
LAST_MINUTE: Final = "23:59"
"""With it a day that has begun is still to come."""


class Move(Struct, frozen=True):
    """By how much a time moves: `days` keep its wall time, `seconds` are elapsed; or `day`, its hour on another day."""

    days: int = 0
    seconds: int = 0
    day: str = ""
    """The day as in a WHEN, without a time."""

    def applied(self, at: datetime, now: datetime, zone: str) -> datetime:
        """The moved time, in UTC. Raises WhenError if it is not after `now`, or too far away."""
        rules = wall_zone(zone)
        wall = in_zone(at, rules).replace(tzinfo=None)
        try:
            if self.day:
                date = in_zone(when.parse(f"{self.day} {LAST_MINUTE}", now, zone).at, rules).date()
                moved = moment_of(datetime.combine(date, wall.time()), rules)
            else:
                start = moment_of(wall + timedelta(days=self.days), rules) if self.days else at
                moved = start + timedelta(seconds=self.seconds)
        except OverflowError:
            raise WhenError("too far away") from None
        if moved <= now:
            raise WhenError(f"{echo(moved, zone, now)} has passed")
        return moved


def parse_move(text: str) -> Move | None:
    """The move that a text means; None if it is no move but a time. Raises WhenError for one of zero."""
    low = " ".join(text[: LONGEST + 1].lower().split())
    if match := re.fullmatch(_SIGNED, low):
        sign, span = match[1], match[2]
    elif match := re.fullmatch(_WORDED, low):
        sign, span = "-" if match[2] == "earlier" else "+", match[1]
    elif match := re.fullmatch(_SAME, low):
        return Move(day=" ".join(filter(None, (match[1], match[2]))) or TOMORROW)
    else:
        return None
    parts = spans.span_parts(span, quoted(text))
    factor = -1 if sign == "-" else 1
    days = parts.get("w", 0) * 7 + parts.get("d", 0)
    seconds = sum(parts.get(unit, 0) * spans.UNITS[unit] for unit in "hms")
    if not days and not seconds:
        raise WhenError(f"{quoted(text)} moves nothing: say +15m, -2h, +1d")
    return Move(days=factor * days, seconds=factor * seconds)
