"""The order of the queue and what leaves next, by doc_ids and single fields: no record is read, no type imported."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from commtui.model.clock import to_iso
from commtui.triage.desk import Desk


def waiting(desk: Desk) -> Sequence[int]:
    """The open conversations, who waits longest first."""
    return merged(desk, desk.store.ordered("conversations", "_queue", "open", "since"), awake(desk))


def awake(desk: Desk) -> list[int]:
    """Conversations that were snoozed until a time that has come: open, though nothing has marked them so."""
    asleep = desk.store.ordered("conversations", "_queue", "snoozed", "_wake")
    now = to_iso(desk.now)
    return list(asleep[: bisect_left(asleep, now, key=lambda number: field(desk, number, "_wake"))])


def overdue(desk: Desk) -> Sequence[int]:
    """Open conversations that wait longer than the config's `answer_within`; the longest first."""
    before = to_iso(desk.now - desk.settings.answer_within)
    marked = desk.store.ordered("conversations", "_queue", "open", "since")
    late = marked[: bisect_left(marked, before, key=lambda number: field(desk, number, "since"))]
    return merged(desk, late, [number for number in awake(desk) if field(desk, number, "since") < before])


def merged(desk: Desk, unbroken: Sequence[int], woken: Sequence[int]) -> Sequence[int]:
    """`unbroken`, which is sorted by `since`, with the few `woken` ones in their places."""
    if not woken:
        return unbroken
    found = list(unbroken)
    for number in woken:
        since = field(desk, number, "since")
        found.insert(bisect_left(found, since, key=lambda other: field(desk, other, "since")), number)
    return found


def next_post(desk: Desk) -> int | None:
    """The post that leaves next."""
    return next(iter(desk.store.ordered("outgoing", "_state", "marketing:scheduled", "_at")), None)


def field(desk: Desk, number: int, name: str) -> str:
    """One field of a conversation's document, as it is kept; empty for none."""
    document = desk.store.document("conversations", number)
    return "" if document is None else str(document[name])
