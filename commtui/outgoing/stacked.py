"""Posts of one account that leave in the same minute."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from commtui.activity.desk import Desk

MINUTE: Final = timedelta(minutes=1)


def minute_of(at: datetime) -> datetime:
    """Returns the beginning of the minute that a time is in."""
    return at.replace(second=0, microsecond=0)


def count_others(desk: Desk, leaving: Iterable[tuple[str, datetime]], own: Collection[str]) -> int:
    """Returns how many posts that are to be sent, those with an id in `own` left out, share account (its id) and minute
    with one of `leaving`. Replies don't count: they go to different people."""
    found: set[str] = set()
    for account, minute in {(account, minute_of(at)) for account, at in leaving}:
        items = desk.store.outgoing.due_between(account, minute, minute + MINUTE)
        found.update(item.id for item in items if item.conversation is None)
    return len(found.difference(own))
