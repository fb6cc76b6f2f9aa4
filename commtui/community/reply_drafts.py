"""The draft of a reply: kept while a person types, one for each conversation and writer."""

from __future__ import annotations

from msgspec.structs import replace

from commtui.activity import passive_log, resolve
from commtui.activity.desk import Desk, Outcome, recorded_step
from commtui.community import concurrent_replies
from commtui.community.concurrent_replies import Begun
from commtui.model import ids as identity
from commtui.model import text
from commtui.model.abilities import Visibility, narrower
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState, transition
from commtui.outgoing.form import PLAIN, Form
from commtui.store.store import Store
from commtui.store.write import Write


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
        return keep_draft(desk, write, text_id, body, form, begun)


def keep_draft(
    desk: Desk, write: Write, text_id: str, body: str, form: Form, begun: Begun | None, finishes: bool = True
) -> Outgoing:
    mention, held = resolve.answered(desk.store, text_id)
    before = draft_to_write(desk.store, held, body, begun, finishes)
    made = put_draft(desk, write, mention, held, body, form, before)
    passive_log.typed(write, desk.now, desk.who, [before] if before else [])
    return made


def draft_to_write(store: Store, held: Conversation, body: str, begun: Begun | None, finishes: bool) -> Outgoing | None:
    """The draft that a text goes into; None: one of its own."""
    if begun is not None:
        return concurrent_replies.own(store, held, begun, body)
    return None if not finishes and _is_another_text(store, held, body) else current_draft(store, held)


def put_draft(
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


def _is_another_text(store: Store, held: Conversation, body: str) -> bool:
    """Whether somebody is writing something else in this conversation."""
    kept = current_draft(store, held)
    return kept is not None and kept.text.strip() not in ("", text.clean(body).strip())


def current_draft(store: Store, held: Conversation) -> Outgoing | None:
    """The conversation's draft, if one is being written."""
    found = store.get(Outgoing, held.draft) if held.draft else None
    return found if found is not None and found.state is OutgoingState.DRAFT else None


def drop_draft(desk: Desk, text_id: str, begun: Begun | None = None) -> Outcome:
    """Throws the conversation's draft away, or with `begun` that writer's (undo brings it back)."""
    with recorded_step(desk, "discard", (text_id,)) as taken:
        held = resolve.conversation(desk.store, text_id)
        kept = current_draft(desk.store, held)
        if begun is not None:
            mine = desk.store.get(Outgoing, begun.draft) if begun.draft else None
            kept = mine if mine and mine.state is OutgoingState.DRAFT and mine.text == begun.text else None
        if kept is not None:
            taken.write.put(replace(kept, state=transition(kept.state, "discard")))
            if held.draft == kept.id:
                taken.write.put(replace(held, draft=None))
    return Outcome("draft discarded" if kept else "no draft here", (kept.id,) if kept else (), taken.op_id)
