"""The verbs that change a conversation here and on no network: done, snooze, assign, tag, note, read, mute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from commtui.activity import moments, resolve
from commtui.activity.desk import Desk, recorded_step
from commtui.activity.errors import BadPriority, EmptyNote, NoName
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import AlreadyAssigned
from commtui.activity.tags import tag_name
from commtui.model import clock, ids, text
from commtui.model.conversations import waits_for_us, without_ended_mute
from commtui.model.records import Conversation, Note
from commtui.model.states import ConversationStatus, Priority
from commtui.store.store import Store

Ids = Sequence[str]
FOR_EVER: Final = "for ever"
"""What is given to `mute` as a time, for a mute that does not end."""
STEPS_SEARCHED: Final = 10_000
"""The newest steps that are searched for the time of an assignment: a screen waits for it."""


def change(
    desk: Desk,
    verb: str,
    named: Ids,
    changed: Callable[[Conversation], Conversation],
    *,
    value: str | None = None,
    until: datetime | None = None,
    undoable: bool = True,
) -> Outcome:
    """Changes each named conversation once, as one step. Raises UnknownId, AmbiguousId: nothing has changed then.

    `changed` gets none that is muted by a mute that has ended.
    """
    now = desk.now
    with recorded_step(desk, verb, tuple(named), undoable=undoable) as step:
        conversations = resolve.conversations(desk.store, named)
        current = [without_ended_mute(conversation, now) for conversation in conversations]
        new = {conversation.id: changed(conversation) for conversation in current}
        different = {
            conversation.id: new[conversation.id] for conversation in current if new[conversation.id] != conversation
        }
        step.write.put_each(Conversation, different)
        step.detail = clock.to_iso(until) if until else value or ""
    reported = tuple(different) or tuple(new)
    return Outcome(verb=verb, ids=reported, op_id=step.op_id if different else None, value=value, until=until)


def _awake(conversation: Conversation) -> Conversation:
    return replace(conversation, snoozed_until=None, snoozed_for_answer=False)


def done(desk: Desk, named: Ids) -> Outcome:
    """Marks it done. A new mention reopens it."""
    now = desk.now

    def changed(conversation: Conversation) -> Conversation:
        if conversation.status is ConversationStatus.DONE:
            return conversation
        return replace(_awake(conversation), status=ConversationStatus.DONE, done_at=now, unread=False)

    return change(desk, "done", named, changed)


def reopen(desk: Desk, named: Ids) -> Outcome:
    """Opens it again, whether it was done, waiting or snoozed. An author who did not wait for us does since now."""
    now = desk.now

    def changed(conversation: Conversation) -> Conversation:
        since = conversation.since if waits_for_us(conversation, now) else now
        return replace(_awake(conversation), status=ConversationStatus.OPEN, done_at=None, since=since)

    return change(desk, "reopen", named, changed)


def read(desk: Desk, named: Ids, *, undoable: bool = True) -> Outcome:
    """Marks it as read."""
    return change(desk, "read", named, lambda conversation: replace(conversation, unread=False), undoable=undoable)


def mute(desk: Desk, named: Ids, until: str = FOR_EVER) -> Outcome:
    """Hides it from the queue, also when the author writes again, for ever or until a time (WHEN). Nothing is sent to
    the network. Raises BadTime."""
    ends_at = None if until.strip().lower() in ("", FOR_EVER) else moments.moment(desk, until)
    return change(
        desk,
        "mute",
        named,
        lambda conversation: replace(conversation, muted=True, muted_until=ends_at),
        until=ends_at,
    )


def unmute(desk: Desk, named: Ids) -> Outcome:
    """Shows a muted conversation in the queue again."""
    return change(desk, "unmute", named, lambda conversation: replace(conversation, muted=False, muted_until=None))


def assign(desk: Desk, named: Ids, who: str) -> Outcome:
    """Assigns it to a teammate, also if another has it; `nobody` unassigns it. Raises NoName for an empty `who`."""
    name = teammate(desk, who)
    outcome = change(desk, "assign", named, lambda conversation: replace(conversation, assignee=name), value=name)
    return replace(outcome, stranger=is_stranger(desk, who))


def claim(desk: Desk, named: Ids) -> Outcome:
    """Assigns it to this person. Raises AlreadyAssigned if another person has it."""

    def changed(conversation: Conversation) -> Conversation:
        if conversation.assignee not in (None, desk.who):
            since = assigned_since(desk.store, conversation)
            raise AlreadyAssigned(conversation.id, conversation.author, conversation.assignee or "", since)
        return replace(conversation, assignee=desk.who)

    return change(desk, "claim", named, changed, value=desk.who)


def assigned_since(store: Store, conversation: Conversation) -> datetime | None:
    """Returns when it was assigned to whoever has it; None: nobody has it, or the newest steps do not say."""
    if conversation.assignee is None:
        return None
    step = store.log.last_change(conversation.id, "assignee", STEPS_SEARCHED)
    return step.at if step else None


def teammate(desk: Desk, who: str) -> str | None:
    """Returns the name that `who` means: this person's for `me`, None for `nobody`. Raises NoName if it is empty."""
    name = text.one_line(text.clean(who)).strip().lstrip("@")
    if name == "nobody":
        return None
    if not name:
        raise NoName
    return desk.who if name == "me" else name


def is_stranger(desk: Desk, who: str) -> bool:
    """Whether a name is not among the config's teammates, if it lists any. Such a name is accepted."""
    name = teammate(desk, who)
    return bool(desk.settings.teammates) and name not in (None, desk.who, *desk.settings.teammates)


def snooze(desk: Desk, named: Ids, until: str) -> Outcome:
    """Hides it from the queue until a time (WHEN), or with `answer` until the author writes again. Raises BadTime."""
    if until.strip().lower() in ("answer", "until answer"):
        return snooze_until(desk, named, None)
    return snooze_until(desk, named, moments.moment(desk, until))


def snooze_until(desk: Desk, named: Ids, moment: datetime | None) -> Outcome:
    """Snoozes until a time; None: until the author answers.

    An author who waits for us goes on to wait. One who does not will from that time on; until an answer, not at all.
    """
    now = desk.now

    def changed(conversation: Conversation) -> Conversation:
        waits = waits_for_us(conversation, now)
        return replace(
            conversation,
            status=ConversationStatus.OPEN if waits or moment else ConversationStatus.WAITING,
            since=conversation.since if waits or moment is None else moment,
            done_at=None,
            snoozed_until=moment,
            snoozed_for_answer=moment is None,
            unread=False,
        )

    return change(desk, "snooze", named, changed, value="answer" if moment is None else None, until=moment)


def tag(desk: Desk, named: Ids, name: str) -> Outcome:
    """Adds a tag. Raises BadTag if it is empty or several words."""
    tag = tag_name(name)
    return change(
        desk,
        "tag",
        named,
        lambda conversation: replace(conversation, tags=tuple(sorted({*conversation.tags, tag}))),
        value=tag,
    )


def untag(desk: Desk, named: Ids, name: str) -> Outcome:
    """Removes a tag. Raises BadTag."""
    tag = tag_name(name)
    return change(
        desk,
        "untag",
        named,
        lambda conversation: replace(conversation, tags=tuple(other for other in conversation.tags if other != tag)),
        value=tag,
    )


def prioritize(desk: Desk, named: Ids, word: str) -> Outcome:
    """Gives it a priority: urgent, high, normal or low. Raises BadPriority."""
    try:
        priority = Priority(word.strip().lower())
    except ValueError:
        raise BadPriority(word) from None
    return change(
        desk,
        "priority",
        named,
        lambda conversation: replace(conversation, priority=priority),
        value=priority.value,
    )


def note(desk: Desk, named: Ids, body: str) -> Outcome:
    """Adds an internal note to each conversation; notes are never sent. Raises EmptyNote."""
    clean = text.clean(body).strip()
    if not clean:
        raise EmptyNote
    with recorded_step(desk, "note", tuple(named)) as step:
        conversations = resolve.conversations(desk.store, named)
        for conversation in conversations:
            step.write.put(
                Note(id=ids.fresh(ids.NOTE), conversation=conversation.id, who=desk.who, at=desk.now, text=clean)
            )
        step.detail = clean
    return Outcome(verb="note", ids=tuple(conversation.id for conversation in conversations), op_id=step.op_id)
