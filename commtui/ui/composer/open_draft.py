"""Which draft the composer opens: for something of ours, or for what was being written at a hang-up."""

from __future__ import annotations

from typing import Any

from commtui.activity import resolve
from commtui.activity.errors import WrongKind
from commtui.activity.refusals import WrongItemState
from commtui.community import reply_drafts
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState, WrongState, transition
from commtui.model.threads import is_part
from commtui.outgoing import changes
from commtui.outgoing.unsent_edits import UnsentEdits
from commtui.ui.composer.draft import Draft, GetDesk
from commtui.ui.composer.edit_draft import EditDraft
from commtui.ui.composer.many_replies import ManyReplies
from commtui.ui.composer.post_draft import PostDraft
from commtui.ui.composer.reply_draft import ReplyDraft


def draft_of(desk: GetDesk, identity: str, unsent: UnsentEdits) -> Draft:
    """The draft for something of ours. A reply that is not out is recalled first: half of it must not be sent.

    Raises WrongKind for what is not ours, WrongItemState for what may be on its way at this moment.
    """
    item = resolve.item(desk().store, identity)
    if not isinstance(item, Outgoing):
        raise WrongKind(identity, resolve.KIND_NAMES[identity[0]], "ours")
    if item.conversation is None:
        if item.state is OutgoingState.DRAFT and item.post and not is_part(item):
            return PostDraft(desk, item.post)
    elif item.state not in (OutgoingState.SENT, OutgoingState.DRAFT):
        changes.recall(desk(), [item.id])
        item = desk().store.get(Outgoing, item.id) or item
    if item.state is OutgoingState.DRAFT and item.conversation:
        conversation = resolve.conversation(desk().store, item.id)
        current = reply_drafts.current_draft(desk().store, conversation)
        if current is not None and current.id == item.id:
            return ReplyDraft(desk, conversation.id)
    if item.state is not OutgoingState.SENT:
        try:
            transition(item.state, "edit")
        except WrongState as error:
            raise WrongItemState(item.id, error.event, error.state, error.possible) from error
    return EditDraft(desk, item, unsent)


def resumed_draft(desk: GetDesk, place: dict[str, Any], unsent: UnsentEdits) -> Draft:
    """The draft of what `Draft.place` gave. Raises TriageError if it is gone."""
    if place.get("reply"):
        return ReplyDraft(desk, str(place["reply"]))
    if place.get("replies"):
        named = [str(identity) for identity in place["replies"]]
        return ManyReplies(desk, named, str(place.get("text", "")), to_all=place.get("to_all") is True)
    if place.get("edit"):
        return draft_of(desk, str(place["edit"]), unsent)
    return PostDraft(desk, str(place["post"]) if place.get("post") else None)
