"""What a person can do with an outgoing item: edit, reschedule, hold, recall, retry, release, discard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Desk, Outcome, recorded_step
from commtui.activity.errors import TriageError
from commtui.activity.moments import moment
from commtui.activity.reopening import reopen_unanswered
from commtui.model import text, when
from commtui.model.conversations import waiting
from commtui.model.outgoing import fresh_start
from commtui.model.records import ActKind, Conversation, Outgoing
from commtui.model.states import BY_HAND, LEAVING, Lane, OutgoingState, WrongState, transition
from commtui.outgoing.checks import check
from commtui.store.write import Write

Ids = Sequence[str]


def change(desk: Desk, verb: str, ids: Ids, make: Callable[[Outgoing], Outgoing], said: str) -> Outcome:
    """Changes each named item as one step; conversations follow their replies. Raises TriageError: nothing changed."""
    with recorded_step(desk, verb, tuple(ids)) as taken:
        found = [item for each in ids for item in resolve.outgoing(desk.store, each)]
        for item in found:
            try:
                new = make(item)
            except WrongState as error:
                raise TriageError(f"{item.id}: {error}") from error
            taken.write.put(new)
            if new.conversation:
                _follow_conversation(desk, taken.write, item, new)
        taken.detail = said
    names = ", ".join(item.id for item in found)
    if not taken.changed:
        return Outcome(f"nothing to change: {names} already {said}")
    return Outcome(f"{said}: {names}", tuple(item.id for item in found), taken.op_id)


def _follow_conversation(desk: Desk, write: Write, old: Outgoing, new: Outgoing) -> None:
    held = desk.store.get(Conversation, new.conversation or "")
    if held is None or old.state is new.state:
        return
    held = resolve.elder(desk.store, held)
    if new.state is OutgoingState.SCHEDULED and old.state is not OutgoingState.SCHEDULED:
        write.put(waiting(held))
    elif new.state is OutgoingState.DRAFT:
        if held.draft is None:
            held = replace(held, draft=new.id)
            write.put(held)
        reopen_unanswered(write, desk.store, held)
    elif new.state is OutgoingState.DISCARDED:
        if held.draft == new.id:
            held = replace(held, draft=None)
            write.put(held)
        reopen_unanswered(write, desk.store, held)


def recall(desk: Desk, ids: Ids) -> Outcome:
    """Back to a draft, its text kept; what is out already can't be recalled (delete it instead)."""

    def make(item: Outgoing) -> Outgoing:
        if item.state is OutgoingState.DRAFT:
            return item
        return replace(item, state=transition(item.state, "recall"), next_try_at=None, error=None, reason=None)

    return change(desk, "recall", ids, make, "a draft again")


def discard(desk: Desk, ids: Ids) -> Outcome:
    """It will not be sent; it stays in the log, and undo brings it back."""

    def make(item: Outgoing) -> Outgoing:
        if item.state is OutgoingState.DISCARDED:
            return item
        return replace(item, state=transition(item.state, "discard"), next_try_at=None)

    return change(desk, "discard", ids, make, "discarded")


def retry(desk: Desk, ids: Ids) -> Outcome:
    """Try again now, with the same key, whatever the backoff says."""

    def make(item: Outgoing) -> Outgoing:
        return replace(
            fresh_start(item, desk.now + desk.settings.hold),
            state=transition(item.state, "retry"),
            scheduled_at=desk.now,
            hold_window=True,
        )

    return change(desk, "retry", ids, make, "on its way again")


def release(desk: Desk, ids: Ids) -> Outcome:
    """Lets a held item go, knowing its reason: the thread is not looked at again."""

    def make(item: Outgoing) -> Outgoing:
        return replace(
            fresh_start(item, desk.now + desk.settings.hold), state=transition(item.state, "release"), force=True
        )

    return change(desk, "release", ids, make, "released")


def hold(desk: Desk, ids: Ids, reason: str = BY_HAND) -> Outcome:
    """Stops what is scheduled until it is released."""

    def make(item: Outgoing) -> Outgoing:
        if item.state is OutgoingState.HELD:
            return item
        return replace(item, state=transition(item.state, "hold"), reason=reason)

    return change(desk, "hold", ids, make, "held")


def leaving(desk: Desk) -> list[str]:
    """The ids of everything that would leave by itself."""
    return [item.id for lane in Lane for item in desk.store.outgoing.active_items(lane) if item.state in LEAVING]


def hold_all(desk: Desk) -> Outcome:
    """Stops everything that would leave by itself: the moment when something has gone wrong in the world."""
    found = leaving(desk)
    return hold(desk, found, f"all held {BY_HAND}") if found else Outcome("nothing is scheduled")


def resting(desk: Desk, ids: Ids) -> list[str]:
    """Those of these ids that would not leave by themselves: a time given to them makes them public.

    Raises TriageError for what can't have one.
    """
    found = [item for each in ids for item in resolve.outgoing(desk.store, each)]
    for item in found:
        try:
            transition(item.state, "reschedule")
        except WrongState as error:
            raise TriageError(f"{item.id}: {error}") from error
    return [item.id for item in found if item.state not in LEAVING]


def reschedule(desk: Desk, ids: Ids, at: str | datetime) -> Outcome:
    """Another time (WHEN). Raises Usage for an unreadable one."""
    leaves = moment(desk, at)

    def make(item: Outgoing) -> Outgoing:
        if item.state in (OutgoingState.DRAFT, OutgoingState.APPROVED):
            check(desk.store, item)
        new = transition(item.state, "reschedule")
        return replace(
            item,
            state=new,
            scheduled_at=leaves,
            hold_window=False,
            zone=desk.zone,
            next_try_at=None,
            error=None,
            reason=None,
        )

    return change(desk, "reschedule", ids, make, f"leaves {when.echo(leaves, desk.zone, desk.now)}")


def edit(desk: Desk, text_id: str, body: str) -> Outcome:
    """Another text. What is out already is changed on the network by an act, which a person sees leave."""
    kept = text.clean(body)
    found = resolve.outgoing(desk.store, text_id)
    if len(found) == 1 and found[0].state is OutgoingState.SENT:
        return _edit_sent(desk, found[0], kept)

    def make(item: Outgoing) -> Outgoing:
        typed = item.typed_at if kept == item.text else None
        new = replace(item, text=kept, state=transition(item.state, "edit"), typed_at=typed)
        if new.state is not OutgoingState.DRAFT:
            check(desk.store, new)
        return new

    return change(desk, "edit", [text_id], make, "edited")


def _edit_sent(desk: Desk, item: Outgoing, kept: str) -> Outcome:
    from commtui.outgoing.acts import act

    check(desk.store, replace(item, text=kept))
    return act(desk, ActKind.EDIT, item.id, comment=kept)
