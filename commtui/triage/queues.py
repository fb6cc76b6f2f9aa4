"""The order of the queue, and the next post. It uses doc_ids and indexed fields only, and reads no record."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from math import inf
from typing import Any, Final

from commtui.activity.desk import Desk
from commtui.config.settings import Settings
from commtui.model.clock import from_iso, to_iso
from commtui.model.states import Lane, Order, OutgoingState, Queue
from commtui.store.conversations import NEVER

REMOVED: Final = {order: -inf if order is Order.NEWEST else "" for order in Order}
"""What sorts a conversation that was removed, before all others: the values of an order are numbers or texts."""


def default_order(settings: Settings) -> Order:
    """Returns what sorts conversations unless a person chooses: what is due next where there are service levels, else
    who waits longest."""
    return Order.DUE if settings.has_service_levels else Order.WAIT


def open_sorted(desk: Desk, order: Order, at_once: int | None = None) -> Sequence[int]:
    """Returns the open conversations in some order. `at_once`: how many are read at most, if all must be read anew;
    see `is_reading`."""
    return desk.store.conversations.sorted_by(order, Queue.OPEN, at_once=at_once, also=woken(desk))


def is_reading(desk: Desk, order: Order) -> bool:
    """Whether `open_sorted` returned what stood there before, or not all yet: the next call goes on."""
    return desk.store.conversations.is_reading(order, Queue.OPEN)


def woken(desk: Desk) -> list[int]:
    """Returns the open conversations whose snooze or mute has ended. The store has them as snoozed or muted."""
    now, away = desk.now, desk.store.away
    return [*away.woken(now), *away.mute_ended(now, Queue.OPEN)]


def back(desk: Desk) -> list[int]:
    """Returns the conversations whose snooze or mute has ended, open or not."""
    return [*woken(desk), *waiting_again(desk)]


def waiting_again(desk: Desk) -> list[int]:
    """Returns the conversations that wait for them and whose mute has ended. The store has them as muted."""
    return desk.store.away.mute_ended(desk.now, Queue.WAITING)


def overdue(desk: Desk, most: int) -> Sequence[int]:
    """Returns up to `most` open conversations in which our answer is overdue, the longest first."""
    due = desk.store.conversations.due_before(desk.now, most=most)
    return merged(desk, due, _woken_overdue(desk), Order.DUE)[:most]


def late_counts(desk: Desk) -> tuple[int, int]:
    """Returns the number of open conversations in which our answer is overdue, and of those in which it is at risk."""
    conversations, now = desk.store.conversations, to_iso(desk.now)
    overdue = conversations.count_due_before(desk.now)
    at_risk = conversations.count_at_risk_before(desk.now) - overdue if desk.settings.has_service_levels else 0
    numbers = woken(desk)
    due, risk = conversations.due_times(numbers), conversations.risk_times(numbers)
    overdue += sum(at < now for at in due.values())
    at_risk += sum(at < now <= due.get(number, "") for number, at in risk.items())
    return overdue, max(0, at_risk)  # below zero while some are computed anew after service levels were added


def due_within(desk: Desk, span: timedelta) -> int:
    """Returns the number of open conversations in which our answer is due before a span has passed, or overdue."""
    conversations, before = desk.store.conversations, desk.now + span
    woken_ones = sum(at < to_iso(before) for at in conversations.due_times(woken(desk)).values())
    return conversations.count_due_before(before) + woken_ones


def next_due(desk: Desk) -> tuple[int, datetime] | None:
    """Returns the open conversation in which our answer is due next, and when; None: no answer will be due."""
    conversations = desk.store.conversations
    moments = _to_come(desk, conversations.next_due(desk.now), conversations.due_times)
    return (moments[0][1], from_iso(moments[0][0])) if moments else None


def next_change(desk: Desk) -> datetime | None:
    """Returns when another open conversation will be overdue or at risk; None: none will."""
    conversations = desk.store.conversations
    due = _to_come(desk, conversations.next_due(desk.now), conversations.due_times)
    risk = _to_come(desk, conversations.next_at_risk(desk.now), conversations.risk_times)
    return from_iso(min(due + risk)[0]) if due or risk else None


def _to_come(
    desk: Desk, first: int | None, times: Callable[[Sequence[int]], Mapping[int, str]]
) -> list[tuple[str, int]]:
    """Returns the times to come of the `first` conversation and of those that have woken, the soonest first."""
    now = to_iso(desk.now)
    found = times([*woken(desk), *([] if first is None else [first])])
    return sorted((at, number) for number, at in found.items() if now <= at < NEVER)


def _woken_overdue(desk: Desk) -> list[int]:
    now = to_iso(desk.now)
    return [number for number, at in desk.store.conversations.due_times(woken(desk)).items() if at < now]


def merged(desk: Desk, in_order: Sequence[int], few: Sequence[int], order: Order = Order.WAIT) -> Sequence[int]:
    """Returns `in_order`, which is sorted so, with the `few` others inserted in order."""
    if not few:
        return in_order
    numbers = list(in_order)
    for number in few:
        key = sort_key(desk, number, order)
        numbers.insert(bisect_left(numbers, key, key=lambda other: sort_key(desk, other, order)), number)
    return numbers


def sort_key(desk: Desk, number: int, order: Order = Order.WAIT) -> tuple[Any, int]:
    """Returns what sorts a conversation: the order's value (since when its author waits), then the order in which they
    came. One that was removed sorts first."""
    return desk.store.conversations.sort_keys(order, [number]).get(number, (REMOVED[order], 0))


def next_post(desk: Desk) -> int | None:
    """Returns the post that will be sent next."""
    return next(iter(desk.store.outgoing.in_state(Lane.MARKETING, OutgoingState.SCHEDULED)), None)
