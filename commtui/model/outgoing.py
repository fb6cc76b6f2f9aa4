"""What an outgoing item becomes at a step: pure functions of its record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from msgspec.structs import replace

from commtui.model.records import Act, Media, Outgoing
from commtui.model.states import LEAVING, OutgoingState, Reason, transition
from commtui.model.times import in_zone, known_zone
from commtui.model.visibility import Visibility
from commtui.model.wall_clock import moment_of

if TYPE_CHECKING:
    from commtui.model.when import When

ON_ITS_WAY: Final = LEAVING | {OutgoingState.SENDING, OutgoingState.UNKNOWN}
"""States in which the network may have it by the time that a backup is restored."""
ENDED: Final = frozenset((OutgoingState.SENT, OutgoingState.DISCARDED))


class Content(NamedTuple):
    """What a person sees of a text before it is sent: two windows that show equal ones show the same."""

    text: str
    spoiler: str
    visibility: Visibility
    media: tuple[Media, ...]
    at: datetime | None


def content_of(item: Outgoing) -> Content:
    """The content of an item; the end of a hold window is no time that anybody chose."""
    at = None if item.hold_window else item.scheduled_at
    media = tuple(replace(file, remote_id=None) for file in item.media)  # an upload changes nothing of it
    return Content(item.text, item.spoiler, item.visibility, media, at)


def at_time(item: Outgoing, when: When) -> Outgoing:
    """The item with a time that somebody chose."""
    return replace(item, scheduled_at=when.at, zone=when.zone, local_at=when.wall, shifted_from=None, hold_window=False)


def by_the_clock(item: Outgoing) -> Outgoing:
    """The item at the wall time that it was meant for, by the rules of its zone as this machine knows them; the same
    one where that is the time that it has, or where the zone is not known here."""
    rules = known_zone(item.zone or "")
    if item.scheduled_at is None or not item.local_at or item.hold_window or rules is None:
        return item
    try:
        wall = datetime.fromisoformat(item.local_at).replace(tzinfo=None)
        if in_zone(item.scheduled_at, rules).replace(tzinfo=None) == wall:  # of two, the one that it has
            return item
        at = moment_of(wall, rules)
    except (ValueError, OverflowError):
        return item
    return item if at == item.scheduled_at else replace(item, scheduled_at=at, shifted_from=item.scheduled_at)


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
        failing_since=None,
        error=None,
        reason=None,
        read_backs=0,
        look_alikes=(),
    )


def after_pause(item: Outgoing, now: datetime, hold: timedelta, overdue: timedelta) -> Outgoing:
    """The held item once its campaign goes on: due at its own time, at the earliest after a hold window.

    What is past its time by `overdue` follows its late policy: it is held or skipped for being late, or is published
    in its turn, apart from other late ones, as after a restart.
    """
    freed = replace(item, state=transition(item.state, "release"), reason=None)
    if item.scheduled_at is None or item.hold_window:
        return fresh_start(freed, now + hold)
    if item.scheduled_at <= now - overdue and item.after is None and item.late in ("hold", "skip"):
        event = "stop" if item.late == "hold" else "skip"
        return replace(freed, state=transition(freed.state, event), reason=Reason.LATE, next_try_at=None)
    soon = item.scheduled_at < now + hold
    return replace(freed, next_try_at=now + hold if soon else None, failing_since=None, error=None)


def on_request(item: Outgoing) -> Outgoing:
    """The item after a person said that it is to be sent, though an earlier try of it may have arrived."""
    return replace(item, resend=True) if item.doubts else item


_Item = TypeVar("_Item", bound=Outgoing | Act)


def after_restore(item: _Item) -> _Item:
    """The item of a backup, held until a person has looked if it was on its way when the backup was made.

    Whatever was not out then may be out since: before it is sent, the network is asked for it.
    """
    if item.state in ENDED:
        return item
    if item.state in ON_ITS_WAY:
        item = replace(item, state=OutgoingState.HELD, reason=Reason.RESTORED, next_try_at=None)
    if isinstance(item, Outgoing):
        since = item.doubtful_since or item.created_at
        return replace(item, doubts=max(item.doubts, 1), doubtful_since=since, resend=True, look_alikes=())
    return item
