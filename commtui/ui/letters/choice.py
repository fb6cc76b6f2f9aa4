"""Which letter it is: for something of ours, or for what was being written at a hang-up."""

from __future__ import annotations

from typing import Any

from commtui.activity import resolve
from commtui.activity.errors import TriageError, Usage
from commtui.community import reply_drafts
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState, WrongState, transition
from commtui.outgoing import changes
from commtui.ui.letters.edit import EditLetter
from commtui.ui.letters.letter import GetDesk, Letter
from commtui.ui.letters.post import PostLetter
from commtui.ui.letters.reply import ReplyLetter


def letter_for(desk: GetDesk, identity: str, unsent: dict[str, str]) -> Letter:
    """The letter for something of ours. A reply that has not left is taken back first: half of it must not leave.

    Raises TriageError for what may be on its way at this moment.
    """
    item = resolve.item(desk().store, identity)
    if not isinstance(item, Outgoing):
        raise Usage(f"{identity} is not ours to edit")
    if item.conversation is None:
        if item.state is OutgoingState.DRAFT and item.post:
            return PostLetter(desk, item.post)
    elif item.state not in (OutgoingState.SENT, OutgoingState.DRAFT):
        changes.recall(desk(), [item.id])
        item = desk().store.get(Outgoing, item.id) or item
    if item.state is OutgoingState.DRAFT and item.conversation:
        held = resolve.conversation(desk().store, item.id)
        current = reply_drafts.current_draft(desk().store, held)
        if current is not None and current.id == item.id:
            return ReplyLetter(desk, held.id)
    if item.state is not OutgoingState.SENT:
        try:
            transition(item.state, "edit")
        except WrongState as error:
            raise TriageError(str(error)) from error
    return EditLetter(desk, item, unsent)


def resumed(desk: GetDesk, kept: dict[str, Any], unsent: dict[str, str]) -> Letter:
    """The letter of what `place` gave. Raises TriageError if it is gone."""
    if kept.get("reply"):
        return ReplyLetter(desk, str(kept["reply"]))
    if kept.get("edit"):
        return letter_for(desk, str(kept["edit"]), unsent)
    return PostLetter(desk, str(kept["post"]) if kept.get("post") else None)
