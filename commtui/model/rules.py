"""Rules: which event each waits for, when that comes, and whose turn it is. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from commtui.model import ids
from commtui.model.clock import to_iso

if TYPE_CHECKING:  # every command reads the config, and few count working time
    from commtui.model.hours import Hours

_MINUTE: Final = timedelta(minutes=1)
ACTOR: Final = "rule:"
"""What stands before a rule's name where the log names who did a step."""


class Trigger(StrEnum):
    """What makes a rule run."""

    MENTION = "mention"
    """A new mention came in."""
    UNANSWERED = "unanswered"
    """Somebody has waited for us for some time."""
    AT_RISK = "at-risk"
    """Most of the time in which our answer is due has passed."""
    OVERDUE = "overdue"
    """Our answer is overdue."""


def actor(rule: str) -> str:
    """Who did the steps of a rule, for the log."""
    return f"{ACTOR}{rule}"


def state_id(rule: str) -> str:
    """The id of what is known of a rule."""
    return ids.derived(ids.RULE, rule)


def run_id(rule: str, conversation: str, trigger: Trigger, event: str) -> str:
    """The id of a rule's run for an event: equal in every process, after a restart and after a restore."""
    return ids.derived(ids.RULE_RUN, rule, conversation, trigger.value, event)


def wait_event(since: datetime) -> str:
    """What names the wait that began at a moment."""
    return to_iso(since)


def due_at(since: datetime, after: timedelta, hours: Hours | None) -> datetime | None:
    """When somebody who waits since a moment has waited for `after`; by these hours, if some are given.

    None: the hours do not have as many minutes within ten years.
    """
    if hours is None:
        return since + after
    from commtui.model.hours import add_minutes

    return add_minutes(hours, since, after // _MINUTE)


def next_in_turn(names: Sequence[str], last: str) -> str:
    """Who comes after `last` among `names`, which has one at least; the first where `last` is not among them."""
    return names[(names.index(last) + 1) % len(names)] if last in names else names[0]
