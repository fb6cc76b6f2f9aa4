"""Undo and redo: revert a person's last step field by field. Fields that were changed since are left and reported."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec.structs import replace

from commtui.activity.desk import UNDO_DEPTH, Desk, Step
from commtui.activity.errors import TriageError
from commtui.activity.outcome import Left, Outcome, Undone
from commtui.activity.refusals import WouldSend
from commtui.activity.reopening import reopen_unanswered
from commtui.activity.resolve import elder, handle
from commtui.model.ids import POST, VARIANT
from commtui.model.outgoing import fresh_start
from commtui.model.records import Act, Activity, Change, Conversation, Note, Outgoing
from commtui.model.states import LEAVING, OutgoingState
from commtui.store.codec import to_document
from commtui.store.write import Write, kind_of, record_of

OUT = frozenset((OutgoingState.SENDING, OutgoingState.SENT, OutgoingState.UNKNOWN))
"""States in which it is too late to recall: the text is published, or may be."""


def undo(desk: Desk, agreed: Collection[str] | None = None, step: str | None = None) -> Outcome:
    """Reverts this person's last step on this home, whichever process made it. This is a step itself.

    `agreed`: the ids that may be scheduled again by it; None: any. Raises WouldSend for others, and changes nothing.
    `step`: the op_id of the step that the person was asked about; nothing is done if another one is the last.
    """
    return _revert_last(desk, "undo", agreed, step)


def redo(desk: Desk, agreed: Collection[str] | None = None, step: str | None = None) -> Outcome:
    """Reverts the last undo. `agreed`, `step`: as for undo."""
    return _revert_last(desk, "redo", agreed, step)


def _revert_last(desk: Desk, verb: str, agreed: Collection[str] | None, step: str | None) -> Outcome:
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
        revert = Step(write)
        left = tuple(dict.fromkeys(_revert(desk, write, target)))
        not_agreed = [] if agreed is None else [item_id for item_id in _scheduled_ids(write) if item_id not in agreed]
        if not_agreed:
            raise WouldSend(tuple(not_agreed), target.op_id)
        (undone if verb == "undo" else done).append(revert.op_id)
        write.set_undo(desk.who, done[-UNDO_DEPTH:], undone[-UNDO_DEPTH:])
        base = _base(desk, target)
        write.log(
            Activity(
                op_id=revert.op_id,
                at=desk.now,
                who=desk.who,
                verb=verb,
                ids=target.ids,
                changes=tuple(write.changes),
                detail=base.verb,
                undoes=target.op_id,
            )
        )
        return Outcome(verb=verb, ids=target.ids, op_id=revert.op_id, undone=_undone(desk, write, base, left))


def _scheduled_ids(write: Write) -> list[str]:
    """Returns the ids of items that this write has scheduled: they will be sent by themselves now, and not before."""
    states: dict[str, tuple[str | None, str | None]] = {}
    for change in write.changes:
        after = (change.after or {}).get("state")
        if kind_of(change.id) in (Outgoing, Act) and after:
            before, _ = states.get(change.id, ((change.before or {}).get("state"), None))
            states[change.id] = before, after
    return [item_id for item_id, (before, after) in states.items() if after in LEAVING and before not in LEAVING]


def _base(desk: Desk, target: Activity) -> Activity:
    """Returns the original step of a chain of undo and redo steps."""
    while target.verb in ("undo", "redo") and target.undoes:
        reverted = desk.store.log.step(target.undoes)
        if reverted is None:
            break
        target = reverted
    return target


def _undone(desk: Desk, write: Write, base: Activity, left: tuple[Left, ...]) -> Undone:
    """Returns what was reverted, and which of our texts were recalled or scheduled by it."""
    author = ""
    if len(base.ids) == 1:
        try:
            author = handle(desk.store, base.ids[0])
        except TriageError:  # the item was removed since: no author to name
            pass
    states: dict[str, tuple[str, str]] = {}
    for change in write.changes:
        before, after = (change.before or {}).get("state"), (change.after or {}).get("state")
        if kind_of(change.id) is Outgoing and before and after:
            states[change.id] = states.get(change.id, (before, after))[0], after
    recalled = [
        item_id for item_id, (before, after) in states.items() if before in LEAVING and after == OutgoingState.DRAFT
    ]
    scheduled = [item_id for item_id, (before, after) in states.items() if before not in LEAVING and after in LEAVING]
    first = write.get(Outgoing, next(iter(recalled or scheduled), ""))
    return Undone(
        verb=base.verb,
        ids=base.ids,
        author=author,
        accounts=_accounts(desk, base),
        recalled=tuple(recalled),
        scheduled=tuple(scheduled),
        text=first.text if first else "",
        left=left,
        changed=bool(write.changes),
    )


def _accounts(desk: Desk, base: Activity) -> tuple[str, ...]:
    """Returns the names of the accounts of the posts that a step was about, each once."""
    names = {account.id: account.name for account in desk.settings.accounts}
    posts: list[Outgoing] = []
    for item_id in base.ids:
        if item_id[:1] == POST:
            posts += desk.store.outgoing.of_post(item_id)
        elif item_id[:1] == VARIANT and (item := desk.store.get(Outgoing, item_id)):
            posts.append(item)
    return tuple(dict.fromkeys(names.get(item.account, item.network) for item in posts))


def _revert(desk: Desk, write: Write, target: Activity) -> list[Left]:
    """Restores the fields that each change of the step had before. Returns the items that were left, and why."""
    left: list[Left] = []
    outgoing = [change for change in target.changes if kind_of(change.id) in (Outgoing, Act)]
    too_late = False
    for change in reversed(outgoing):
        changed_once = sum(other.id == change.id for other in outgoing) == 1
        only_draft = changed_once and change.before is None and (change.after or {}).get("state") == OutgoingState.DRAFT
        not_reverted = _revert_outgoing(desk, write, change, only_draft)
        if not_reverted:
            too_late = True
            left.append(not_reverted)
    for change in reversed(target.changes):
        if kind_of(change.id) is Conversation and too_late:
            continue  # its reply stays sent: so does the conversation's status
        if change not in outgoing:
            left += _revert_fields(desk, write, change)
    for change in outgoing:
        _reopen(desk, write, change)
    return left


def _revert_outgoing(desk: Desk, write: Write, change: Change, only_draft: bool) -> Left | None:
    """Reverts one change of an outgoing item or an act: what the step scheduled becomes a draft again.

    `only_draft`: the step only wrote this draft, which is discarded then. Returns the item if it is too late for it.
    """
    kind = kind_of(change.id)
    current = desk.store.get(kind, change.id)
    if current is None:
        return None if change.before is None else Left(change.id, "gone")
    if current.state in OUT:
        return Left(change.id, current.state.value)
    was_draft = change.before is None or (change.before.get("state") == "draft")
    if was_draft and (kind is Act or only_draft):
        write.put(replace(current, state=OutgoingState.DISCARDED))
        return None
    fields = {} if change.before is None else _untouched(current, change)
    restored = desk.store.with_fields(change.id, fields) or current
    if was_draft:
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
    """Returns the earlier values of the fields that nobody changed since."""
    now = to_document(current)
    after = change.after or {}
    return {key: value for key, value in (change.before or {}).items() if now.get(key) == after.get(key)}


def _revert_fields(desk: Desk, write: Write, change: Change) -> list[Left]:
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


def _reopen(desk: Desk, write: Write, change: Change) -> None:
    """Reopens the conversation of a reply that is a draft again or discarded; the draft becomes the conversation's."""
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
