"""The order of the queue and what leaves next, by doc_ids and single fields: no record is read, no type imported."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from commtui.activity.desk import Desk
from commtui.model.clock import to_iso
from commtui.model.states import Lane, OutgoingState, Queue


def waiting(desk: Desk) -> Sequence[int]:
    """The open conversations, who waits longest first."""
    return merged(desk, desk.store.conversations.by_wait(Queue.OPEN), awake(desk))


def awake(desk: Desk) -> list[int]:
    """Conversations that were snoozed until a time that has come: open, though nothing has marked them so."""
    return desk.store.conversations.woken(desk.now)


def overdue(desk: Desk, most: int) -> Sequence[int]:
    """The open conversations that wait longer than the config's `answer_within`, at most so many, the longest first."""
    limit = desk.now - desk.settings.answer_within
    return merged(desk, desk.store.conversations.open_since(limit, most=most), _woken_overdue(desk))[:most]


def overdue_count(desk: Desk) -> int:
    """How many open conversations wait longer than the config's `answer_within`."""
    limit = desk.now - desk.settings.answer_within
    return desk.store.conversations.count_open_since(limit) + len(_woken_overdue(desk))


def _woken_overdue(desk: Desk) -> list[int]:
    before = to_iso(desk.now - desk.settings.answer_within)
    return [number for number in awake(desk) if desk.store.conversations.since(number) < before]


def merged(desk: Desk, unbroken: Sequence[int], woken: Sequence[int]) -> Sequence[int]:
    """`unbroken`, which is sorted by `since`, with the few `woken` ones in their places."""
    if not woken:
        return unbroken
    found = list(unbroken)
    for number in woken:
        found.insert(bisect_left(found, place(desk, number), key=lambda other: place(desk, other)), number)
    return found


def place(desk: Desk, number: int) -> tuple[str, int]:
    """What sorts a conversation: since when the person waits."""
    return desk.store.conversations.since(number), number


def next_post(desk: Desk) -> int | None:
    """The post that leaves next."""
    return next(iter(desk.store.outgoing.in_state(Lane.MARKETING, OutgoingState.SCHEDULED)), None)
