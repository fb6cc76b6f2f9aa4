"""What an outgoing item becomes at a step: pure functions of its record."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeVar

from msgspec.structs import replace

from commtui.model.records import Act, Outgoing
from commtui.model.states import LEAVING, OutgoingState, Reason

ON_ITS_WAY: Final = LEAVING | {OutgoingState.SENDING, OutgoingState.UNKNOWN}
"""States in which the network may have it by the time that a backup is restored."""


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


_Item = TypeVar("_Item", bound=Outgoing | Act)


def after_restore(item: _Item) -> _Item:
    """The item of a backup, held until a person has looked if it was on its way when the backup was made."""
    if item.state not in ON_ITS_WAY:
        return item
    return replace(item, state=OutgoingState.HELD, reason=Reason.RESTORED, next_try_at=None)
