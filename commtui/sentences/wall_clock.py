"""What is said of a time where clocks change, or where the rules of its zone did."""

from __future__ import annotations

from datetime import datetime

from commtui.model.outgoing import ENDED
from commtui.model.records import Outgoing
from commtui.model.times import known_zone
from commtui.model.wall_clock import Irregular, irregular, moment_of


def irregular_words(at: datetime, zone: str, wall: str) -> str:
    """Returns what the clocks of a zone made of the wall time (ISO 8601) that a moment was meant as; else nothing."""
    rules = known_zone(zone)
    try:
        meant = datetime.fromisoformat(wall).replace(tzinfo=None)
    except ValueError:
        return ""
    kind = irregular(meant, rules) if rules else None
    if rules is None or kind is None or moment_of(meant, rules) != at:
        return ""
    if kind is Irregular.TWICE:
        return f"{meant:%H:%M} comes twice that day: this is the first"
    return f"{meant:%H:%M} does not exist that day: this is the first minute after the gap"


def clock_words(item: Outgoing) -> str:
    """Returns what clocks and the rules of its zone made of the time of an item that is not sent yet; else nothing."""
    if item.scheduled_at is None or item.zone is None or item.hold_window or item.state in ENDED:
        return ""
    words = [irregular_words(item.scheduled_at, item.zone, item.local_at)]
    if item.shifted_from is not None:
        before, now = (f"{at:%H:%M}" for at in (item.shifted_from, item.scheduled_at))
        words.append(f"the rules of {item.zone} have changed: the same time by the clock, {now} UTC, was {before} UTC")
    return "; ".join(filter(None, words))
