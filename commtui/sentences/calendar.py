"""What is wrong with a post's time, in words; the names of weeks, months and days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from commtui.model.calendar import Conflict, ConflictKind, Days, month_of, week_of
from commtui.model.text import number_of
from commtui.model.times import DAYS, MONTHS

WORDS: Final[Mapping[ConflictKind, str]] = {
    ConflictKind.NEAR: "too near",
    ConflictKind.QUIET: "quiet hours",
    ConflictKind.TWICE: "same text",
}


def conflict_words(conflicts: Iterable[Conflict]) -> str:
    """`too near, quiet hours`; empty where nothing is wrong."""
    return ", ".join(WORDS[conflict.kind] for conflict in conflicts)


def day_name(day: date, today: date) -> str:
    """`Mon 30 Nov`, with the year where that is another one than today's."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}{year}"


def period_name(days: Days, today: date) -> str:
    """`week 49, Mon 30 Nov to Sun 6 Dec`; `December` in short and its year; else the first day and the last."""
    if days == month_of(days.first):
        return f"{MONTHS[days.first.month - 1]} {days.first.year}"
    last = max(days.first, days.end.fromordinal(days.end.toordinal() - 1))
    named = day_name(days.first, today) + (f" to {day_name(last, today)}" if last > days.first else "")
    return f"week {days.first.isocalendar().week}, {named}" if days == week_of(days.first) else named


def counts(posts: int, conflicts: int) -> str:
    """`12 posts, 2 conflicts`."""
    return number_of(posts, "post") + (f", {number_of(conflicts, 'conflict')}" if conflicts else "")
