"""What dateutil would guess in a date, a span or an offset: rewritten where it has one meaning, refused with two.

Whatever is given to dateutil comes through here first, for times to come (when_reader.py) and past ones (past_time.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Final

from commtui.model import dateutil_errors
from commtui.model.spans import UNIT
from commtui.model.times import MONTHS, WhenError, find_zone

_ZONE: Final = r"(?ai)(?:(.*)\s)?([a-z][a-z0-9_+-]*(?:/[a-z][a-z0-9_+-]*)+|utc|gmt)"
_NAMED_OFFSET: Final = r"(?ai)(?:^|(?<=[\s\d]))\(?(?:utc|gmt|z) ?([+-][\d:.]+)\)?$"
_BARE_OFFSET: Final = r"(?a)(?:^|(?<=\s))([+-](?:\d{1,2}:|\d{2})\d{2})$|(?<=\d:\d\d)([+-]\d{1,2}:?\d{2})$"
_OFFSET: Final = r"(?a)([+-])(\d{1,2}(?=:|$)|\d{2})(?::?([0-5]\d))?"
_NUMBERS: Final = r"(?a)(?<![\w/:.+-])(\d{1,2})([/-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\w/:-])"
_SPACED: Final = r"(?a)(?<=\d)\s+([/.])\s+(?=\d)"
_YEAR_FIRST: Final = r"(?a)(?<![\w/:.+-])(\d{4})([./])\s?(\d{1,2})\2\s?(\d{1,2})\.?(?![\w/:-])"
_SHORT_YEAR: Final = r"(?a)(?<![\w/:.+-])\d{1,2}-\d{1,2}-\d{1,2}(?![\w/:-])"
_LOOSE_SPAN: Final = rf"(?a)\d ?{UNIT}(?![a-z])"
_HOUR_AND_MINUTES: Final = r"(?a)(?<!\d)(\d{1,2}) ?h ?(\d{2})$"
"""14h30, a clock time in French and a span to others."""
_HALF_DAY: Final = r"(?ai)([-+\d:.]*\d) ?([ap])\.?(?:m\.?)?(?![a-z])(?! ?[ap]\.?m)|[ap]\.?m\.? [ap]\.?m"
"""What stands before am and pm, a and p; and two of these."""
_OF_TWELVE: Final = r"(?a)(?:0?[1-9]|1[0-2])(?:(?::[0-5]?\d){1,2}|\.[0-5]\d)?"
_MINUS: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"), "-")


def plain(text: str) -> str:
    """`text` on one line, with the digits and signs of ASCII in place of other scripts', and no commas at words' ends.

    A date that begins with a year of four digits is written with hyphens: whatever stands between, the month is next.
    """
    words = unicodedata.normalize("NFKC", text.translate(_MINUS)) if not text.isascii() else text
    words = "".join(_ascii_digit(letter) for letter in words) if not words.isascii() else words
    words = " ".join(re.sub(r",(?=\s|$)", " ", words).split())
    words = re.sub(_SPACED, r"\1", words)
    return re.sub(_YEAR_FIRST, lambda date: f"{date[1]}-{int(date[3]):02}-{int(date[4]):02}", words)


def _ascii_digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def split_zone(words: str, zone: str) -> tuple[str, str]:
    """The words before an IANA name, UTC or GMT at their end, and that name; without one, `zone`. Raises WhenError."""
    match = re.fullmatch(_ZONE, words)
    return (match[1] or "", find_zone(match[2])) if match else (words, zone)


def split_offset(words: str, shown: str) -> tuple[str, timezone | None]:
    """The words before an offset at their end (`UTC+2`, `GMT-5:30`, `+05:30`), and that offset, ahead of UTC.

    dateutil would reverse the sign of the named ones. Raises WhenError for an offset that no place on earth has.
    """
    match = re.search(_NAMED_OFFSET, words) or re.search(_BARE_OFFSET, words)
    if not match:
        return words, None
    given = next(filter(None, match.groups()))
    offset = re.fullmatch(_OFFSET, given)
    minutes = int(offset[2]) * 60 + int(offset[3] or 0) if offset else 0
    if not offset or minutes > (840 if offset[1] == "+" else 720):
        raise WhenError(f"{shown} has an unknown offset, {given}: say it as +02:00 or UTC+2, from -12:00 to +14:00")
    return words[: match.start()].strip(), timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))


def offsets(shown: str) -> Callable[[str | None, int | None], int | None]:
    """`tzinfos` for dateutil: takes a numeric offset, raises WhenError for a zone by its letters (CET, EST+5)."""

    def seconds_of(name: str | None, seconds: int | None) -> int | None:
        if name and (seconds is None or seconds != 0):
            raise WhenError(f"{shown} has an unknown zone, {name}: say it as Europe/Berlin or +01:00")
        return seconds

    return seconds_of


def with_named_months(text: str, shown: str) -> str:
    """`text` with its months by name in dates such as 13/12 or 13-12-2030, of which one number can be no month.

    Raises WhenError for a date such as 1/12 or 1-12-2030, which is one day to some and another to others.
    """

    def named(match: re.Match[str]) -> str:
        one, other, year = int(match[1]), int(match[3]), match[4] or ""
        if not 1 <= min(one, other) <= 12:
            return match[0]
        if one != other and max(one, other) <= 12:
            days = f"{one} {MONTHS[other - 1]} or {other} {MONTHS[one - 1]}"
            raise WhenError(f"{shown} could be {days}: say which, or write it as 2030-11-27")
        century = "20" if len(year) == 2 else ""
        return f"{max(one, other)} {MONTHS[min(one, other) - 1].lower()} {century}{year}".rstrip()

    words = re.sub(_NUMBERS, named, text)
    if re.search(_SHORT_YEAR, text):
        raise WhenError(f"{shown} could begin or end with the year: write that in four digits, as in 2030-11-27")
    return words


def with_hours(text: str, unread: str) -> str:
    """`text` with its times before am and pm, a and p, as 9:30pm. Raises WhenError, which says `unread`, for an hour
    that is none of twelve.

    dateutil reads 13pm as 13:00, 0pm as 12:00, and 9.30pm as 21:00.
    """

    def checked(match: re.Match[str]) -> str:
        if not match[1] or not re.fullmatch(_OF_TWELVE, match[1]):
            raise WhenError(unread)
        return f"{match[1].replace('.', ':')}{match[2]}m"

    return re.sub(_HALF_DAY, checked, text)


def parsed(words: str, shown: str, unread: str, *defaults: datetime, dayfirst: bool = False) -> list[datetime]:
    """What dateutil reads, once for each of `defaults`, which have the parts that the words leave out.

    Raises WhenError, which says `unread` where dateutil reads nothing, or an offset that is none.
    """
    from dateutil.parser import parser  # 31 ms

    zones = offsets(shown)

    def read(default: datetime) -> datetime:
        moment = parser().parse(words, dayfirst=dayfirst, default=default, tzinfos=zones)
        moment.utcoffset()
        return moment

    return [dateutil_errors.read(partial(read, default), unread) for default in defaults]


def refuse_loose_spans(text: str, shown: str) -> None:
    """Raises WhenError for `1h30`, a span or a clock time, and for what is a span only in part, such as `2 hours 3`.

    dateutil reads them as clock times.
    """
    if match := re.search(_HOUR_AND_MINUTES, text):
        raise WhenError(f"{shown} could be a span or a time: say {match[1]}h{match[2]}m, or {match[1]}:{match[2]}")
    if re.search(_LOOSE_SPAN, text):
        raise WhenError(f"{shown} is neither a span nor a date: say 30m, 2h, 1h30m or 3d, or 2030-11-27 09:00")
