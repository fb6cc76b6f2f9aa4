"""Parses a time as a person writes it, in that person's zone."""

from __future__ import annotations

from datetime import datetime

from commtui.activity.desk import Desk
from commtui.activity.errors import BadTime
from commtui.model import times, when
from commtui.model.when import When


def moment(desk: Desk, at: str | datetime) -> datetime:
    """Returns the time that a WHEN means, in UTC. Raises BadTime."""
    return at if isinstance(at, datetime) else when_of(desk, at).at


def when_of(desk: Desk, at: str | datetime | When) -> When:
    """Returns the time that a WHEN means, and how it was meant; a moment is in the person's zone. Raises BadTime."""
    if isinstance(at, When):
        return at
    if isinstance(at, datetime):
        return When(at, desk.zone, times.wall_text(at, desk.zone))
    try:
        return when.parse(at, desk.now, desk.zone)
    except times.WhenError as error:
        raise BadTime(error) from error
