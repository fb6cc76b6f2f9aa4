"""Drafts of replies, stored while a person types: one for each conversation, and one more for each further writer."""

from __future__ import annotations

from msgspec.structs import replace

from commtui.activity import passive_log, resolve
from commtui.activity.desk import Desk, recorded_step
from commtui.activity.outcome import Outcome
from commtui.community import concurrent_replies
from commtui.community.concurrent_replies import KnownTexts
from commtui.model import ids, text
from commtui.model.abilities import Visibility, narrower
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState, transition
from commtui.outgoing.form import PLAIN, Form
from commtui.store.store import Store
from commtui.store.write import Write


def visibility_of(mention: Mention, wanted: Visibility | None) -> Visibility:
    """Returns the visibility of an answer: never wider than that of the mention."""
    return narrower(mention.visibility, wanted or mention.visibility)


def draft(desk: Desk, named: str, body: str, form: Form = PLAIN, known: KnownTexts | None = None) -> Outgoing:
    """Stores the text of a draft; called while the person types. Returns the draft.

    A conversation has one draft, and one more for each writer (`known`) who finds another's text there. The draft's id
    and idempotency key are made here, once. This is no step that undo reverts; the log keeps a text that is typed over.
    """
    with desk.store.write() as write:
        return store_draft(desk, write, named, body, form, known)


def store_draft(
    desk: Desk, write: Write, named: str, body: str, form: Form, known: KnownTexts | None, finishes: bool = True
) -> Outgoing:
    """Does the same as `draft`, in an open transaction. `finishes`: as for draft_to_write."""
    mention, conversation = resolve.answered(desk.store, named)
    before = draft_to_write(desk.store, conversation, body, known, finishes)
    item = put_draft(desk, write, mention, conversation, body, form, before)
    passive_log.log_typing(write, desk.now, desk.who, [before] if before else [])
    return item


def draft_to_write(
    store: Store, conversation: Conversation, body: str, known: KnownTexts | None, finishes: bool
) -> Outgoing | None:
    """Returns the draft to write into; None: a new one is needed. `finishes`: the text is that draft, finished."""
    if known is not None:
        return concurrent_replies.draft_of(store, conversation, known, body)
    return (
        None if not finishes and _says_something_else(store, conversation, body) else current_draft(store, conversation)
    )


def put_draft(
    desk: Desk,
    write: Write,
    mention: Mention,
    conversation: Conversation,
    body: str,
    form: Form,
    before: Outgoing | None,
) -> Outgoing:
    """Writes the text into `before`, or into a new draft if that is None. Returns the draft."""
    item = before or Outgoing(
        id=ids.fresh(ids.REPLY),
        account=conversation.account,
        network=conversation.network,
        text="",
        state=OutgoingState.DRAFT,
        created_at=desk.now,
        key=ids.fresh_key(),
        conversation=conversation.id,
        visibility=mention.visibility,
        spoiler=mention.spoiler,
    )
    changed = replace(
        item,
        text=text.clean(body),
        author=desk.who,
        in_reply_to=mention.id,
        in_reply_to_remote=mention.remote_id,
        others=_others(mention, form, before),
        visibility=visibility_of(mention, form.visibility or item.visibility),
        spoiler=item.spoiler if form.spoiler is None else text.one_line(text.clean(form.spoiler)),
        media=item.media if form.media is None else form.media,
        language=item.language if form.language is None else form.language,
        extra={**mention.extra, **({"root": mention.root} if mention.root else {})},
        scheduled_at=form.at if form.timed else item.scheduled_at,
        hold_window=form.at is None if form.timed else item.hold_window,
    )
    if changed != item:
        item = replace(changed, typed_at=desk.now)
    write.put(item)
    if conversation.draft != item.id and current_draft(desk.store, conversation) is None:
        write.put(replace(conversation, draft=item.id))
    return item


def _others(mention: Mention, form: Form, before: Outgoing | None) -> tuple[str, ...]:
    """Returns whom an answer keeps beside the author: whom the form or the draft names, else all of the mention."""
    if form.others is not None:
        return form.others
    return before.others if before and before.in_reply_to == mention.id else mention.others


def _says_something_else(store: Store, conversation: Conversation, body: str) -> bool:
    """Whether the conversation's draft has another text than `body`."""
    current = current_draft(store, conversation)
    return current is not None and current.text.strip() not in ("", text.clean(body).strip())


def current_draft(store: Store, conversation: Conversation) -> Outgoing | None:
    """Returns the conversation's draft, if it has one."""
    item = store.get(Outgoing, conversation.draft) if conversation.draft else None
    return item if item is not None and item.state is OutgoingState.DRAFT else None


def drop_draft(desk: Desk, named: str, known: KnownTexts | None = None) -> Outcome:
    """Discards the conversation's draft, or with `known` the draft of that writer. Undo restores it."""
    with recorded_step(desk, "discard", (named,)) as step:
        conversation = resolve.conversation(desk.store, named)
        item = current_draft(desk.store, conversation)
        if known is not None:
            own = desk.store.get(Outgoing, known.draft) if known.draft else None
            item = own if own and own.state is OutgoingState.DRAFT and known.is_own(own) else None
        if item is not None:
            step.write.put(replace(item, state=transition(item.state, "discard")))
            if conversation.draft == item.id:
                step.write.put(replace(conversation, draft=None))
    return Outcome(verb="discard-draft", ids=(item.id,) if item else (), op_id=step.op_id if item else None)
