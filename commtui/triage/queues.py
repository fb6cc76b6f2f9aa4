"""The order of the queue and what leaves next, by doc_ids and single fields: no record is read, no type imported."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime

from commtui.activity.desk import Desk
from commtui.model.clock import to_iso
from commtui.model.states import Lane, OutgoingState, Queue


def waiting(desk: Desk) -> Sequence[int]:
    """The open conversations, who waits longest first."""
    return merged(desk, desk.store.conversations.by_wait(Queue.OPEN), awake(desk))


def awake(desk: Desk) -> list[int]:
    """Conversations that were snoozed until a time that has come: open, though nothing has marked them so."""
    return desk.store.conversations.woken(desk.now)


def overdue(desk: Desk) -> Sequence[int]:
    """Open conversations that wait longer than the config's `answer_within`; the longest first."""
    limit = desk.now - desk.settings.answer_within
    before = to_iso(limit)
    long = late(desk, desk.store.conversations.by_wait(Queue.OPEN), limit)
    return merged(desk, long, [number for number in awake(desk) if desk.store.conversations.since(number) < before])


def late(desk: Desk, numbers: Sequence[int], limit: datetime) -> Sequence[int]:
    """Those of some conversations, who waits longest first, that wait since before a moment."""
    before = to_iso(limit)
    return numbers[: bisect_left(numbers, before, key=lambda number: desk.store.conversations.since(number))]


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
