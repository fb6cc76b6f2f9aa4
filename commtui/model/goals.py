"""The goal of a campaign as a person types it: `5 posts by 2027-06-01`, `40 replies by fri`."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commtui.model import when
from commtui.model.campaign_records import Goal, GoalKind
from commtui.model.times import WhenError

MOST: Final = 1_000_000_000
FARTHEST: Final = timedelta(days=36_525)
_GOAL: Final = re.compile(r"(\d[\d,]*)\s+([a-z]+)\s+by\s+(.+)", re.IGNORECASE | re.DOTALL)
_WORDS: Final = {
    "post": GoalKind.POSTS,
    "reply": GoalKind.REPLIES,
    "click": GoalKind.CLICKS,
    "follower": GoalKind.FOLLOWERS,
    **{kind.value: kind for kind in GoalKind},
}


class GoalError(ValueError):
    """A text is no goal. `problem`: shape, count (none, or too many), what (`given` is nothing that is counted), past
    (its day is over), far (it is in a hundred years) or time (`error` says what is wrong with the day)."""

    def __init__(self, problem: str, given: str, error: WhenError | None = None) -> None:
        super().__init__(problem, given)
        self.problem, self.given, self.error = problem, given, error


def parse(text: str, now: datetime, zone: str) -> Goal:
    """Returns the goal of a text; its day is a date, or what WHEN takes, in the IANA zone. Raises GoalError."""
    match = _GOAL.fullmatch(text.strip())
    if match is None:
        raise GoalError("shape", text)
    number, word, day = match.groups()
    what = _WORDS.get(word.lower())
    if what is None:
        raise GoalError("what", word)
    count = int(number.replace(",", ""))
    if not 0 < count <= MOST:
        raise GoalError("count", number)
    return Goal(what, count, _day(day.strip(), now, zone))


def _day(text: str, now: datetime, zone: str) -> date:
    today = now.astimezone(ZoneInfo(zone)).date()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        try:
            return when.parse(text, now, zone).at.astimezone(ZoneInfo(zone)).date()
        except WhenError as error:
            raise GoalError("time", text, error) from error
    if day < today:
        raise GoalError("past", text)
    if day - today > FARTHEST:
        raise GoalError("far", text)
    return day
