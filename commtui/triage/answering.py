"""The reply: its draft, and sending it from there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from commtui.model import ids as identity
from commtui.model import text, when
from commtui.model.abilities import Limits, Visibility, narrower
from commtui.model.addressing import addressed, domain_of, local_name
from commtui.model.length import excess
from commtui.model.record import record
from commtui.model.records import AccountState, Conversation, Media, Mention, Outgoing
from commtui.model.states import ConversationStatus, OutgoingState
from commtui.model.states import step as follow
from commtui.store.store import Store, Write
from commtui.triage import beside, noting, resolve
from commtui.triage.beside import AWAITED, Begun, Beside
from commtui.triage.desk import Desk, Outcome, step
from commtui.triage.errors import TriageError, UnknownId


@record
class Form:
    """What a person sets beside the text. None: as the draft, the account and the mention have it."""

    visibility: Visibility | None = None
    spoiler: str | None = None
    media: tuple[Media, ...] | None = None
    language: str | None = None
    thread: bool = False
    """A text too long for one post goes out as several (posts only)."""
    quote: str | None = None
    """Our id of the mention, or of the reply or post of ours, that a post shows."""
    timed: bool = False
    """`at` is meant (replies only): None is then after the hold window, whatever time the draft had."""
    at: datetime | None = None


PLAIN = Form()


def limits_of(store: Store, account: str) -> Limits:
    """The bounds of the account's server; without any until it was asked once."""
    known = store.get(AccountState, account)
    return known.limits if known else Limits()


def answered(store: Store, text_id: str) -> tuple[Mention, Conversation]:
    """What `reply ID` answers: the mention itself, or the newest of a conversation. Raises UnknownId, Usage."""
    found = resolve.item(store, text_id)
    held = resolve.conversation(store, text_id)
    if isinstance(found, Outgoing) and found.in_reply_to:
        found = store.get(Mention, found.in_reply_to) or found
    mention = found if isinstance(found, Mention) else store.get(Mention, held.newest)
    if mention is None:
        raise UnknownId(f"nothing to answer in {held.id}")
    return mention, held


def visibility_of(mention: Mention, wanted: Visibility | None) -> Visibility:
    """Never wider than what it answers."""
    return narrower(mention.visibility, wanted or mention.visibility)


def draft(desk: Desk, text_id: str, body: str, form: Form = PLAIN, begun: Begun | None = None) -> Outgoing:
    """Keeps what is being written; called while the person types. One draft for each conversation, and one more for
    each writer (`begun`) who finds another's text there.

    Its id and idempotency key are made here, once. Not a step of its own: nothing to undo; the log has what it said
    before somebody came back to it.
    """
    with desk.store.write() as write:
        return _keep_draft(desk, write, text_id, body, form, begun)


def _keep_draft(
    desk: Desk, write: Write, text_id: str, body: str, form: Form, begun: Begun | None, finishes: bool = True
) -> Outgoing:
    mention, held = answered(desk.store, text_id)
    before = _kept_draft(desk.store, held, body, begun, finishes)
    made = _put_draft(desk, write, mention, held, body, form, before)
    noting.typed(write, desk.now, desk.who, [before] if before else [])
    return made


def _kept_draft(store: Store, held: Conversation, body: str, begun: Begun | None, finishes: bool) -> Outgoing | None:
    """The draft that a text goes into; None: one of its own."""
    if begun is not None:
        return beside.own(store, held, begun, body)
    return None if not finishes and _is_another(store, held, body) else current_draft(store, held)


def _put_draft(
    desk: Desk, write: Write, mention: Mention, held: Conversation, body: str, form: Form, kept: Outgoing | None
) -> Outgoing:
    """The draft with this text: `kept`, or a new one, which leaves another draft of the conversation as it is."""
    made = kept or Outgoing(
        id=identity.fresh(identity.REPLY),
        account=held.account,
        network=held.network,
        text="",
        state=OutgoingState.DRAFT,
        created_at=desk.now,
        key=identity.fresh("k") + identity.fresh("k")[1:],
        conversation=held.id,
        visibility=mention.visibility,
        spoiler=mention.spoiler,
    )
    changed = replace(
        made,
        text=text.clean(body),
        author=desk.who,
        in_reply_to=mention.id,
        in_reply_to_remote=mention.remote_id,
        visibility=visibility_of(mention, form.visibility or made.visibility),
        spoiler=made.spoiler if form.spoiler is None else text.one_line(text.clean(form.spoiler)),
        media=made.media if form.media is None else form.media,
        language=made.language if form.language is None else form.language,
        extra={**mention.extra, **({"root": mention.root} if mention.root else {})},
        scheduled_at=form.at if form.timed else made.scheduled_at,
        hold_window=form.at is None if form.timed else made.hold_window,
    )
    if changed != made:
        made = replace(changed, typed_at=desk.now)
    write.put(made)
    if held.draft != made.id and current_draft(desk.store, held) is None:
        write.put(replace(held, draft=made.id))
    return made


def _is_another(store: Store, held: Conversation, body: str) -> bool:
    """Whether somebody is writing something else in this conversation."""
    kept = current_draft(store, held)
    return kept is not None and kept.text.strip() not in ("", text.clean(body).strip())


def current_draft(store: Store, held: Conversation) -> Outgoing | None:
    """The conversation's draft, if one is being written."""
    found = store.get(Outgoing, held.draft) if held.draft else None
    return found if found is not None and found.state is OutgoingState.DRAFT else None


def drop_draft(desk: Desk, text_id: str, begun: Begun | None = None) -> Outcome:
    """Throws the conversation's draft away, or with `begun` that writer's (undo brings it back)."""
    with step(desk, "discard", (text_id,)) as taken:
        held = resolve.conversation(desk.store, text_id)
        kept = current_draft(desk.store, held)
        if begun is not None:
            mine = desk.store.get(Outgoing, begun.draft) if begun.draft else None
            kept = mine if mine and mine.state is OutgoingState.DRAFT and mine.text == begun.text else None
        if kept is not None:
            taken.write.put(replace(kept, state=follow(kept.state, "discard")))
            if held.draft == kept.id:
                taken.write.put(replace(held, draft=None))
    return Outcome("draft discarded" if kept else "no draft here", (kept.id,) if kept else (), taken.op_id)


def as_sent(store: Store, account: str, text: str, mention: Mention | None) -> str:
    """The text as its network will count it: some put before an answer the handle of whom it answers."""
    known = store.get(AccountState, account)
    if mention is None or known is None or not known.capabilities.addresses:
        return text
    return addressed(text, local_name(mention.author, known.handle), domain_of(known.handle))


def check(store: Store, item: Outgoing) -> None:
    """Raises TriageError for what its network cannot take: nothing to say, too long, too many attachments."""
    if not item.text.strip() and not item.media:
        raise TriageError("nothing to send: the text is empty")
    mention = store.get(Mention, item.in_reply_to) if item.in_reply_to else None
    counted = item.text if item.state is OutgoingState.SENT else as_sent(store, item.account, item.text, mention)
    known = store.get(AccountState, item.account)
    for ability in ("threads", "quotes"):
        if ability.removesuffix("s") in item.extra and known and not getattr(known.capabilities, ability):
            raise TriageError(f"{item.network} has no {ability}")
    if "thread" in item.extra:  # its network cuts it into posts that fit
        return
    too_much = excess(counted, limits_of(store, item.account), item.spoiler, len(item.media))
    if too_much:
        raise TriageError(too_much + (" with the handle put before it" if counted != item.text else ""))


def reply(
    desk: Desk,
    text_id: str,
    body: str,
    form: Form = PLAIN,
    hold: timedelta | None = None,
    finishes_draft: bool = False,
    begun: Begun | None = None,
) -> tuple[Outgoing, Outcome]:
    """Puts the reply on its way: it leaves at the form's time, else when the hold window is over, and can be recalled
    until then.

    `finishes_draft`: it is the conversation's draft, written to its end; otherwise a draft with another text stays.
    `begun`: what the writer knows of our other texts there. Raises UnknownId, AmbiguousId; Beside when there are
    others; TriageError when it cannot be sent: then the text is kept as a draft.
    """
    try:
        with step(desk, "reply", (text_id,)) as taken:
            mention, held = answered(desk.store, text_id)
            if begun is not None:
                beside.look(desk, held, begun)
            kept = _kept_draft(desk.store, held, body, begun, finishes_draft)
            made = _put_draft(desk, taken.write, mention, held, body, form, kept)
            check(desk.store, made)
            earliest = desk.now + (desk.settings.hold if hold is None else hold)
            leaves = max(form.at, earliest) if form.timed and form.at else earliest
            sent = replace(
                made,
                state=follow(made.state, "schedule"),
                scheduled_at=leaves,
                hold_window=leaves == earliest,
                zone=desk.zone,
                error=None,
                reason=None,
                tries=0,
                next_try_at=None,
                force=False,
                typed_at=None,
            )
            taken.write.put(sent)
            held = taken.write.get(Conversation, held.id) or held
            apart = held.draft not in (None, sent.id)
            taken.write.put(waiting(held if apart else replace(held, draft=None)))
            taken.detail = sent.text
    except UnknownId:
        raise
    except TriageError as error:
        if text.clean(body).strip():
            with desk.store.write() as write:
                kept = _keep_draft(desk, write, text_id, body, form, begun, finishes_draft)
            if isinstance(error, Beside):
                raise Beside(str(error), replace(error.begun, draft=kept.id, text=kept.text), kept.id) from error
            raise TriageError(f"{error}; kept as draft {kept.id}") from error
        raise
    told = f"reply to {mention.author} leaves {when.echo(leaves, desk.zone, desk.now)}"
    if form.visibility and form.visibility is not sent.visibility:
        told += f"; as {sent.visibility}, like what it answers"
    if apart:
        told += "; the draft that is being written here stays"
    return sent, Outcome(told, (sent.id,), taken.op_id)


def waiting(held: Conversation) -> Conversation:
    """The conversation once our reply is on its way: theirs is the next word."""
    return replace(
        held,
        status=ConversationStatus.WAITING,
        snoozed_until=None,
        snoozed_for_answer=False,
        unread=False,
        done_at=None,
    )


def reopened(write: Write, store: Store, held: Conversation) -> Conversation:
    """The conversation after one of its replies fell out: open again unless another one answers it."""
    if held.status is not ConversationStatus.WAITING:
        return held
    for item in store.find(Outgoing, "conversation", held.id):
        if item.state in AWAITED or (
            item.state is OutgoingState.SENT and (item.sent_at or item.created_at) >= held.since
        ):
            return held
    opened = replace(held, status=ConversationStatus.OPEN)
    write.put(opened)
    return opened
