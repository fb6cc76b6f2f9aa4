"""Another time for what is not sent yet: an absolute one, or one relative to the time that it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.activity.errors import BadTime
from commtui.activity.moments import when_of
from commtui.activity.outcome import Outcome
from commtui.activity.parts import MARKED_MOST, PART, in_parts
from commtui.activity.refusals import NoTimeToMove
from commtui.model.clock import to_iso
from commtui.model.moves import parse_move
from commtui.model.outgoing import at_time, on_request
from commtui.model.records import Outgoing
from commtui.model.slots import is_next_slot
from commtui.model.states import HELD_BY_CAMPAIGN, LEAVING, OutgoingState, transition
from commtui.model.times import WhenError, wall_text
from commtui.model.when import When
from commtui.outgoing.changes import Ids, change
from commtui.outgoing.checks import check
from commtui.outgoing.slots import next_slots
from commtui.outgoing.stacked import count_others, minute_of

APART: Final = timedelta(minutes=15)
"""Between posts of one account that are moved to one time: they are never sent in the same minute by accident."""
EARLIEST: Final = datetime.min.replace(tzinfo=UTC)


def times_of(desk: Desk, named: Ids, at: str | datetime, apart: timedelta = APART) -> dict[str, When]:
    """Returns when each item would be sent. `at`: WHEN, or a move of the time that it has (`+1d`, `-30m`, `same hour
    fri`; what has no time is moved from now), or `next slot`, of which each post gets one. Posts of one account that
    would leave in one minute are `apart`, in the order in which they are scheduled now. Raises BadTime, NoSlot."""
    items = _items(desk, named)
    if isinstance(at, str) and is_next_slot(at):
        return next_slots(desk, items)
    try:
        move = parse_move(at) if isinstance(at, str) else None
        if move is not None:
            zones = {item.id: item.zone or desk.zone for item in items}
            moved = {item.id: move.applied(item.scheduled_at or desk.now, desk.now, zones[item.id]) for item in items}
            times = _spread_moved(items, moved, apart)
            return {identity: _in_zone(at, zones[identity]) for identity, at in times.items()}
    except WhenError as error:
        raise BadTime(error) from error
    return _spread(items, when_of(desk, at), apart)


def _in_zone(at: datetime, zone: str) -> When:
    return When(at, zone, wall_text(at, zone))


def _spread(items: Sequence[Outgoing], when: When, apart: timedelta) -> dict[str, When]:
    places: dict[str, int] = {}
    times = {}
    for item in sorted(items, key=_order):
        place = places.get(item.account, 0)
        if item.conversation is None:  # replies go to different people
            places[item.account] = place + 1
        times[item.id] = _in_zone(when.at + place * apart, when.zone) if place else when
    return times


def _spread_moved(items: Sequence[Outgoing], moved: Mapping[str, datetime], apart: timedelta) -> dict[str, datetime]:
    """Those of one account whose minute has another one already leave `apart` later, or as often later as it takes."""
    times = dict(moved)
    taken: set[tuple[str, datetime]] = set()
    free: dict[tuple[str, datetime], datetime] = {}
    for item in sorted(items, key=lambda item: (minute_of(moved[item.id]), *_order(item))):
        if item.conversation is not None:
            continue
        first = (item.account, minute_of(moved[item.id]))
        at = free.get(first, moved[item.id])
        while (item.account, minute_of(at)) in taken:
            at += apart
        taken.add((item.account, minute_of(at)))
        free[first], times[item.id] = at + apart, at
    return times


def _order(item: Outgoing) -> tuple[datetime, datetime]:
    return item.scheduled_at or EARLIEST, item.created_at


def reschedule(
    desk: Desk,
    named: Ids,
    at: str | datetime,
    apart: timedelta = APART,
    from_now: bool = False,
    *,
    anyway: bool = False,
) -> Outcome:
    """Schedules it for another time (see `times_of`). The outcome counts the other posts that leave in
    these minutes, for up to MARKED_MOST items. `from_now`: a move applies to drafts without a time, too. What a paused
    campaign holds gets the time and stays held, but for `anyway`. Raises BadTime, NoSlot, NoTimeToMove, WrongItemState,
    CannotSend."""
    if isinstance(at, str) and is_next_slot(at) and len(named) <= PART:
        with desk.store.write(durable=False):  # another process must not take the same slot meanwhile
            return _reschedule(desk, named, at, apart, from_now, anyway)
    return _reschedule(desk, named, at, apart, from_now, anyway)


def _reschedule(desk: Desk, named: Ids, at: str | datetime, apart: timedelta, from_now: bool, anyway: bool) -> Outcome:
    times = times_of(desk, named, at, apart)  # of all: how far they are apart depends on the others
    if not from_now and isinstance(at, str) and parse_move(at) is not None:
        timeless = [item.id for item in _items(desk, named) if is_timeless(item)]
        if timeless:
            raise NoTimeToMove(timeless)
    when = min(times.values(), key=lambda when: when.at)
    first, last = when.at, max(when.at for when in times.values())
    outcome = in_parts(desk, named, lambda part: _move(desk, part, times, to_iso(first), anyway))
    items = _items(desk, named)
    stays_held = sum(item.reason in HELD_BY_CAMPAIGN for item in items)
    others = 0
    if apart and len(times) <= MARKED_MOST:
        posts = [item for item in items if item.conversation is None and item.state in LEAVING]
        others = count_others(desk, [(item.account, times[item.id].at) for item in posts], times)
    return replace(
        outcome,
        leaves_at=first,
        when=when,
        last_leaves_at=last if last > first else None,
        others=others,
        stays_held=stays_held,
    )


def _move(desk: Desk, named: Ids, times: Mapping[str, When], detail: str, anyway: bool) -> Outcome:
    def changed(item: Outgoing) -> Outgoing:
        if item.state is OutgoingState.HELD and item.reason in HELD_BY_CAMPAIGN and not anyway:
            return at_time(item, times[item.id])
        if item.state in (OutgoingState.DRAFT, OutgoingState.APPROVED):
            check(desk.store, item)
        new = transition(item.state, "reschedule")
        return replace(
            at_time(item if item.state in LEAVING else on_request(item), times[item.id]),
            state=new,
            next_try_at=None,
            failing_since=None,
            error=None,
            reason=None,
            force=item.force or (anyway and item.campaign is not None),
        )

    return change(desk, "reschedule", named, changed, detail=detail)


def is_timeless(item: Outgoing) -> bool:
    """Returns whether it is a draft that has no time yet."""
    return item.state is OutgoingState.DRAFT and item.scheduled_at is None


def publish(desk: Desk, named: Ids) -> Outcome:
    """Schedules it for the end of a new hold window."""
    return reschedule(desk, named, desk.now + desk.settings.hold, apart=timedelta(0), anyway=True)


def _items(desk: Desk, named: Ids) -> list[Outgoing]:
    """Returns the items, each once: a post may be named beside its variants."""
    items = [item for given in named for item in resolve.outgoing(desk.store, given)]
    return list({item.id: item for item in items}.values())
