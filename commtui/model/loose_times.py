"""What dateutil would guess in a date or an offset: rewritten where it has one meaning, refused where it has two."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from commtui.model.times import MONTHS, WhenError

_OFFSET: Final = r"(?ai)(?<![a-z])(?:utc|gmt|z) ?([+-])(\d{1,2})(?::?([0-5]\d))?$"
_NUMBERS: Final = r"(?a)(?<![\w/:.+-])(\d{1,2})([/-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\w/:-])"


def with_offset(text: str) -> str:
    """`text` with `UTC+2` or `GMT-5:30` at its end as an ISO offset; dateutil would reverse the sign."""
    match = re.search(_OFFSET, text)
    if not match or int(match[2]) > 14:
        return text
    return f"{text[: match.start()].rstrip()} {match[1]}{int(match[2]):02}:{match[3] or '00'}".strip()


def offsets(shown: str) -> Callable[[str | None, int | None], int | None]:
    """`tzinfos` for dateutil: takes a numeric offset, raises WhenError for a zone by its letters (CET, EST+5)."""

    def seconds_of(name: str | None, seconds: int | None) -> int | None:
        if name and (seconds is None or seconds != 0):
            raise WhenError(f"{shown} has an unknown zone, {name}: say it as Europe/Berlin or +01:00")
        return seconds

    return seconds_of


def refuse_two_days(text: str, shown: str) -> None:
    """Raises WhenError for a date such as 1/12 or 1-12-2030, which is one day to some and another to others."""
    for match in re.finditer(_NUMBERS, text):
        one, other = int(match[1]), int(match[3])
        if one != other and 1 <= one <= 12 and 1 <= other <= 12:
            days = f"{one} {MONTHS[other - 1]} or {other} {MONTHS[one - 1]}"
            raise WhenError(f"{shown} could be {days}: say which, or write it as 2030-11-27")
