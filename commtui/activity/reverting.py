"""Reverts the changes of a step, field by field. Fields that were changed since are left and reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.activity.grouping import settle
from commtui.activity.outcome import Left
from commtui.activity.reopening import reopen_unanswered
from commtui.activity.resolve import elder
from commtui.model.outgoing import fresh_start
from commtui.model.records import Act, Activity, Campaign, Change, Conversation, Link, Note, Outgoing, Person, Series
from commtui.model.states import LEAVING, TRANSITIONS, OutgoingState, Reason
from commtui.store.codec import to_document
from commtui.store.write import Write, kind_of, record_of

OUT = frozenset((OutgoingState.SENDING, OutgoingState.SENT, OutgoingState.UNKNOWN))
"""States in which it is too late to recall: the text is published, or may be."""
_PLACE = frozenset(("conversation", "came_to"))
_SETTLED = _PLACE | {
    *("mentions", "answered", "draft", "newest", "newest_at", "author", "author_name", "text", "via", "visibility"),
    *("spoiler", "language", "language_guess", "newest_edited", "newest_deleted", "newest_pending", "attached"),
    *("due_at", "risk_at", "due_by"),
}
"""Fields that `settle` writes anew."""


def revert(desk: Desk, write: Write, target: Activity) -> list[Left]:
    """Restores the fields that each change of the step had before. Returns the items that were left, and why."""
    left: list[Left] = []
    outgoing = [change for change in target.changes if _is_outgoing(change)]
    too_late = False
    for change in reversed(outgoing):
        changed_once = sum(other.id == change.id for other in outgoing) == 1
        only_draft = changed_once and change.before is None and (change.after or {}).get("state") == OutgoingState.DRAFT
        not_reverted = _revert_outgoing(desk, write, change, only_draft)
        if not_reverted:
            too_late = True
            left.append(not_reverted)
    others = [change for change in reversed(target.changes) if not _is_outgoing(change)]
    if too_late:  # its reply stays sent: so does the conversation's status
        others = [change for change in others if kind_of(change.id) is not Conversation]
    for batch in _batches(others):
        left += _revert_each(desk, write, batch)
    for change in outgoing:
        _reopen(desk, write, change)
    regrouped = _regrouped(desk, target)
    if not regrouped:
        return left
    _fold_created(desk, write, target)
    settle(desk.store, write, regrouped)
    return [kept for item in left if (kept := _not_settled(item)) is not None]


def _is_outgoing(change: Change) -> bool:
    """Whether a change is of an outgoing item or an act, and not only of the conversation in which it stands."""
    moves = change.before is not None and change.after is not None and change.before.keys() <= _PLACE
    return kind_of(change.id) in (Outgoing, Act) and not moves


def _regrouped(desk: Desk, target: Activity) -> list[str]:
    """Returns the conversations between which a step moved texts: what was merged or split."""
    moved = [
        change for change in target.changes if change.before and change.after and not _PLACE.isdisjoint(change.before)
    ]
    named = [
        values.get(name) for change in moved for values in (change.before, change.after) for name in _PLACE if values
    ]
    merged = [change.id for change in target.changes if change.before and "folded_into" in change.before]
    found = dict.fromkeys(filter(None, (*named, *merged)))
    return [identity for identity in found if desk.store.get(Conversation, identity)]


def _fold_created(desk: Desk, write: Write, target: Activity) -> None:
    """Folds a conversation that the step has split off into the one where its mentions stood; its id stays valid."""
    for change in target.changes:
        created = desk.store.get(Conversation, change.id) if change.before is None else None
        if created is None or kind_of(change.id) is not Conversation:
            continue
        moved = (
            other for other in target.changes if other.before and (other.after or {}).get("conversation") == change.id
        )
        before = next((other.before for other in moved), None) or {}
        into = before.get("came_to") or before.get("conversation")
        if into:
            write.put(replace(created, folded_into=into, draft=None))


def _not_settled(left: Left) -> Left | None:
    """Returns what was left, without what follows from where texts stand now."""
    fields = tuple(field for field in left.fields if field not in _SETTLED)
    return None if left.fields and not fields else replace(left, fields=fields)


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
    if change.before is None and isinstance(current, Outgoing) and current.series is not None:
        write.put(replace(current, state=OutgoingState.DISCARDED, reason=Reason.SERIES, next_try_at=None))
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


def _batches(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Yields changes that can be reverted at once: of records of one kind that are there, each changed once."""
    batch: dict[str, Change] = {}
    for change in changes:
        alone = change.before is None or change.after is None
        if batch and (alone or change.id in batch or change.id[0] != next(iter(batch))[0]):
            yield list(batch.values())
            batch = {}
        if alone:
            yield [change]
        else:
            batch[change.id] = change
    if batch:
        yield list(batch.values())


def _revert_each(desk: Desk, write: Write, changes: Sequence[Change]) -> list[Left]:
    """Reverts the changes of one of `_batches`."""
    first = changes[0]
    kind = kind_of(first.id)
    if first.before is None:
        if kind is Campaign and any(
            item.state is not OutgoingState.DISCARDED for item in desk.store.outgoing.of_campaign(first.id)
        ):
            return [Left(first.id, "used")]
        if kind is Series:
            _discard_made(desk, write, first.id)
        if kind in (Note, Link, Campaign, Series):
            write.remove(kind, first.id)
        if kind is Person:  # what was written down since stays
            return _revert_each(desk, write, [replace(first, before=to_document(Person(id=first.id)))])
        return []
    if first.after is None:
        write.put(record_of(kind, first.before))
        return []
    left = []
    for change, stays in zip(changes, write.restore_each(kind, changes), strict=True):
        if kind is Series:  # what was made since stays made
            stays = stays and tuple(field for field in stays if field != "made_until")
        if stays is None:
            left.append(Left(change.id, "gone"))
        elif stays:
            left.append(Left(change.id, "changed", stays))
    return left


def _discard_made(desk: Desk, write: Write, series: str) -> None:
    """Discards what would leave of a series that goes, what was made since its first posts included."""
    for item in desk.store.outgoing.of_series(series):
        if item.state in TRANSITIONS["hold"] or item.state is OutgoingState.HELD:
            write.put(replace(item, state=OutgoingState.DISCARDED, reason=Reason.SERIES, next_try_at=None))


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
