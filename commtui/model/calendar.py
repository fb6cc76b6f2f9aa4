"""Weeks and months of local days in a zone, and what is wrong with the posts that fall into them. Pure functions.

A day is a date of the zone's clocks: a moment belongs to the day that they show, whether that day has 23, 24 or 25
hours, begins after midnight or is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from msgspec import Struct

from commtui.model.hours import Interval
from commtui.model.times import in_zone, wall_zone

DAY: Final = timedelta(days=1)
WEEK_DAYS: Final = 7
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


class Days(NamedTuple):
    """The days from `first` to before `end`."""

    first: date
    end: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day < self.end

    def each(self) -> Iterator[date]:
        """The days, in order."""
        return (self.first + DAY * number for number in range((self.end - self.first).days))

    def weeks(self) -> list[Days]:
        """The weeks, Monday to Sunday, that have at least one of the days. Raises OverflowError."""
        first = week_of(self.first).first
        return [Days(first + DAY * at, first + DAY * (at + 7)) for at in range(0, (self.end - first).days, WEEK_DAYS)]


def week_of(day: date) -> Days:
    """The week of a day, Monday to Sunday. Raises OverflowError at the ends of the calendar."""
    first = day - DAY * day.weekday()
    return Days(first, first + DAY * WEEK_DAYS)


def month_of(day: date) -> Days:
    """The month of a day. Raises OverflowError for the last one of the calendar."""
    first = day.replace(day=1)
    return Days(first, (first + DAY * 31).replace(day=1))


def month_after(day: date, months: int) -> date:
    """The day of that number so many months later, or earlier; where that month is shorter, its last day. Raises
    OverflowError."""
    number = day.year * 12 + day.month - 1 + months
    if not 12 <= number < 9999 * 12 + 11:  # the last month has no first day after it
        raise OverflowError(f"no such month: {months} from {day}")
    days = month_of(date(number // 12, number % 12 + 1, 1))
    return min(days.first + DAY * (day.day - 1), days.end - DAY)


def day_of(moment: datetime, zone: str) -> date:
    """The day that the clocks of the zone show at a moment."""
    return in_zone(moment, wall_zone(zone)).date()


def span_of(days: Days, zone: str) -> tuple[datetime, datetime]:
    """Two moments, in UTC, between which all moments of these days are; a few of the days beside them may be, too.

    Where clocks go back over midnight a day has two beginnings, and the one before ends after the first of them.
    """
    return min(_midnights(days.first, zone)), max(_midnights(days.end, zone))


def _midnights(day: date, zone: str) -> tuple[datetime, datetime]:
    """The moments that may be a day's midnight, by the clocks before and after a change of theirs."""
    rules = wall_zone(zone)
    try:
        first, second = (datetime.combine(day, time(fold=fold), tzinfo=rules).astimezone(UTC) for fold in (0, 1))
    except OverflowError:
        return (_FIRST, _FIRST) if day.year == 1 else (_LAST, _LAST)
    return first, second


def moved(moment: datetime, by: timedelta) -> datetime:
    """The moment, so much later or earlier; at the ends of the calendar the last one that it has."""
    try:
        return moment + by
    except OverflowError:
        return _FIRST if by < timedelta(0) else _LAST


class ConflictKind(StrEnum):
    """What is wrong with the time of a post."""

    NEAR = "near"
    """Another post of one of its accounts is too near."""
    QUIET = "quiet"
    """It is in quiet hours."""
    TWICE = "twice"
    """One of its accounts has the same text within some days, and not by the same series."""


class Conflict(NamedTuple):
    """One thing that is wrong, and the id of the post with which it is; that is empty for quiet hours."""

    kind: ConflictKind
    other: str = ""


class Planned(NamedTuple):
    """What a post's conflicts depend on."""

    id: str
    at: datetime
    accounts: tuple[str, ...]
    text: str
    is_out: bool
    """It has no conflicts itself any more, but others may have them with it."""
    series: str = ""
    """The series that it was made for: its posts repeat one text on purpose. Empty: none."""


class ConflictRules(Struct, frozen=True):
    """What counts as a conflict."""

    zone: str = "UTC"
    """The IANA zone of the quiet hours."""
    min_gap: timedelta = timedelta(minutes=15)
    """The least time between two posts of one account; 0: any."""
    quiet: tuple[Interval, ...] = ()
    """The minutes of each day in which nothing is to be sent."""
    same_text: timedelta = timedelta(days=7)
    """For how long an account should not repeat a text; 0: it may."""

    @property
    def reach(self) -> timedelta:
        """How far from a post another one can be that is in conflict with it."""
        return max(self.min_gap, self.same_text)


def conflicts(posts: Iterable[Planned], rules: ConflictRules) -> dict[str, tuple[Conflict, ...]]:
    """The conflicts of each post that has some, by its id, in the order of ConflictKind.

    Two posts conflict only by an account that both have: one text on two accounts is none. `other` is the nearest post
    in time, or one of the nearest.
    """
    posts = sorted(posts, key=lambda post: (post.at, post.id))
    found: dict[str, dict[ConflictKind, str]] = {}
    by_account: dict[str, list[Planned]] = {}
    by_text: dict[tuple[str, str], list[Planned]] = {}
    for post in posts:
        words = " ".join(post.text.casefold().split())
        for account in post.accounts:
            by_account.setdefault(account, []).append(post)
            if words:
                by_text.setdefault((account, words), []).append(post)
        if not post.is_out and is_quiet(post.at, rules):
            found.setdefault(post.id, {})[ConflictKind.QUIET] = ""
    near = _nearest(map(pairwise, by_account.values()), lambda gap: gap < rules.min_gap)
    twice = _nearest(map(_repeats, by_text.values()), lambda gap: bool(rules.same_text) and gap <= rules.same_text)
    for kind, pairs in ((ConflictKind.NEAR, near), (ConflictKind.TWICE, twice)):
        for identity, other in pairs.items():
            found.setdefault(identity, {})[kind] = other
    return {
        identity: tuple(Conflict(kind, kinds[kind]) for kind in ConflictKind if kind in kinds)
        for identity, kinds in found.items()
    }


def is_quiet(moment: datetime, rules: ConflictRules) -> bool:
    """Whether a moment is in quiet hours."""
    if not rules.quiet:
        return False
    wall = in_zone(moment, wall_zone(rules.zone))
    minute = wall.hour * 60 + wall.minute
    return any(interval.start <= minute < interval.end for interval in rules.quiet)


def _repeats(group: Sequence[Planned]) -> Iterator[tuple[Planned, Planned]]:
    """Each post of a group, which is in order, with the nearest one before and behind it that is not of its series."""
    for order in (group, group[::-1]):
        last: Planned | None = None  # the one before, and the last that is not of that one's series
        other: Planned | None = None
        for post in order:
            is_like = last is not None and post.series != "" and post.series == last.series
            nearest = other if is_like else last
            if nearest is not None:
                yield (nearest, post) if order is group else (post, nearest)
            last, other = post, nearest


def _nearest(
    groups: Iterable[Iterable[tuple[Planned, Planned]]], is_conflict: Callable[[timedelta], bool]
) -> dict[str, str]:
    """Of each post that is not out and is in conflict within its groups, of pairs in order: the nearest other one."""
    nearest: dict[str, tuple[timedelta, datetime, str]] = {}
    for group in groups:
        for before, after in group:
            gap = after.at - before.at
            if not is_conflict(gap):
                continue
            for post, other in ((before, after), (after, before)):
                entry = (gap, other.at, other.id)
                if not post.is_out and entry < nearest.get(post.id, (timedelta.max, _LAST, "")):
                    nearest[post.id] = entry
    return {identity: other for identity, (_, _, other) in nearest.items()}
