"""The reply: its draft, and sending it from there."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Desk, Outcome, recorded_step
from commtui.activity.errors import TriageError, UnknownId
from commtui.community import concurrent_replies
from commtui.community.concurrent_replies import Begun, Beside
from commtui.community.reply_drafts import draft_to_write, keep_draft, put_draft
from commtui.model import text, when
from commtui.model.conversations import waiting
from commtui.model.records import Conversation, Outgoing
from commtui.model.states import transition
from commtui.outgoing.checks import check
from commtui.outgoing.form import PLAIN, Form


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
        with recorded_step(desk, "reply", (text_id,)) as taken:
            mention, held = resolve.answered(desk.store, text_id)
            if begun is not None:
                concurrent_replies.look(desk, held, begun)
            kept = draft_to_write(desk.store, held, body, begun, finishes_draft)
            made = put_draft(desk, taken.write, mention, held, body, form, kept)
            check(desk.store, made)
            earliest = desk.now + (desk.settings.hold if hold is None else hold)
            leaves = max(form.at, earliest) if form.timed and form.at else earliest
            sent = replace(
                made,
                state=transition(made.state, "schedule"),
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
                kept = keep_draft(desk, write, text_id, body, form, begun, finishes_draft)
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
