"""Lengths of time as text: `10s`, `1h30m`, `2 days`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from commtui.model.times import LONGEST, WhenError, quoted

UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
"""Seconds of each unit."""
# Patterns stay text until they are used: compiling them all costs 8 ms, and most commands read no time.
UNIT: Final = r"(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)"
SPAN: Final = rf"(?a)(?:\d{{1,9}} ?{UNIT}(?![a-z]) ?)+"
_PART: Final = rf"(?a)(\d+) ?({UNIT})"


def span_parts(text: str, shown: str) -> dict[str, int]:
    """Unit (s m h d w) -> count. Raises WhenError, which shows `shown`, for a unit that occurs twice."""
    parts: dict[str, int] = {}
    for count, unit in re.findall(_PART, text):
        if unit[0] in parts:
            raise WhenError(f"{shown} has the same unit twice: say 30m, 2h or 1h30m")
        parts[unit[0]] = int(count)
    return parts


def parse_span(text: str) -> timedelta:
    """The length that `10s`, `30m`, `1h30m`, `2 days` means; a day is 24 hours here. Raises WhenError."""
    low = " ".join(text[:LONGEST].lower().split())
    if not re.fullmatch(SPAN, low) or len(text.strip()) > LONGEST:
        raise WhenError(f"{quoted(text)} is no length of time: say 10s, 30m, 2h, 1h30m, 3d or 1w")
    try:
        return timedelta(seconds=sum(UNITS[unit] * count for unit, count in span_parts(low, quoted(text)).items()))
    except OverflowError:
        raise WhenError(f"{quoted(text)} is too long: say 10s, 30m, 2h, 1h30m, 3d or 1w") from None


def span_text(span: timedelta) -> str:
    """The shortest text that parse_span reads as `span`, down to whole seconds. Raises ValueError below zero."""
    if span < timedelta(0):
        raise ValueError(f"a length below zero: {span!r}")
    seconds = span // timedelta(seconds=1)
    parts = []
    for unit in "wdhms":
        count, seconds = divmod(seconds, UNITS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
