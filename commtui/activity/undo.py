"""Undo and redo of a person's last step, part by part where it was done in parts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from commtui.activity.desk import UNDO_DEPTH, Desk, fresh_op_id
from commtui.activity.outcome import Left, Outcome, Undone
from commtui.activity.passive_log import PROGRAM
from commtui.activity.refusals import WouldSend
from commtui.activity.reverting import OUT, revert
from commtui.activity.undo_parts import LEFT_MOST, NothingReverted, goes_on_elsewhere, revert_parts, scheduled_ids
from commtui.activity.undone import base_of, undone_of
from commtui.model.records import Act, Activity, Outgoing
from commtui.model.rules import ACTOR
from commtui.store.write import Write, kind_of

SENT: Final = ("accept", "find")
"""What the log calls a reply or post that is out."""


def undo(desk: Desk, agreed: Collection[str] | None = None, step: str | None = None) -> Outcome:
    """Reverts this person's last step on this home, whichever process made it. This is a step itself.

    `agreed`: the ids that may be scheduled again by it; None: any. Raises WouldSend for others, and changes nothing.
    `step`: the op_id of the step that the person was asked about; nothing is done if another one is the last.
    """
    return _revert_last(desk, "undo", agreed, step)


def undo_step(desk: Desk, op_id: str, agreed: Collection[str] | None = None) -> Outcome:
    """Reverts this step of the person, or of a rule, though it may not be the last; an undo that was the last word is
    done again.

    What was changed since is left as it is. Where nothing can be done, `Undone.why_not` says why. `agreed`: see undo.
    """
    log = desk.store.log
    done, undone = log.undo_stack(desk.who)
    last = op_id
    while last not in (*done, *undone) and (
        later := log.undone_by(last)
    ):  # one that is there was not undone to the end
        last = later
    if last in done:
        return _revert(desk, "undo", last, agreed, anywhere=True)
    if last in undone and last == op_id:
        return _revert(desk, "redo", last, agreed, anywhere=True)
    entry = log.step(op_id)
    if entry is not None and last == op_id and entry.who.startswith(ACTOR):  # on nobody's stack
        return _revert(desk, "undo", op_id, agreed, anywhere=True, by_rule=True)
    if entry is None:
        why = "forgotten"
    elif last != op_id:
        why = "undone"
    else:
        why = "old" if entry.who == desk.who else "others"
        if entry.who == PROGRAM:
            why = "sent" if entry.verb in SENT else "program"
        elif why == "old" and (kept := _too_late(desk, log.parts(op_id))) is not None:
            return kept
    ids = entry.ids if entry else ()
    return Outcome(verb="undo", ids=ids, value=entry.who if entry else None, undone=Undone(why_not=why))


def redo(desk: Desk, agreed: Collection[str] | None = None, step: str | None = None) -> Outcome:
    """Reverts the last undo. `agreed`, `step`: as for undo."""
    return _revert_last(desk, "redo", agreed, step)


def take_back(desk: Desk, op_id: str) -> None:
    """Reverts all that was done of a step which failed, and takes it off the undo stack."""

    def forget(write: Write) -> None:
        done, undone = desk.store.log.undo_stack(desk.who)
        write.set_undo(desk.who, [other for other in done if other != op_id], undone)

    parts = desk.store.log.parts(op_id)
    if not parts:
        return
    try:
        revert_parts(desk, "undo", parts, fresh_op_id(), lambda _: None, forget)
    except NothingReverted:
        with desk.store.write() as write:
            forget(write)


def last_step(desk: Desk, verb: str) -> Activity | None:
    """Returns the step that `undo` or `redo` would revert; None: there is none, or it is no longer in the log."""
    done, undone = desk.store.log.undo_stack(desk.who)
    stack = done if verb == "undo" else undone
    return desk.store.log.step(stack[-1]) if stack else None


def last_parts(desk: Desk, verb: str) -> int:
    """Returns the number of log entries of the step that `undo` or `redo` would revert; 0: there is none.

    That is the step whose revert was killed, where there is one: the revert is ended first, and then reverted.
    """
    log = desk.store.log
    done, undone = log.undo_stack(desk.who)
    stack, other = (done, undone) if verb == "undo" else (undone, done)
    if other and log.undone_by(other[-1]):
        return len(log.parts(other[-1]))
    return len(log.parts(stack[-1])) if stack else 0


def _revert_last(desk: Desk, verb: str, agreed: Collection[str] | None, step: str | None) -> Outcome:
    done, undone = desk.store.log.undo_stack(desk.who)
    stack, other = (done, undone) if verb == "undo" else (undone, done)
    if other and desk.store.log.undone_by(other[-1]):  # what was killed in the middle is ended first
        ended = _revert(desk, "redo" if verb == "undo" else "undo", other[-1])
        if ended.undone is not None and ended.undone.why_not:
            return replace(ended, verb=verb)
        return _revert_last(desk, verb, agreed, step)
    if not stack:
        return Outcome(verb=verb, undone=Undone(why_not="nothing"))
    if step not in (None, stack[-1]):
        return Outcome(verb=verb, undone=Undone(why_not="another"))
    return _revert(desk, verb, stack[-1], agreed)


def _revert(
    desk: Desk,
    verb: str,
    op_id: str,
    agreed: Collection[str] | None = None,
    anywhere: bool = False,
    by_rule: bool = False,
) -> Outcome:
    """Reverts a step of the stack. `anywhere`: though it may not be the last one there; `by_rule`: or not there at all.

    It leaves its stack with its last part: where this is killed before, the next one goes on.
    """
    log = desk.store.log
    parts = log.parts(op_id)
    begun = log.undone_by(op_id)
    revert_id = begun or fresh_op_id()

    def check(reverted: int) -> None:
        """Raises _Meanwhile if the step is not there, or if another process goes on with what was killed."""
        done, undone = log.undo_stack(desk.who)
        taken = done if verb == "undo" else undone
        is_there = by_rule or op_id in (taken if anywhere else taken[-1:])
        if not is_there or log.undone_by(op_id) != begun:
            raise _Meanwhile
        if len(log.parts(revert_id)) != reverted:
            raise _Meanwhile

    def move(write: Write) -> None:
        """Takes the step off its stack and puts this one onto the other, unless a step came meanwhile."""
        done, undone = log.undo_stack(desk.who)
        taken, other = (done, undone) if verb == "undo" else (undone, done)
        was_last = taken[-1:] == [op_id]
        if op_id in taken:
            taken.remove(op_id)
        if parts and (was_last or anywhere):
            other.append(revert_id)
        write.set_undo(desk.who, done[-UNDO_DEPTH:], undone[-UNDO_DEPTH:])

    try:
        if begun is not None and goes_on_elsewhere(desk, begun):
            raise _Meanwhile
        if not parts or (begun is not None and len(log.parts(begun)) >= len(parts)):  # nothing of it is left to revert
            with desk.store.write() as write:
                check(len(log.parts(revert_id)))
                move(write)
            return Outcome(verb=verb, undone=Undone(why_not="forgotten"))
        if agreed is not None and len(parts) > 1:
            _check_agreed(desk, parts, agreed, op_id)
        one_agreed = agreed if len(parts) == 1 else None
        try:
            return revert_parts(desk, verb, parts, revert_id, check, move, one_agreed)
        except NothingReverted as nothing:
            kept = nothing.outcome if len(parts) == 1 else _all_kept(desk, verb, parts)
        if kept is None:  # the first part alone stays as it is
            return revert_parts(desk, verb, parts, revert_id, check, move, must_change=False)
    except _Meanwhile:
        return Outcome(verb=verb, undone=Undone(why_not="another"))
    if not anywhere:  # the next undo is of the step before; as nothing was undone, nothing is logged or can be redone
        with desk.store.write() as write:
            done, undone = log.undo_stack(desk.who)
            taken = done if verb == "undo" else undone
            if taken[-1:] == [op_id]:
                taken.pop()
                write.set_undo(desk.who, done, undone)
    return kept


def _too_late(desk: Desk, parts: Sequence[int]) -> Outcome | None:
    """Returns what an undo of a step's parts would leave, if all of its texts are out and nothing would change."""
    kept = _all_kept(desk, "undo", parts, only_out=True)
    return kept if kept and kept.undone and kept.undone.left else None


def _all_kept(desk: Desk, verb: str, parts: Sequence[int], only_out: bool = False) -> Outcome | None:
    """Returns what an undo of a step's parts would leave, if it would change nothing; else None.

    `only_out`: None too where it would leave anything but texts that are out.
    """
    left: list[Left] = []
    ids: list[str] = []
    total = 0
    undone: Undone | None = None
    for number in reversed(parts):
        target = desk.store.log.at(number)
        if target is None:
            continue
        with suppress(_OnlyLooked), desk.store.write() as write:
            found = dict.fromkeys(revert(desk, write, target))
            changed = bool(write.changes)
            undone = undone or undone_of(desk, write, base_of(desk, target), ())
            raise _OnlyLooked
        if changed or (only_out and not all(item.why in OUT for item in found)):
            return None
        left += [*found][: LEFT_MOST - len(left)] if len(parts) > 1 else found
        total += len(found)
        ids += target.ids
    if undone is None:
        return None
    undone = replace(undone, left=tuple(left))
    if len(parts) == 1:
        return Outcome(verb=verb, ids=tuple(ids), undone=undone)
    undone = replace(undone, author="", left_total=total, total=len(ids))
    return Outcome(verb=verb, ids=tuple(ids), total=len(ids), undone=undone)


class _Meanwhile(Exception):
    """Another step was undone or done while this one was looked for."""


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
                scheduled += scheduled_ids(write)
                raise _OnlyLooked
    not_agreed = tuple(item_id for item_id in scheduled if item_id not in agreed)
    if not_agreed:
        raise WouldSend(not_agreed, op_id)
