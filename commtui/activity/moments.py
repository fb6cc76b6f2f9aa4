"""Parses a time as a person writes it, in that person's zone."""

from __future__ import annotations

from datetime import datetime

from commtui.activity.desk import Desk
from commtui.activity.errors import BadTime
from commtui.model import times, when


def moment(desk: Desk, at: str | datetime) -> datetime:
    """Returns the time that a WHEN means, in UTC. Raises BadTime."""
    if isinstance(at, datetime):
        return at
    try:
        return when.parse(at, desk.now, desk.zone).at
    except times.WhenError as error:
        raise BadTime(error) from error
