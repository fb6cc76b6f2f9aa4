"""When what is scheduled will be sent, in words."""

from __future__ import annotations

from datetime import datetime

from commtui.activity.outcome import Outcome
from commtui.model import times
from commtui.sentences.naming import Naming
from commtui.sentences.wall_clock import irregular_words


def leaves(outcome: Outcome, naming: Naming) -> str:
    """Returns when the scheduled items will be sent."""
    if outcome.leaves_at is None:
        return "not scheduled"
    several = outcome.verb != "post" and max(outcome.total, len(outcome.ids)) > 1
    if outcome.hold_window:
        return f"{'send' if several else 'sends'} {soon(outcome.leaves_at, naming.now)}"
    last = f" to {naming.time(outcome.last_leaves_at)}" if outcome.last_leaves_at else ""
    when = outcome.when
    words = irregular_words(when.at, when.zone, when.wall) if when else ""
    return f"{'go' if several else 'goes'} out {naming.time(outcome.leaves_at)}{last}{f' ({words})' if words else ''}"


def soon(at: datetime, now: datetime) -> str:
    """Returns `in 10s`, or `now`."""
    countdown = times.countdown(at, now)
    return countdown if countdown == "now" else f"in {countdown}"


def others_leave(count: int) -> str:
    """Returns that so many other posts of the same account leave in the same minute."""
    return f"{count} other of this account leaves then" if count == 1 else f"{count} others of this account leave then"
