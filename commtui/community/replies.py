"""Schedules a reply: at a time, or at the end of its hold window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Desk, one_step, recorded_step
from commtui.activity.errors import UnknownId
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import CannotSend, OtherText, Stopped
from commtui.community import concurrent_replies, saved_replies
from commtui.community.concurrent_replies import KnownTexts
from commtui.community.reply_drafts import draft_to_write, put_draft, store_draft
from commtui.model import text
from commtui.model.conversations import waiting
from commtui.model.records import Conversation, Outgoing
from commtui.model.states import transition
from commtui.model.times import wall_text
from commtui.outgoing.checks import check
from commtui.outgoing.form import PLAIN, Form


def reply(
    desk: Desk,
    named: str,
    body: str,
    form: Form = PLAIN,
    hold: timedelta | None = None,
    finishes_draft: bool = False,
    known: KnownTexts | None = None,
) -> tuple[Outgoing, Outcome]:
    """Schedules a reply for the form's time, else for the end of the hold window; it can be recalled until then.

    `finishes_draft`: the text is the conversation's draft, finished; otherwise a draft with another text stays.
    `known`: the texts of ours that the writer has seen. Returns the reply as it is stored, and the outcome.
    Raises UnknownId, AmbiguousId; OtherText for a text that the writer has not seen, and CannotSend for a text that the
    network does not accept: after these two the text is saved as a draft.
    """
    try:
        with recorded_step(desk, "reply", (named,)) as step:
            mention, conversation = resolve.answered(desk.store, named)
            if known is not None:
                concurrent_replies.check(desk, conversation, known)
            before = draft_to_write(desk.store, conversation, body, known, finishes_draft)
            item = put_draft(desk, step.write, mention, conversation, body, form, before)
            check(desk.store, item)
            earliest = desk.now + (desk.settings.hold if hold is None else hold)
            leaves_at = max(form.at, earliest) if form.timed and form.at else earliest
            zone = form.zone or desk.zone
            item = replace(
                item,
                state=transition(item.state, "schedule"),
                scheduled_at=leaves_at,
                hold_window=leaves_at == earliest,
                zone=zone,
                local_at=wall_text(leaves_at, zone),
                shifted_from=None,
                error=None,
                reason=None,
                tries=0,
                next_try_at=None,
                force=False,
                typed_at=None,
            )
            step.write.put(item)
            conversation = step.write.get(Conversation, conversation.id) or conversation
            draft_stays = conversation.draft not in (None, item.id)
            step.write.put(waiting(conversation if draft_stays else replace(conversation, draft=None)))
            step.detail = item.text
    except UnknownId:
        raise
    except (OtherText, CannotSend) as error:
        if not text.clean(body).strip():
            raise
        with desk.store.write() as write:
            draft = store_draft(desk, write, named, body, form, known, finishes_draft)
        if isinstance(error, OtherText):
            now_known = error.known.after(draft)
            raise OtherText(error.other, error.by_me, error.answered_ago, now_known, draft.id) from error
        raise error.kept_as([draft.id]) from error
    narrowed = form.visibility and form.visibility is not item.visibility
    return item, Outcome(
        verb="reply",
        ids=(item.id,),
        op_id=step.op_id,
        leaves_at=leaves_at,
        hold_window=item.hold_window,
        author=mention.author,
        visibility=item.visibility if narrowed else None,
        draft_stays=draft_stays,
    )


def reply_to_each(desk: Desk, named: Sequence[str], body: str, form: Form = PLAIN) -> Outcome:
    """Answers each conversation with the text, its variables filled in, as one step with one hold window.

    Raises as `reply`, and Stopped if `desk.goes_on` wants that; nothing was scheduled or saved then.
    """
    try:
        with one_step(desk, "reply", tuple(named)) as step:
            outcomes = []
            for done, given in enumerate(named):
                if desk.goes_on is not None and not desk.goes_on(done):
                    raise Stopped
                mention, _ = resolve.answered(desk.store, given)
                outcomes.append(reply(desk, given, saved_replies.filled(desk, body, mention), form)[1])
            step.detail = text.clean(body)
    except CannotSend as error:  # the draft that it names is rolled back with the whole step
        raise error.kept_as(()) from error
    authors = dict.fromkeys(outcome.author for outcome in outcomes)
    first = outcomes[0]
    return replace(
        first,
        ids=tuple(identity for outcome in outcomes for identity in outcome.ids),
        op_id=step.op_id,
        more=len(authors) - 1,
        visibility=None,
        draft_stays=any(outcome.draft_stays for outcome in outcomes),
    )


def draft_for_each(desk: Desk, named: Sequence[str], body: str, form: Form = PLAIN) -> Outcome:
    """Stores the text as a draft of each conversation, its variables filled in: all of them or none.

    A draft with another text stays beside it. This is no step that undo reverts, as `reply_drafts.draft`.
    """
    with desk.store.write() as write:
        drafts = []
        for given in named:
            mention, _ = resolve.answered(desk.store, given)
            filled = saved_replies.filled(desk, body, mention)
            drafts.append(store_draft(desk, write, given, filled, form, None, finishes=False))
    return Outcome(verb="save-draft", ids=tuple(draft.id for draft in drafts))
