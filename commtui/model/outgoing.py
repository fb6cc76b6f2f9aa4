"""What an outgoing item becomes at a step: pure functions of its record."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from commtui.model.records import Outgoing


def fresh_start(item: Outgoing, earliest: datetime) -> Outgoing:
    """The item due at its own time, at the earliest at the end of a hold window, without traces of earlier tries.

    Its count of tries stays.
    """
    at = max(item.scheduled_at, earliest) if item.scheduled_at else earliest
    return replace(
        item,
        scheduled_at=at,
        hold_window=at == earliest,
        next_try_at=None,
        error=None,
        reason=None,
        checks=0,
        read_backs=0,
    )
