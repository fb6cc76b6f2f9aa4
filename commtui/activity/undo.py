"""Undo and redo: a person's last step taken back field by field; what somebody changed since is left, and named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from msgspec.structs import replace

from commtui.activity.desk import UNDO_DEPTH, Desk, Outcome, Step
from commtui.activity.errors import TriageError, Unasked
from commtui.activity.reopening import reopen_unanswered
from commtui.activity.resolve import KIND_NAMES, elder, handle
from commtui.model.outgoing import fresh_start
from commtui.model.records import Act, Activity, Change, Conversation, Note, Outgoing
from commtui.model.states import LEAVING, OutgoingState
from commtui.model.text import one_line, snippet
from commtui.store.codec import to_document
from commtui.store.write import Write, kind_of, record_of

OUT = frozenset((OutgoingState.SENDING, OutgoingState.SENT, OutgoingState.UNKNOWN))
"""Too late to take back: it is out, or may be."""
QUOTED = 20
"""Characters of a text that are told."""


def undo(desk: Desk, agreed: Collection[str] | None = None, step: str | None = None) -> Outcome:
    """Takes back this person's last step on this home, whichever process made it. It is a step itself.

    `agreed`: the ids that may get on their way by it, as a recalled reply does; None: any. Raises Unasked for others:
    nothing has changed then. `step`: the op_id that a person was asked about; with another one on top nothing happens.
    """
    return _turn(desk, "undo", agreed, step)


def redo(desk: Desk, agreed: Collection[str] | None = None, step: str | None = None) -> Outcome:
    """Does again what the last undo took back. `agreed`, `step`: as for undo."""
    return _turn(desk, "redo", agreed, step)


def _turn(desk: Desk, verb: str, agreed: Collection[str] | None, step: str | None) -> Outcome:
    with desk.store.write() as write:
        done, undone = desk.store.log.undo_stack(desk.who)
        stack = done if verb == "undo" else undone
        if not stack:
            return Outcome(f"nothing to {verb}")
        target = desk.store.log.step(stack.pop())
        if target is None:
            write.set_undo(desk.who, done, undone)
            return Outcome(f"nothing to {verb}: the step is no longer in the log")
        if step not in (None, target.op_id):
            return Outcome(f"you did something else in between, in another window: nothing to {verb} was touched")
        taken = Step(write)
        left = list(dict.fromkeys(_take_back(desk, write, target)))
        unasked = [] if agreed is None else [each for each in _sends(write) if each not in agreed]
        if unasked:
            raise Unasked(tuple(unasked), target.op_id)
        (undone if verb == "undo" else done).append(taken.op_id)
        write.set_undo(desk.who, done[-UNDO_DEPTH:], undone[-UNDO_DEPTH:])
        write.log(
            Activity(
                op_id=taken.op_id,
                at=desk.now,
                who=desk.who,
                verb=verb,
                ids=target.ids,
                changes=tuple(write.changes),
                detail="; ".join(
                    [f"{'took back' if verb == 'undo' else 'did again'}: {_base(desk, target).verb}", *left]
                ),
                undoes=target.op_id,
            )
        )
        name = _name(desk, target)
        told = f"{verb}: {name}{_fate(write)}" if write.changes else f"{verb}: nothing left of {name}"
        return Outcome("; ".join([told, *left]), target.ids, taken.op_id)


def _sends(write: Write) -> list[str]:
    """What gets on its way by what was written: it leaves by itself now, and did not before."""
    states: dict[str, tuple[str | None, str | None]] = {}
    for change in write.changes:
        after = (change.after or {}).get("state")
        if kind_of(change.id) in (Outgoing, Act) and after:
            before, _ = states.get(change.id, ((change.before or {}).get("state"), None))
            states[change.id] = before, after
    return [each for each, (before, after) in states.items() if after in LEAVING and before not in LEAVING]


def _base(desk: Desk, target: Activity) -> Activity:
    """The step that an undo of a redo of ... a step is about."""
    while target.verb in ("undo", "redo") and target.undoes:
        found = desk.store.log.step(target.undoes)
        if found is None:
            break
        target = found
    return target


def _name(desk: Desk, target: Activity) -> str:
    target = _base(desk, target)
    if len(target.ids) > 1:
        return f"{target.verb} of {_counted(target.ids)}"
    if not target.ids:
        return target.verb
    try:
        whose = handle(desk.store, target.ids[0])
    except TriageError:
        whose = ""
    return f"{target.verb} of {target.ids[0]} {whose}".rstrip()


def _fate(write: Write) -> str:
    """What became of a text of ours; empty where none changed its state."""
    states: dict[str, tuple[str, str]] = {}
    for change in write.changes:
        before, after = (change.before or {}).get("state"), (change.after or {}).get("state")
        if kind_of(change.id) is Outgoing and before and after:
            states[change.id] = states.get(change.id, (before, after))[0], after
    recalled = [each for each, (before, after) in states.items() if before in LEAVING and after == OutgoingState.DRAFT]
    leaving = [each for each, (before, after) in states.items() if before not in LEAVING and after in LEAVING]
    found = write.get(Outgoing, next(iter(recalled or leaving), ""))
    if found is None:
        return ""
    quoted = f"'{snippet(one_line(found.text), QUOTED)}'"
    if leaving:
        return f", it leaves again: {quoted}"
    return " recalled; " + (f"it is a draft again: {quoted}" if len(recalled) == 1 else f"drafts again: {quoted}")


def _counted(ids: Sequence[str]) -> str:
    """`3 conversations`, or where kinds are mixed `3 items`."""
    kinds = {KIND_NAMES.get(each[:1], "item") for each in ids}
    kind = kinds.pop() if len(kinds) == 1 else "item"
    return f"{len(ids)} {kind[:-1]}ies" if kind == "reply" else f"{len(ids)} {kind}s"


def _take_back(desk: Desk, write: Write, target: Activity) -> list[str]:
    """Restores what each change had before. The lines say what was left, and why."""
    left: list[str] = []
    outs = [change for change in target.changes if kind_of(change.id) in (Outgoing, Act)]
    gone = False
    for change in reversed(outs):
        alone = sum(each.id == change.id for each in outs) == 1
        written = alone and change.before is None and (change.after or {}).get("state") == OutgoingState.DRAFT
        problem = _take_back_outgoing(desk, write, change, written)
        if problem:
            gone = True
            left.append(problem)
    for change in reversed(target.changes):
        if kind_of(change.id) is Conversation and gone:
            continue  # its reply is out: the conversation is as it should be
        if change not in outs:
            left += _take_back_fields(desk, write, change)
    for change in outs:
        _settle(desk, write, change)
    return left


def _take_back_outgoing(desk: Desk, write: Write, change: Change, written_here: bool) -> str | None:
    """`written_here`: the step made a draft and no more, so it goes; what was sent becomes the draft it was."""
    kind = kind_of(change.id)
    current = desk.store.get(kind, change.id)
    if current is None:
        return None if change.before is None else f"{change.id} is gone"
    if current.state in OUT:
        word = "already sent" if current.state is OutgoingState.SENT else f"already {current.state}"
        return f"{change.id} is {word}" + ("" if kind is Act else ": delete it or answer again")
    made_here = change.before is None or (change.before.get("state") == "draft")
    if made_here and (kind is Act or written_here):
        write.put(replace(current, state=OutgoingState.DISCARDED))
        return None
    fields = {} if change.before is None else _untouched(current, change)
    restored = desk.store.with_fields(change.id, fields) or current
    if made_here:
        write.put(replace(restored, state=OutgoingState.DRAFT, next_try_at=None, reason=None, typed_at=None))
    else:
        if restored.state in LEAVING:
            restored = (
                fresh_start(restored, desk.now + desk.settings.hold)
                if isinstance(restored, Outgoing)
                else replace(restored, scheduled_at=desk.now + desk.settings.hold)
            )
        write.put(restored)
    return None


def _untouched(current: Any, change: Change) -> dict[str, Any]:
    now = to_document(current)
    after = change.after or {}
    return {key: value for key, value in (change.before or {}).items() if now.get(key) == after.get(key)}


def _take_back_fields(desk: Desk, write: Write, change: Change) -> list[str]:
    if change.before is None:
        if kind_of(change.id) is Note:
            write.remove(Note, change.id)
        return []
    if change.after is None:
        write.put(record_of(kind_of(change.id), change.before))
        return []
    current: Any = desk.store.get(kind_of(change.id), change.id)
    if current is None:
        return [f"{change.id} is gone"]
    fields = _untouched(current, change)
    if fields:
        write.put(desk.store.with_fields(change.id, fields))
    kept = sorted(change.before.keys() - fields.keys() - {"v"})
    return [f"left {', '.join(kept)} of {change.id}: changed since"] if kept else []


def _settle(desk: Desk, write: Write, change: Change) -> None:
    """A reply that is a draft again is its conversation's draft, and the conversation is open."""
    current = desk.store.get(Outgoing, change.id) if kind_of(change.id) is Outgoing else None
    held = desk.store.get(Conversation, current.conversation or "") if current else None
    if current is None or held is None:
        return
    held = elder(desk.store, held)
    if current.state is OutgoingState.DRAFT and held.draft is None:
        held = replace(held, draft=current.id)
        write.put(held)
    if current.state in (OutgoingState.DRAFT, OutgoingState.DISCARDED):
        reopen_unanswered(write, desk.store, held)
