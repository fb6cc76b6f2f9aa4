"""The times in a query: of `since:` and `until:` days and weeks in words, dates, moments, spans before now; of `due:`
spans from now, and days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

from commtui.model.loose_times import plain, split_zone
from commtui.model.spans import SPAN, parse_span
from commtui.model.times import LONGEST, MONTHS, WhenError, find_zone, quoted, wall_zone

DUE_EXAMPLES: Final = "say <2h (within two hours), >1d (later than in a day), today or tomorrow"
EXAMPLES: Final = "say 2h, 3d, today, yesterday, monday, last week, 2026-11-27 or 2026-11-27T13:30Z"
FAR: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""A moment after all others, to learn whether a text is a time."""
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_MONTH: Final = r"(?a)(\d{4})-(\d{2})"
_NAMED_MONTH: Final = r"(?a)([a-z]{3})[a-z]* (\d{4})"
_CLOCK: Final = r"(?a)\d{2}:\d{2}"


class Period(NamedTuple):
    """From `begin` to before `end`, in UTC; both are the same for a moment."""

    begin: datetime
    end: datetime


@lru_cache(maxsize=64)
def period(text: str, now: datetime, zone: str) -> Period:
    """The time that a text means in an IANA zone, whose clocks say when a day begins.

    `today`, `yesterday`; a weekday: the last one, today's too; `last monday`: the one before today; `this` or `last`
    `week` (from Monday), `month` or `year`; a date, or a month as 2026-11; a moment; a time of the day: the last one;
    or a span before now. Raises WhenError, for the same texts at every time.
    """
    if len(text) > LONGEST:
        raise WhenError(f"{quoted(text)} is too long for a time: {EXAMPLES}")
    words, zone = split_zone(plain(text).lower(), find_zone(zone))
    rules = wall_zone(zone)
    try:
        days = _days(words, now.astimezone(rules).date())
        if days is not None:
            return Period(_midnight(days[0], rules), _midnight(days[1], rules))
        return _moment(words, now, rules)
    except (OverflowError, ValueError):
        raise WhenError(f"{quoted(text)} cannot be read as a time: {EXAMPLES}") from None


@lru_cache(maxsize=64)
def due(text: str, now: datetime, zone: str) -> Period:
    """The time in which an answer is due by `due:`: `<2h` up to two hours from now (also what was due before), `>1d`
    later than a day from now, `today`, `tomorrow`. Raises WhenError, for the same texts at every time."""
    sign, span = text[:1], text[1:].strip()
    if sign in ("<", ">") and re.fullmatch(SPAN, span):
        moment = _utc(_after(now, parse_span(span)))
        return Period(_FIRST, moment) if sign == "<" else Period(moment, _LAST)
    if text in ("today", "tomorrow"):
        rules = wall_zone(zone)
        day = now.astimezone(rules).date() + _DAY * (text == "tomorrow")
        return Period(_midnight(day, rules), _midnight(day + _DAY, rules))
    raise WhenError(f"{quoted(text)} is no time in which an answer is due: {DUE_EXAMPLES}")


def _after(now: datetime, span: timedelta) -> datetime:
    try:
        return now + span
    except OverflowError:
        return _LAST


def _midnight(day: date, rules: tzinfo) -> datetime:
    return _utc(datetime.combine(day, time(), tzinfo=rules))


def _utc(moment: datetime) -> datetime:
    """In UTC; at the ends of the calendar the last moment that it has."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return _FIRST if moment.year == 1 else _LAST


def _days(words: str, today: date) -> tuple[date, date] | None:
    """The first day that is meant, and the first one after; None for what is no name of days and no date."""
    if words in ("today", "yesterday"):
        day = today - _DAY * (words == "yesterday")
        return day, day + _DAY
    which, _, name = words.rpartition(" ")
    if which in ("this", "last") and name in ("week", "month", "year"):
        return _calendar(name, today, last=which == "last")
    from commtui.model.when_reader import WEEKDAYS

    if which in ("", "last", "on") and name in WEEKDAYS:
        back = (today.weekday() - WEEKDAYS[name]) % 7
        day = today - _DAY * (7 if which == "last" and not back else back)
        return day, day + _DAY
    if month := re.fullmatch(_MONTH, words):
        return _calendar("month", date(int(month[1]), int(month[2]), 1), last=False)
    if (month := re.fullmatch(_NAMED_MONTH, words)) and month[1].title() in MONTHS:
        return _calendar("month", date(int(month[2]), MONTHS.index(month[1].title()) + 1, 1), last=False)
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day, day + _DAY


def _calendar(unit: str, day: date, *, last: bool) -> tuple[date, date]:
    """The week, month or year of a day, or the one before that."""

    def first(day: date) -> date:
        if unit == "week":
            return day - _DAY * day.weekday()
        return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)

    begin = first(day)
    if last:
        return first(begin - _DAY), begin
    return begin, first(begin + _DAY * {"week": 7, "month": 31, "year": 366}[unit])


def _moment(words: str, now: datetime, rules: tzinfo) -> Period:
    """A moment, or the day of a date in another form. Raises ValueError; never because of `now`."""
    if re.fullmatch(SPAN, words.removesuffix(" ago")):
        return _instant(_before(now, parse_span(words.removesuffix(" ago"))))
    if re.fullmatch(_CLOCK, words):
        today = datetime.combine(now.astimezone(rules).date(), time.fromisoformat(words), tzinfo=rules)
        return _instant(today if today <= now else today - _DAY)
    try:
        moment = datetime.fromisoformat(words.upper())
    except ValueError:
        if not re.search(r"(?a)\d{4}", words):  # what is left out would depend on the present day
            raise
        from commtui.model.past_time import parse

        moment = parse(words, FAR, str(rules)).astimezone(rules)
        if moment.time() == time() and ":" not in words:
            return Period(_utc(moment), _midnight(moment.date() + _DAY, rules))
    return _instant(moment if moment.tzinfo else moment.replace(tzinfo=rules))


def _instant(moment: datetime) -> Period:
    return Period(_utc(moment), _utc(moment))


def _before(now: datetime, span: timedelta) -> datetime:
    try:
        return now - span
    except OverflowError:
        return _FIRST
