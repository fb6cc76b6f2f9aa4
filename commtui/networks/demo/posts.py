"""Our own posts that stand in the calendar when the demo begins."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from commtui.networks.demo.scenes import CalendarEntry
from commtui.networks.demo.script import CALENDAR


class DemoPost(Struct, frozen=True):
    """A post of ours in the demo's calendar. `at` None: a draft without a time."""

    text: str
    at: datetime | None
    campaign: str | None = None
    repeat: str = ""


def demo_posts(start: datetime) -> tuple[DemoPost, ...]:
    """The calendar of a demo that begins at `start` (aware): three posts with a time, one draft, one series.

    The first goes out a few minutes later, so that somebody who watches sees it sent.
    """
    return tuple(DemoPost(entry.text, _time_of(entry, start), entry.campaign, entry.repeat) for entry in CALENDAR)


def _time_of(entry: CalendarEntry, start: datetime) -> datetime | None:
    if entry.minutes is not None:
        return start + timedelta(minutes=entry.minutes)
    if entry.time_of_day is None:
        return None
    day = start + timedelta(days=entry.days)
    return day.replace(hour=entry.time_of_day.hour, minute=entry.time_of_day.minute, second=0, microsecond=0)
