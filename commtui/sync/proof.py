"""When a text whose answer was lost may be sent again without a person's word, and when it is looked for again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from commtui.model.abilities import Proofs
from commtui.model.records import Outgoing
from commtui.model.states import Reason
from commtui.networks.base import Absence

SETTLED: Final = timedelta(minutes=5)
"""How long after its try a text that arrived is shown by a server whose lists prove anything."""
GAPS: Final = (5.0, 25.0, 270.0)
"""Seconds from one look to the next: at 0 s, 5 s, 30 s and 5 min after the loss."""
SOONEST, LONGEST = timedelta(minutes=5), timedelta(hours=8)
"""Between two later looks, which double. There are three a day in the end: each reads several lists."""
UNANSWERED_AT_FIRST, UNANSWERED = timedelta(minutes=4), timedelta(hours=1)
"""The gaps while the network does not answer, within the first hour and later. A key proves for less than an hour, and
only a look at which the network answers sends again."""
LOOKED_FOR: Final = timedelta(days=3)
"""After that a network that does not show it is not asked again: a person decides."""


def may_send_again(item: Outgoing, proofs: Proofs, seen: Absence | None, now: datetime) -> bool:
    """Whether it is proven that the one doubtful try of the item's life did not arrive, or that a repeat is harmless.

    `seen`: the read-back that just did not find it.
    """
    if item.doubts != 1 or item.doubtful_since is None or item.reason == Reason.OTHER_ENGINE:
        return False
    if seen is not None and seen.look_alikes:
        return False
    age = now - item.doubtful_since
    if age < SETTLED:  # also where our clock was set back since
        return False
    kept = proofs.key_seconds is None or age <= timedelta(seconds=proofs.key_seconds)
    if item.visibility in proofs.key and kept:
        return True
    return seen is not None and seen.complete and item.visibility in proofs.listed


def next_look(item: Outgoing, now: datetime, answered: bool) -> datetime | None:
    """When the network is asked again; None: not again. `answered`: whether it answered just now.

    Counted from the last try: what a person retries after days is looked for like any other.
    """
    if item.read_backs < len(GAPS):
        return now + timedelta(seconds=GAPS[item.read_backs])
    age = now - (item.sending_since or item.doubtful_since or item.created_at)
    if answered and age > LOOKED_FOR:
        return None
    if not answered:
        return now + (UNANSWERED_AT_FIRST if age < UNANSWERED else UNANSWERED)
    return now + min(max(age, SOONEST), LONGEST)


def is_decided(item: Outgoing) -> bool:
    """Whether the looks after which a network that shows texts at once would have shown it are over."""
    return item.read_backs >= len(GAPS)
