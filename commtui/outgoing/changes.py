"""The verbs on replies and posts that are not sent yet: edit, reschedule, hold, recall, retry, release, discard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Desk, recorded_step
from commtui.activity.errors import AmbiguousId
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import ChangedMeanwhile, WrongItemState
from commtui.activity.reopening import reopen_unanswered
from commtui.model import ids, text
from commtui.model.conversations import waiting
from commtui.model.outgoing import Content, at_time, content_of, fresh_start, on_request
from commtui.model.records import ActKind, Conversation, Outgoing
from commtui.model.states import HELD_BY_CAMPAIGN, LEAVING, Lane, OutgoingState, Reason, WrongState, transition
from commtui.model.threads import is_part
from commtui.model.times import wall_text
from commtui.model.when import When
from commtui.outgoing.campaign_answers import name_campaign
from commtui.outgoing.checks import check
from commtui.outgoing.dating import learn_dates
from commtui.outgoing.form import PLAIN, Form
from commtui.outgoing.several import do_where_possible
from commtui.store.write import Write

Ids = Sequence[str]
LETTERS: Final = {Lane.COMMUNITY: ids.REPLY, Lane.MARKETING: ids.VARIANT}
"""With which the ids of a lane's items begin."""
_NOTHING: Final[Mapping[str, Content]] = MappingProxyType({})


def change(
    desk: Desk,
    verb: str,
    named: Ids,
    changed: Callable[[Outgoing], Outgoing],
    *,
    detail: str = "",
    leaves_at: datetime | None = None,
    hold_window: bool = False,
) -> Outcome:
    """Changes each named item and its conversation, all in one step. Raises TriageError: nothing has changed then."""
    with recorded_step(desk, verb, tuple(named)) as step:
        items = [item for given in named for item in resolve.outgoing(desk.store, given)]
        for item in items:
            try:
                new = changed(item)
            except WrongState as error:
                raise WrongItemState(item.id, error.event, error.state, error.possible) from error
            step.write.put(new)
            if new.remote_id != item.remote_id:
                name_campaign(desk.store, step.write, new)
            if new.remote_id != item.remote_id and new.sent_at != item.doubtful_since:  # by the server's date
                learn_dates(step.write, new)
            if new.conversation:
                _update_conversation(desk, step.write, item, new)
        step.detail = detail
    return Outcome(
        verb=verb,
        ids=tuple(item.id for item in items),
        op_id=step.op_id if step.changed else None,
        leaves_at=leaves_at,
        hold_window=hold_window,
    )


def _update_conversation(desk: Desk, write: Write, old: Outgoing, new: Outgoing) -> None:
    """Sets the status and the draft of a reply's conversation after the reply changed its state."""
    conversation = desk.store.get(Conversation, new.conversation or "")
    if conversation is None or old.state is new.state:
        return
    conversation = resolve.elder(desk.store, conversation)
    if new.state is OutgoingState.SCHEDULED and old.state is not OutgoingState.SCHEDULED:
        write.put(waiting(conversation))
    elif new.state is OutgoingState.DRAFT:
        if conversation.draft is None:
            conversation = replace(conversation, draft=new.id)
            write.put(conversation)
        reopen_unanswered(write, desk.store, conversation)
    elif new.state is OutgoingState.DISCARDED:
        if conversation.draft == new.id:
            conversation = replace(conversation, draft=None)
            write.put(conversation)
        reopen_unanswered(write, desk.store, conversation)
    elif new.state is OutgoingState.SENT:
        write.put(replace(conversation, answered=True))


def recall(desk: Desk, named: Ids) -> Outcome:
    """Makes it a draft again. An item that is sent can't be recalled, only deleted."""

    def changed(item: Outgoing) -> Outgoing:
        if item.state is OutgoingState.DRAFT:
            return item
        new = replace(item, state=transition(item.state, "recall"), next_try_at=None, error=None, reason=None)
        return on_request(new)  # from here on nothing sends it but a person

    return change(desk, "recall", named, changed)


def discard(desk: Desk, named: Ids) -> Outcome:
    """Makes sure that it is not sent. Undo restores it."""

    def changed(item: Outgoing) -> Outgoing:
        if item.state is OutgoingState.DISCARDED:
            return item
        return replace(item, state=transition(item.state, "discard"), next_try_at=None)

    return change(desk, "discard", named, changed)


def retry(desk: Desk, named: Ids) -> Outcome:
    """Tries again at once, with the same idempotency key, without the rest of the backoff."""

    def changed(item: Outgoing) -> Outgoing:
        return replace(
            fresh_start(on_request(item), desk.now + desk.settings.hold),
            state=transition(item.state, "retry"),
            scheduled_at=desk.now,
            hold_window=True,
        )

    return change(desk, "retry", named, changed)


def confirm(desk: Desk, named: Ids) -> Outcome:
    """Marks an item as sent of which nothing else can tell. It takes the address of the one text that may be it."""

    def changed(item: Outgoing) -> Outgoing:
        new = replace(
            item,
            state=transition(item.state, "confirm"),
            sent_at=item.doubtful_since or desk.now,
            next_try_at=None,
            error=None,
            reason=Reason.CONFIRMED,
            look_alikes=(),
        )
        if len(item.look_alikes) != 1:
            return new
        found = item.look_alikes[0]
        return replace(new, remote_id=found.remote_id, url=found.url, sent_at=found.created_at or new.sent_at)

    return change(desk, "confirm", named, changed)


def release(desk: Desk, named: Ids, force: bool = True) -> Outcome:
    """Schedules a held item again. With `force` it is sent even if the reason for which it was held still applies."""

    def changed(item: Outgoing) -> Outgoing:
        return replace(
            fresh_start(on_request(item), desk.now + desk.settings.hold),
            state=transition(item.state, "release"),
            force=force,
        )

    return change(desk, "release", named, changed)


def hold(desk: Desk, named: Ids, reason: Reason = Reason.BY_HAND) -> Outcome:
    """Keeps a scheduled item from being sent until it is released."""

    def changed(item: Outgoing) -> Outgoing:
        if item.state is OutgoingState.HELD:  # by hand it stays held when its campaign goes on
            return replace(item, reason=reason) if item.reason in HELD_BY_CAMPAIGN else item
        return replace(item, state=transition(item.state, "hold"), reason=reason)

    return change(desk, "hold", named, changed, detail=reason)


def count_leaving(desk: Desk) -> int:
    """Returns the number of items that would be sent by themselves."""
    counts = desk.store.outgoing.counts()
    return sum(counts.get((lane, state), 0) for lane in Lane for state in LEAVING)


def hold_all(desk: Desk) -> Outcome:
    """Holds all items that would be sent by themselves, for an emergency. What leaves meanwhile is left out."""
    items = desk.store.outgoing
    leaving = [
        ids.from_number(letter, number)
        for lane, letter in LETTERS.items()
        for state in LEAVING
        for number in items.in_state(lane, state)
    ]
    return do_where_possible(desk, leaving, "hold", lambda desk, part: hold(desk, part, Reason.ALL_BY_HAND))


def held_at_once(desk: Desk) -> list[Outgoing]:
    """Returns the items that `hold_all` holds."""
    numbers = [number for lane in Lane for number in desk.store.outgoing.in_state(lane, OutgoingState.HELD)]
    items = (desk.store.at(Outgoing, number) for number in numbers)
    return [item for item in items if item is not None and item.reason == Reason.ALL_BY_HAND]


def release_all(desk: Desk) -> Outcome:
    """Schedules again what `hold_all` holds, each item at its time; delivery checks them as if nobody had held them."""
    held = [item.id for item in held_at_once(desk)]
    return do_where_possible(desk, held, "release", lambda desk, part: release(desk, part, force=False))


def edit(desk: Desk, named: str, body: str, form: Form = PLAIN, known: Mapping[str, Content] = _NOTHING) -> Outcome:
    """Replaces its text, and its files, content warning and time where the form has them. An item that is sent gets
    another text on the network by an act, after the hold window.

    `known`: id -> what the writer saw of the item. Raises AmbiguousId for a post whose parts are posts of their own by
    now, ChangedMeanwhile for an item that is no longer as the writer saw it.
    """
    clean = text.clean(body)
    items = resolve.outgoing(desk.store, named)
    if len(items) > 1 and any(is_part(item) for item in items):  # one text must not be written over all of a thread
        raise AmbiguousId(named, [item.id for item in items])
    if len(items) == 1 and items[0].state is OutgoingState.SENT:
        _check_known(desk, items[0], known)
        return _edit_sent(desk, items[0], clean)

    def changed(item: Outgoing) -> Outgoing:
        _check_known(desk, item, known)
        typed = item.typed_at if clean == item.text else None
        new = replace(_formed(desk, item, form), text=clean, state=transition(item.state, "edit"), typed_at=typed)
        if new.state is not OutgoingState.DRAFT:
            check(desk.store, new)
        return new

    return change(desk, "edit", [named], changed)


def _formed(desk: Desk, item: Outgoing, form: Form) -> Outgoing:
    """The item with the files, the warning and the time of a form."""
    earliest = desk.now + desk.settings.hold
    at = max(form.at, earliest) if form.at else earliest
    item = replace(
        item,
        media=item.media if form.media is None else form.media,
        spoiler=item.spoiler if form.spoiler is None else text.one_line(text.clean(form.spoiler)),
    )
    if not form.timed:
        return item
    zone = form.zone or desk.zone
    return replace(at_time(item, When(at, zone, wall_text(at, zone))), hold_window=at == earliest)


def _check_known(desk: Desk, item: Outgoing, known: Mapping[str, Content]) -> None:
    """Raises ChangedMeanwhile for an item that is not as it is known."""
    if known.get(item.id) in (None, content_of(item)):
        return
    step = next(iter(desk.store.log.steps({item.id}, newest_first=True)), None)
    ago = max(0, int((desk.now - step.at).total_seconds())) if step else None
    raise ChangedMeanwhile(item, step.who if step else "", ago)


def _edit_sent(desk: Desk, item: Outgoing, clean: str) -> Outcome:
    from commtui.outgoing.acts import act

    check(desk.store, replace(item, text=clean))
    return act(desk, ActKind.EDIT, item.id, comment=clean)
