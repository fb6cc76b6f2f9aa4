"""A time as a person writes it, read in that person's zone."""

from __future__ import annotations

from datetime import datetime

from commtui.activity.desk import Desk
from commtui.activity.errors import Usage
from commtui.model import when


def moment(desk: Desk, at: str | datetime) -> datetime:
    """A WHEN as a moment. Raises Usage."""
    if isinstance(at, datetime):
        return at
    try:
        return when.parse(at, desk.now, desk.zone).at
    except when.WhenError as error:
        raise Usage(str(error)) from error
