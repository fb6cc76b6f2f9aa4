"""Undo and redo: a person's last step taken back field by field; what somebody changed since is left, and named."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec.structs import replace

from commtui.activity.desk import UNDO_DEPTH, Desk, Step
from commtui.activity.errors import TriageError
from commtui.activity.outcome import Left, Outcome, Undone
from commtui.activity.refusals import Unasked
from commtui.activity.reopening import reopen_unanswered
from commtui.activity.resolve import elder, handle
from commtui.model.outgoing import fresh_start
from commtui.model.records import Act, Activity, Change, Conversation, Note, Outgoing
from commtui.model.states import LEAVING, OutgoingState
from commtui.store.codec import to_document
from commtui.store.write import Write, kind_of, record_of

OUT = frozenset((OutgoingState.SENDING, OutgoingState.SENT, OutgoingState.UNKNOWN))
"""Too late to take back: it is out, or may be."""


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
            return Outcome(verb=verb, undone=Undone(why_not="nothing"))
        target = desk.store.log.step(stack.pop())
        if target is None:
            write.set_undo(desk.who, done, undone)
            return Outcome(verb=verb, undone=Undone(why_not="forgotten"))
        if step not in (None, target.op_id):
            return Outcome(verb=verb, undone=Undone(why_not="another"))
        turned = Step(write)
        left = tuple(dict.fromkeys(_take_back(desk, write, target)))
        unasked = [] if agreed is None else [identity for identity in _sends(write) if identity not in agreed]
        if unasked:
            raise Unasked(tuple(unasked), target.op_id)
        (undone if verb == "undo" else done).append(turned.op_id)
        write.set_undo(desk.who, done[-UNDO_DEPTH:], undone[-UNDO_DEPTH:])
        base = _base(desk, target)
        write.log(
            Activity(
                op_id=turned.op_id,
                at=desk.now,
                who=desk.who,
                verb=verb,
                ids=target.ids,
                changes=tuple(write.changes),
                detail=base.verb,
                undoes=target.op_id,
            )
        )
        return Outcome(verb=verb, ids=target.ids, op_id=turned.op_id, undone=_undone(desk, write, base, left))


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


def _undone(desk: Desk, write: Write, base: Activity, left: tuple[Left, ...]) -> Undone:
    """What was taken back or done again, and what became of texts of ours."""
    author = ""
    if len(base.ids) == 1:
        try:
            author = handle(desk.store, base.ids[0])
        except TriageError:  # what the step was about is gone: it has no author to name
            pass
    states: dict[str, tuple[str, str]] = {}
    for change in write.changes:
        before, after = (change.before or {}).get("state"), (change.after or {}).get("state")
        if kind_of(change.id) is Outgoing and before and after:
            states[change.id] = states.get(change.id, (before, after))[0], after
    recalled = [
        identity for identity, (before, after) in states.items() if before in LEAVING and after == OutgoingState.DRAFT
    ]
    scheduled = [identity for identity, (before, after) in states.items() if before not in LEAVING and after in LEAVING]
    first = write.get(Outgoing, next(iter(recalled or scheduled), ""))
    return Undone(
        verb=base.verb,
        ids=base.ids,
        author=author,
        recalled=tuple(recalled),
        scheduled=tuple(scheduled),
        text=first.text if first else "",
        left=left,
        changed=bool(write.changes),
    )


def _take_back(desk: Desk, write: Write, target: Activity) -> list[Left]:
    """Restores what each change had before. Returns what was left as it is, and why."""
    left: list[Left] = []
    outs = [change for change in target.changes if kind_of(change.id) in (Outgoing, Act)]
    gone = False
    for change in reversed(outs):
        alone = sum(each.id == change.id for each in outs) == 1
        written = alone and change.before is None and (change.after or {}).get("state") == OutgoingState.DRAFT
        kept = _take_back_outgoing(desk, write, change, written)
        if kept:
            gone = True
            left.append(kept)
    for change in reversed(target.changes):
        if kind_of(change.id) is Conversation and gone:
            continue  # its reply is out: the conversation is as it should be
        if change not in outs:
            left += _take_back_fields(desk, write, change)
    for change in outs:
        _settle(desk, write, change)
    return left


def _take_back_outgoing(desk: Desk, write: Write, change: Change, written_here: bool) -> Left | None:
    """`written_here`: the step made a draft and no more, so it goes; what was sent becomes the draft it was."""
    kind = kind_of(change.id)
    current = desk.store.get(kind, change.id)
    if current is None:
        return None if change.before is None else Left(change.id, "gone")
    if current.state in OUT:
        return Left(change.id, current.state.value)
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


def _take_back_fields(desk: Desk, write: Write, change: Change) -> list[Left]:
    if change.before is None:
        if kind_of(change.id) is Note:
            write.remove(Note, change.id)
        return []
    if change.after is None:
        write.put(record_of(kind_of(change.id), change.before))
        return []
    current: Any = desk.store.get(kind_of(change.id), change.id)
    if current is None:
        return [Left(change.id, "gone")]
    fields = _untouched(current, change)
    if fields:
        write.put(desk.store.with_fields(change.id, fields))
    changed_since = sorted(change.before.keys() - fields.keys() - {"v"})
    return [Left(change.id, "changed", tuple(changed_since))] if changed_since else []


def _settle(desk: Desk, write: Write, change: Change) -> None:
    """A reply that is a draft again is its conversation's draft, and the conversation is open."""
    current = desk.store.get(Outgoing, change.id) if kind_of(change.id) is Outgoing else None
    conversation = desk.store.get(Conversation, current.conversation or "") if current else None
    if current is None or conversation is None:
        return
    conversation = elder(desk.store, conversation)
    if current.state is OutgoingState.DRAFT and conversation.draft is None:
        conversation = replace(conversation, draft=current.id)
        write.put(conversation)
    if current.state in (OutgoingState.DRAFT, OutgoingState.DISCARDED):
        reopen_unanswered(write, desk.store, conversation)
