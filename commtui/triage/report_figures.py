"""What a report consists of, and its figures. Each number names the rows that it counts.

`sentences/report.py` has the definition of each figure, and of each way of grouping.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct

from commtui.model.figures import Spread, rate, spread
from commtui.model.service_levels import Wait

NONE: Final = ""
"""The name of the group of what has no tag, no teammate or an account that the config does not have."""


COUNTED: Final = (
    "inbound", "people", "came_back", "waits", "answered", "first_answers", "next_answers", "unanswered", "waiting",
    "overdue", "in_time",
)  # fmt: skip
"""The figures that are numbers of rows."""
UP_TO: Final = (15, 60, 120, 240, 480, 1440, None)
"""The working minutes by which first answers are counted; None: longer."""


class By(StrEnum):
    """How a report is grouped."""

    ACCOUNT = "account"
    NETWORK = "network"
    TEAMMATE = "teammate"
    TAG = "tag"
    CAMPAIGN = "campaign"
    """That whose post the conversation answers."""
    DAY = "day"
    HOUR = "hour"
    LEVEL = "level"
    """The service level that fits the conversation."""


class Waited(NamedTuple):
    """A time in which somebody waited for us: a row of the report."""

    id: str
    """The mention with which it began; the conversation, where a reopening began it."""
    conversation: str
    wait: Wait
    by: str | None
    """Who wrote the answer that ended it; None: none did."""
    clock: int
    """Minutes from its begin to the answer; 0 without one."""
    working: int
    """The same in working minutes."""
    has_target: bool
    """Whether that has a target for this answer."""
    overdue: bool
    """Whether an answer was due before it ended, or is due since before now."""


class Group(Struct):
    """What belongs together in a report."""

    name: str
    inbound: list[str]
    people: set[str]
    returned: set[str]
    waits: list[Waited]


class Day(NamedTuple):
    """A day of a report."""

    day: date
    """By the clocks of the report's zone."""
    inbound: list[str]
    answered: list[str]
    """The answered waits that began on it."""


class Goal(NamedTuple):
    """What a service level asks for first or for later answers, and the waits that it is asked for."""

    level: str
    first: bool
    target: int
    """Working minutes."""
    group: Group

    @property
    def p90(self) -> int | None:
        """The working minutes within which 90 percent of the answers came; None: there is none."""
        return spread([row.working for row in self.group.waits if row.wait.answered]).p90

    @property
    def is_met(self) -> bool | None:
        """Whether 90 percent of the waits that are decided were answered in time; None: none is decided.

        Who got no answer counts, too: the p90 of the answers alone is the better, the more people wait in vain.
        """
        decided = len(_decided(self.group))
        return 10 * len(_in_time(self.group)) >= 9 * decided if decided else None


class Slot(NamedTuple):
    """First answers that took about as long."""

    up_to: int | None
    """Working minutes, as in UP_TO: more than in the slot before."""
    ids: list[str]


class Report(NamedTuple):
    """A report on [since, until)."""

    since: datetime
    until: datetime
    zone: str
    """The IANA zone whose hours are counted: that of the working hours."""
    by: By | None
    whole: Group
    groups: list[Group]
    """Sorted by name; without `by` none."""
    before: Group
    """All of the period before, which is as long."""
    heat_map: dict[tuple[int, int], list[str]]
    """The messages of the period by weekday (0: Monday) and hour, by their ids."""
    days: list[Day]
    """Every day of the period, in their order."""
    goals: list[Goal]
    """One for each target of the service levels, in the order of the config."""


def figures(group: Group) -> dict[str, int | float | None]:
    """Every figure of a group, by its name: numbers, minutes, and the rate in percent."""
    answered = [row for row in group.waits if row.wait.answered]
    numbers: dict[str, int | float | None] = {name: len(ids) for name, ids in rows(group).items()}
    numbers["answer_rate"] = rate(len(answered), len(group.waits))
    numbers["in_time_rate"] = rate(len(_in_time(group)), len(_decided(group)))
    for name, first in (("first", True), ("next", False)):
        chosen = [row for row in answered if row.wait.first is first]
        numbers |= _spread_figures(f"{name}_working", spread([row.working for row in chosen]))
        numbers |= _spread_figures(f"{name}_clock", spread([row.clock for row in chosen]))
    return numbers


def _in_time(group: Group) -> list[str]:
    return [row.id for row in group.waits if row.wait.answered and row.has_target and not row.overdue]


def _decided(group: Group) -> list[str]:
    """The waits with a target of which it is known whether the answer came in time."""
    return [row.id for row in group.waits if row.has_target and (row.wait.until is not None or row.overdue)]


def _spread_figures(name: str, found: Spread) -> dict[str, int | float | None]:
    return {f"{name}_median": found.median, f"{name}_p90": found.p90, f"{name}_slowest": found.slowest}


def rows(group: Group) -> dict[str, list[str]]:
    """The ids that each number counts, by the figure's name. A conversation that was reopened twice is there twice."""
    answered = [row for row in group.waits if row.wait.answered]
    counted: tuple[list[str], ...] = (
        group.inbound,
        sorted(group.people),
        sorted(group.returned),
        [row.id for row in group.waits],
        [row.id for row in answered],
        [row.id for row in answered if row.wait.first],
        [row.id for row in answered if not row.wait.first],
        [row.id for row in group.waits if row.wait.until is not None and not row.wait.answered],
        [row.id for row in group.waits if row.wait.until is None],
        [row.id for row in group.waits if row.overdue],
        _in_time(group),
    )
    return dict(zip(COUNTED, counted, strict=True))


def first_answer_times(group: Group) -> list[Slot]:
    """How soon first answers came, in working time: a slot for each of UP_TO."""
    answers = [row for row in group.waits if row.wait.answered and row.wait.first]
    slots, more_than = [], -1
    for up_to in UP_TO:
        chosen = [row.id for row in answers if row.working > more_than and (up_to is None or row.working <= up_to)]
        slots.append(Slot(up_to, chosen))
        more_than = up_to or 0
    return slots


def most_of(numbers: Sequence[int]) -> int:
    """The largest of some numbers, at least 1: what plots are scaled to."""
    return max((*numbers, 1))
