"""The definitions of a report's figures: `commtui report` prints them, and docs/report.md is made from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.model import times
from commtui.triage.report_figures import Goal, Report, figures

NO_NAME: Final = "(none)"
"""How people read the group of what has no tag, say."""
SUMMARY: Final = (
    "inbound", "people", "came_back", "waits", "answered", "answer_rate", "unanswered", "waiting", "overdue", "in_time",
    "in_time_rate",
)  # fmt: skip
"""The figures that are no answer times, in the order of reading."""
TIMES: Final[Mapping[str, str]] = {
    "first": "first answers",
    "next": "later answers",
}
DEFINITIONS: Final[Mapping[str, str]] = {
    "period": "from --since to before --until. A message belongs to it by the time at which it came, by its server; a"
    " wait by the time at which it began, whenever it ended.",
    "inbound": "messages of people, deleted ones too. Those of accounts that their network marks as bots are left out"
    " of everything.",
    "people": "people who wrote; linked authors are one person, and erased ones are not counted.",
    "came_back": "those of them who had written before the period began, too.",
    "waits": "times in which somebody waited for us. A wait begins with the first message that is not answered, or when"
    " somebody reopens the conversation (a snooze that ends reopens one in which nobody waited), and ends when our"
    " reply is sent, or when the conversation is marked as done. Snoozing ends none. Conversations that are muted now"
    " have none.",
    "answered": "waits that a reply of ours ended, at the time at which it was sent. What was answered in another"
    " program is not counted as answered.",
    "answer_rate": "answered in percent of waits, those that go on included, rounded to one decimal, halves up.",
    "first_answers": "answered waits before which no reply of ours was sent in the conversation.",
    "next_answers": "all other answered waits: the later answers.",
    "unanswered": "waits that ended as done, without a reply. They are in no answer time.",
    "waiting": "waits that go on now. They are in no answer time.",
    "overdue": "waits in which an answer was due before they ended, or before now: by the service levels of the config,"
    " without one after 24 working hours.",
    "in_time": "answered waits that had a target by the service levels, and were answered before it was over.",
    "in_time_rate": "these in percent of all waits with a target, except those that go on and are not overdue yet.",
    "before": "the period before, which is as long and ends where this one begins.",
    "answer time": "minutes from the beginning of an answered wait to the reply, in working time (of [hours]) and by"
    " the clock, cut to whole minutes. It is in the group and the period in which the wait began.",
    "median, p90": "by nearest rank: the shortest answer time that at least 50 (90) percent of them do not exceed.",
    "slowest": "the longest answer time.",
    "by account, network": "that of the conversation.",
    "by teammate": "who wrote the answer; where there is none, and for messages, to whom the conversation is assigned.",
    "by campaign": "that whose post the conversation answers: a reply to one of its posts, and what follows in that"
    " conversation, whoever writes.",
    "by tag": "each tag that the conversation has now: one with two counts in both groups.",
    "by level": "the service level that fits the conversation today.",
    "by day": "the day on which the message came or the wait began, by the clocks of the zone of [hours].",
    "by hour": "the hour in which the message came or the wait began, by the clocks of the zone of [hours].",
    "change": "now against the period before, in percent of that; of rates the difference in percentage points.",
    "goal": "what a service level asks for first or for later answers, in working time, and the p90 of these answers."
    " It is met where 90 percent of the waits were answered in time, except those that go on and are not overdue yet.",
    "first answers by time": "first answers by their working time: each in the first row that it does not exceed.",
    "heat map": "inbound by weekday and hour, by the clocks of the zone of [hours].",
    "what is not known": "service levels, tags, assignments and merges are those of today: a conversation that was"
    " merged counts as one from its beginning. A message that its server dates before a done ends with it, though it"
    " may have been fetched later.",
}
"""What each figure means."""


def period(found: Report) -> str:
    """`Sun 1 Nov 2026 00:00 to Tue 1 Dec 2026 00:00 Europe/Berlin`."""
    since, until = (times.echo(at, found.zone) for at in (found.since, found.until))
    return f"{since.removesuffix(f' {found.zone}')} to {until}"


def figure(name: str, value: float | None) -> str:
    """A figure for people, by its name: a number, a rate or an answer time."""
    if name.endswith("_rate"):
        return percent(value)
    return minutes(value) if name.endswith(("_median", "_p90", "_slowest")) else f"{value:,}"


def change(name: str, now: float | None, before: float | None) -> str:
    """How a figure has changed: `+12%`, at most `>999%`; of a rate `+2.5` points; a dash where it was none."""
    if now is None or before is None:
        return "-"
    if name.endswith("_rate"):
        return f"{now - before:+.1f}"
    if not before:
        return "-"
    percents = 100 * (now - before) / before
    return f"{percents:+.0f}%" if percents < 1000 else ">999%"


GOAL_HEADINGS: Final = ("target", "p90", "in time", "overdue", "")


def goal_cells(goal: Goal) -> tuple[str, str, str, str, str]:
    """What a service level asks for and what came of it, in the order of GOAL_HEADINGS; the last says whether it is
    met."""
    got = figures(goal.group)
    met = {True: "met", False: "not met", None: ""}[goal.is_met]
    return minutes(goal.target), minutes(goal.p90), percent(got["in_time_rate"]), f"{got['overdue']:,}", met


def goal_words(goal: Goal) -> str:
    """`press, first answers`."""
    return f"{goal.level}, {TIMES['first' if goal.first else 'next']}"


def minutes(value: float | None) -> str:
    """Returns minutes for people: `45m`, `3h 05m`, `2d 01h`; a dash for none."""
    if value is None:
        return "-"
    whole = int(value)
    if whole < 60:
        return f"{whole}m"
    if whole < 48 * 60:
        return f"{whole // 60}h {whole % 60:02}m"
    return f"{whole // 1440}d {whole % 1440 // 60:02}h"


def percent(value: float | None) -> str:
    """Returns a rate for people: `87.5%`; a dash for none."""
    return "-" if value is None else f"{value}%"
