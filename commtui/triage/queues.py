"""The order of the queue, and the next post. It uses doc_ids and indexed fields only, and reads no record."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from math import inf
from typing import Any, Final

from commtui.activity.desk import Desk
from commtui.model.clock import from_iso, to_iso
from commtui.model.states import Lane, Order, OutgoingState, Queue

REMOVED: Final = {order: -inf if order is Order.NEWEST else "" for order in Order}
"""What sorts a conversation that was removed, before all others: the values of an order are numbers or texts."""


def open_by_wait(desk: Desk) -> Sequence[int]:
    """Returns the open conversations, the longest waiting first."""
    return open_sorted(desk, Order.WAIT)


def open_sorted(desk: Desk, order: Order, at_once: int | None = None) -> Sequence[int]:
    """Returns the open conversations in some order. `at_once`: how many are read at most, if all must be read anew;
    see `is_reading`."""
    return desk.store.conversations.sorted_by(order, Queue.OPEN, at_once=at_once, also=woken(desk))


def is_reading(desk: Desk, order: Order) -> bool:
    """Whether `open_sorted` returned what stood there before, or not all yet: the next call goes on."""
    return desk.store.conversations.is_reading(order, Queue.OPEN)


def woken(desk: Desk) -> list[int]:
    """Returns the conversations whose snooze has ended. They count as open, though the store has them as snoozed."""
    return desk.store.conversations.woken(desk.now)


def overdue(desk: Desk, most: int) -> Sequence[int]:
    """Returns up to `most` open conversations that wait longer than the config allows, longest first."""
    limit = desk.now - desk.settings.answer_within
    return merged(desk, desk.store.conversations.open_since(limit, most=most), _woken_overdue(desk))[:most]


def overdue_count(desk: Desk) -> int:
    """Returns the number of open conversations that wait longer than the config's `answer_within`."""
    limit = desk.now - desk.settings.answer_within
    return desk.store.conversations.count_open_since(limit) + len(_woken_overdue(desk))


def next_overdue(desk: Desk) -> datetime | None:
    """Returns when another open conversation will wait longer than the config allows; None: none will."""
    store, within = desk.store.conversations, desk.settings.answer_within
    numbers = store.open_since(desk.now + within, at_least=desk.now - within, most=1)
    return from_iso(store.since(numbers[0])) + within if numbers else None


def _woken_overdue(desk: Desk) -> list[int]:
    before = to_iso(desk.now - desk.settings.answer_within)
    return [number for number in woken(desk) if desk.store.conversations.since(number) < before]


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
