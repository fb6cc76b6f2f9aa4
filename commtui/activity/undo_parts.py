"""Reverts a step part by part, each in a transaction and an entry of the log. One that is killed can be resumed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import WouldSend
from commtui.activity.reverting import revert
from commtui.activity.undone import base_of, changed_states, undone_of
from commtui.model.records import Activity
from commtui.model.states import LEAVING
from commtui.store.write import Write
from commtui.system.processes import is_running

SILENT_MOST: Final = timedelta(minutes=1)
"""A running process that reverted no part for longer does not go on with it."""
_reverting: set[str] = set()
"""The op_ids of what threads of this process revert now."""
LEFT_MOST: Final = 10
"""Items that were left as they are, of which an outcome in parts names the reasons."""


class NothingReverted(Exception):
    """The first part to be reverted would change nothing; none of the parts was reverted.

    `outcome`: what was left of that part.
    """

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def goes_on_elsewhere(desk: Desk, revert_id: str) -> bool:
    """Whether a process is reverting the parts of a step at this moment."""
    last = desk.store.log.at(desk.store.log.parts(revert_id)[-1])
    if last is None or revert_id in _reverting:
        return revert_id in _reverting
    here, process = desk.store.log.process, last.process
    if process is None or (here is not None and here.host == process.host and not is_running(process.pid)):
        return False
    return process != here and abs(desk.now - last.at) < SILENT_MOST


@contextmanager
def _reverting_here(revert_id: str) -> Iterator[None]:
    _reverting.add(revert_id)
    try:
        yield
    finally:
        _reverting.discard(revert_id)


def revert_parts(
    desk: Desk,
    verb: str,
    parts: Sequence[int],
    revert_id: str,
    check: Callable[[int], None],
    move: Callable[[Write], None],
    agreed: Collection[str] | None = None,
    must_change: bool = True,
) -> Outcome:
    """Reverts the parts of a step (numbers in the log), the last one first, each in a transaction and an entry.

    Goes on behind the parts that have an entry. `check` is called in the first of these transactions, with the number
    of parts that had an entry before, `move` in the last. `must_change`: raises NothingReverted where the first of all
    would change nothing.
    """
    must_change = must_change and not desk.store.log.parts(revert_id)
    with _reverting_here(revert_id):
        outcome: Outcome | None = None
        base: Activity | None = None
        before = [desk.store.log.at(number) for number in desk.store.log.parts(revert_id)]
        total = sum(len(entry.ids) for entry in before if entry is not None)
        left = [*reversed(parts)][len(before) :]
        while len(left) > 1 and desk.store.log.at(left[-1]) is None:  # damaged: the last that is there moves the step
            left.pop()
        for number in left:
            target = desk.store.log.at(number)
            if target is None:
                continue
            with desk.store.write(durable=len(parts) == 1) as write:
                if base is None:
                    check(len(before))
                    base = base_of(desk, target)
                if number == left[-1]:
                    move(write)
                part = _revert_part(desk, write, verb, target, base, revert_id, agreed)
                if must_change and outcome is None and not write.changes:
                    raise NothingReverted(replace(part, op_id=None))
            total += len(target.ids)
            outcome = part if outcome is None else _with_part(outcome, part)
            if desk.goes_on is not None:
                desk.goes_on(total)  # what is half undone is undone to the end
        if len(parts) > 1:
            desk.store.flush()
        assert outcome is not None and outcome.undone is not None
        if len(parts) == 1:
            return outcome
        return replace(outcome, total=total, undone=replace(outcome.undone, total=total))


def _revert_part(
    desk: Desk,
    write: Write,
    verb: str,
    target: Activity,
    base: Activity,
    revert_id: str,
    agreed: Collection[str] | None,
) -> Outcome:
    left = tuple(dict.fromkeys(revert(desk, write, target)))
    not_agreed = [] if agreed is None else [item_id for item_id in scheduled_ids(write) if item_id not in agreed]
    if not_agreed:
        raise WouldSend(tuple(not_agreed), target.op_id)
    write.log(
        Activity(
            op_id=revert_id,
            at=desk.now,
            who=desk.who,
            verb=verb,
            ids=target.ids,
            changes=tuple(write.changes),
            detail=base.verb,
            undoes=target.op_id,
        )
    )
    return Outcome(verb=verb, ids=target.ids, op_id=revert_id, undone=undone_of(desk, write, base, left))


def _with_part(outcome: Outcome, part: Outcome) -> Outcome:
    """Returns the outcome of several parts: of what was left, the first LEFT_MOST are kept, and all are counted."""
    one, other = outcome.undone, part.undone
    assert one is not None and other is not None
    undone = replace(
        one,
        author="",
        recalled=one.recalled + other.recalled,
        scheduled=one.scheduled + other.scheduled,
        text=one.text or other.text,
        left=(one.left + other.left)[:LEFT_MOST],
        left_total=(one.left_total or len(one.left)) + len(other.left),
        changed=one.changed or other.changed,
    )
    return replace(outcome, undone=undone)


def scheduled_ids(write: Write) -> list[str]:
    """Returns the ids of items that this write has scheduled: they will be sent by themselves now, and not before."""
    states = changed_states(write)
    return [item_id for item_id, (before, after) in states.items() if after in LEAVING and before not in LEAVING]
