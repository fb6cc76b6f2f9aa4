"""Undo and redo of a person's last step, part by part where it was done in parts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from commtui.activity.desk import UNDO_DEPTH, Desk, fresh_op_id
from commtui.activity.outcome import Outcome, Undone
from commtui.activity.passive_log import PROGRAM
from commtui.activity.refusals import WouldSend
from commtui.activity.reverting import revert
from commtui.activity.undone import base_of, changed_states, undone_of
from commtui.model.records import Act, Activity, LogEntry, Outgoing
from commtui.model.states import LEAVING
from commtui.store.write import Write, kind_of

SENT: Final = ("accept", "find")
"""What the log calls a reply or post that is out."""
LEFT_MOST: Final = 10
"""Items that were left as they are, of which an outcome in parts names the reasons."""


def undo(desk: Desk, agreed: Collection[str] | None = None, step: str | None = None) -> Outcome:
    """Reverts this person's last step on this home, whichever process made it. This is a step itself.

    `agreed`: the ids that may be scheduled again by it; None: any. Raises WouldSend for others, and changes nothing.
    `step`: the op_id of the step that the person was asked about; nothing is done if another one is the last.
    """
    return _revert_last(desk, "undo", agreed, step)


def undo_step(desk: Desk, op_id: str, agreed: Collection[str] | None = None) -> Outcome:
    """Reverts this step of the person, though it may not be the last; an undo that was the last word is done again.

    What was changed since is left as it is. Where nothing can be done, `Undone.why_not` says why. `agreed`: see undo.
    """
    log = desk.store.log
    done, undone = log.undo_stack(desk.who)
    last = op_id
    while later := log.undone_by(last):
        last = later
    if last in done:
        return _revert(desk, "undo", last, agreed, anywhere=True)
    if last in undone and last == op_id:
        return _revert(desk, "redo", last, agreed, anywhere=True)
    entry = log.step(op_id)
    if entry is None:
        why = "forgotten"
    elif last != op_id:
        why = "undone"
    else:
        why = "old" if entry.who == desk.who else "others"
        if entry.who == PROGRAM:
            why = "sent" if entry.verb in SENT else "program"
    ids = entry.ids if entry else ()
    return Outcome(verb="undo", ids=ids, value=entry.who if entry else None, undone=Undone(why_not=why))


def redo(desk: Desk, agreed: Collection[str] | None = None, step: str | None = None) -> Outcome:
    """Reverts the last undo. `agreed`, `step`: as for undo."""
    return _revert_last(desk, "redo", agreed, step)


def take_back(desk: Desk, op_id: str) -> None:
    """Reverts all that was done of a step which failed, and takes it off the undo stack."""
    with desk.store.write() as write:
        done, undone = desk.store.log.undo_stack(desk.who)
        write.set_undo(desk.who, [other for other in done if other != op_id], undone)
    parts = desk.store.log.parts(op_id)
    if parts:
        _revert_parts(desk, "undo", parts, fresh_op_id(), lambda write: None)


def last_step(desk: Desk, verb: str) -> LogEntry | None:
    """Returns the step that `undo` or `redo` would revert; None: there is none, or it is no longer in the log."""
    done, undone = desk.store.log.undo_stack(desk.who)
    stack = done if verb == "undo" else undone
    return desk.store.log.step(stack[-1]) if stack else None


def last_parts(desk: Desk, verb: str) -> int:
    """Returns the number of log entries of the step that `undo` or `redo` would revert; 0: there is none."""
    done, undone = desk.store.log.undo_stack(desk.who)
    stack = done if verb == "undo" else undone
    return len(desk.store.log.parts(stack[-1])) if stack else 0


def _revert_last(desk: Desk, verb: str, agreed: Collection[str] | None, step: str | None) -> Outcome:
    done, undone = desk.store.log.undo_stack(desk.who)
    stack = done if verb == "undo" else undone
    if not stack:
        return Outcome(verb=verb, undone=Undone(why_not="nothing"))
    if step not in (None, stack[-1]):
        return Outcome(verb=verb, undone=Undone(why_not="another"))
    return _revert(desk, verb, stack[-1], agreed)


def _revert(desk: Desk, verb: str, op_id: str, agreed: Collection[str] | None, anywhere: bool = False) -> Outcome:
    """Reverts a step of the stack. `anywhere`: though it may not be the last one there."""
    revert_id, parts = fresh_op_id(), desk.store.log.parts(op_id)

    def move(write: Write) -> None:
        """Takes the step off its stack and puts this one onto the other. Raises _Meanwhile if it is not there."""
        done, undone = desk.store.log.undo_stack(desk.who)
        taken, other = (done, undone) if verb == "undo" else (undone, done)
        if op_id not in (taken if anywhere else taken[-1:]):
            raise _Meanwhile
        taken.remove(op_id)
        if parts:
            other.append(revert_id)
        write.set_undo(desk.who, done[-UNDO_DEPTH:], undone[-UNDO_DEPTH:])

    try:
        if not parts:
            with desk.store.write() as write:
                move(write)
            return Outcome(verb=verb, undone=Undone(why_not="forgotten"))
        if agreed is not None and len(parts) > 1:
            _check_agreed(desk, parts, agreed, op_id)
        return _revert_parts(desk, verb, parts, revert_id, move, agreed if len(parts) == 1 else None, anywhere)
    except _NothingReverted as nothing:
        return nothing.outcome
    except _Meanwhile:
        return Outcome(verb=verb, undone=Undone(why_not="another"))


class _Meanwhile(Exception):
    """Another step was undone or done while this one was looked for."""


class _NothingReverted(Exception):
    """All that the step did was changed since: it stays where it is on its stack."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class _OnlyLooked(Exception):
    """Ends a transaction of which nothing is kept."""


def _check_agreed(desk: Desk, parts: Sequence[int], agreed: Collection[str], op_id: str) -> None:
    """Raises WouldSend for what the parts would schedule and nobody agreed to."""
    scheduled: list[str] = []
    for number in reversed(parts):
        target = desk.store.log.at(number)
        if target is not None and any(kind_of(change.id) in (Outgoing, Act) for change in target.changes):
            with suppress(_OnlyLooked), desk.store.write() as write:
                revert(desk, write, target)
                scheduled += _scheduled_ids(write)
                raise _OnlyLooked
    not_agreed = tuple(item_id for item_id in scheduled if item_id not in agreed)
    if not_agreed:
        raise WouldSend(not_agreed, op_id)


def _revert_parts(
    desk: Desk,
    verb: str,
    parts: Sequence[int],
    revert_id: str,
    move: Callable[[Write], None],
    agreed: Collection[str] | None = None,
    must_change: bool = False,
) -> Outcome:
    """Reverts the parts of a step (numbers in the log), the last one first, each in a transaction and an entry.

    `must_change`: raises _NothingReverted where the only part would change nothing.
    """
    outcome: Outcome | None = None
    base: Activity | None = None
    total = 0
    for number in reversed(parts):
        target = desk.store.log.at(number)
        if target is None:
            continue
        with desk.store.write(durable=len(parts) == 1) as write:
            if base is None:
                move(write)
                base = base_of(desk, target)
            part = _revert_part(desk, write, verb, target, base, revert_id, agreed)
            if must_change and len(parts) == 1 and not write.changes:
                raise _NothingReverted(replace(part, op_id=None))
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
    not_agreed = [] if agreed is None else [item_id for item_id in _scheduled_ids(write) if item_id not in agreed]
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


def _scheduled_ids(write: Write) -> list[str]:
    """Returns the ids of items that this write has scheduled: they will be sent by themselves now, and not before."""
    states = changed_states(write)
    return [item_id for item_id, (before, after) in states.items() if after in LEAVING and before not in LEAVING]
