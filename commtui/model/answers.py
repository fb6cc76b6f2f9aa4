"""The events that start and stop a conversation's clock (model/service_levels.py), from the log. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from commtui.model.service_levels import Event

OPEN, DONE = "open", "done"
JOINING: Final = ("merge", "split")
"""Steps that change which texts belong together: what they make of a status is nobody's decision on it."""


class StatusChange(NamedTuple):
    """A step that changed the status of a conversation, since when it waits, or whether only bots do."""

    op_id: str
    undoes: str | None
    """The op_id of the step that this one takes back."""
    at: datetime
    verb: str
    by_program: bool
    """Whether no person and no rule did it: a message arrived, or a reply was refused."""
    conversation: str
    status: str | None
    """The new one; None: it stayed."""
    since: datetime | None
    """The new one; None: it stayed."""
    bots_before: bool | None
    """Whether only bots waited before it; None: that stayed."""


def steps_events(
    changes: Sequence[StatusChange], bots_only: Mapping[str, bool], now: datetime
) -> dict[str, list[tuple[datetime, Event]]]:
    """DONE and REOPENED of each conversation, from the changes in the order of the log. `bots_only`: whether only
    bots wait in it now.

    A step that was taken back never was. A conversation that is snoozed while it waits for them is reopened at the end
    of its snooze, unless something else changes it before, or the end is after `now`. Where only bots wait, a reopening
    starts no clock.
    """
    taken_back = _taken_back(changes)
    bots = _bots_after(changes, bots_only)
    found: dict[str, list[tuple[datetime, Event]]] = {}
    wakes: dict[str, datetime] = {}
    for change, by_bots in zip(changes, bots, strict=True):
        if change.status is None and change.since is None:
            continue
        if change.undoes is not None or (change.op_id, change.conversation) in taken_back:
            continue
        events = found.setdefault(change.conversation, [])
        wake = wakes.pop(change.conversation, None)
        if wake is not None and change.at >= wake:
            events.append((wake, Event.REOPENED))
        if change.verb in JOINING:
            continue
        if change.status == DONE:
            events.append((change.at, Event.DONE))
        elif change.since is None or change.by_program or by_bots or change.status not in (None, OPEN):
            continue
        elif change.since > change.at:
            wakes[change.conversation] = change.since
        else:
            events.append((change.at, Event.REOPENED))
    for conversation, wake in wakes.items():
        if wake <= now:
            found[conversation].append((wake, Event.REOPENED))
    return {conversation: events for conversation, events in found.items() if events}


def _bots_after(changes: Sequence[StatusChange], bots_only: Mapping[str, bool]) -> list[bool]:
    """Whether only bots waited after each change: back from how it is now."""
    known, found = dict(bots_only), []
    for change in reversed(changes):
        found.append(known.get(change.conversation, False))
        if change.bots_before is not None:
            known[change.conversation] = change.bots_before
    return found[::-1]


def _taken_back(changes: Sequence[StatusChange]) -> set[tuple[str, str]]:
    """(op_id, conversation) of what an undo reverted, where that was not reverted again: the last word counts."""
    taken: set[tuple[str, str]] = set()
    for change in reversed(changes):
        if change.undoes is not None and (change.op_id, change.conversation) not in taken:
            taken.add((change.undoes, change.conversation))
    return taken


def in_order(
    messages: Iterable[datetime], steps: Iterable[tuple[datetime, Event]], replies: Mapping[datetime, object]
) -> list[tuple[datetime, Event]]:
    """All events of a conversation, for `waits`: at one moment a message comes before our answer to it.

    `messages`: when people wrote. A step before the first of them starts no clock: only bots had written.
    """
    came = sorted(messages)
    if not came:
        return []
    events = [(at, Event.INBOUND) for at in came]
    events += [(at, event) for at, event in steps if event is Event.REOPENED and at >= came[0]]
    events += [(at, Event.SENT) for at in replies]
    events += [(at, event) for at, event in steps if event is Event.DONE]
    return events
