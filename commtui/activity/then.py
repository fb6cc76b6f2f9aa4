"""What an item of a step was when the step was done: its conversation may have newer mentions since."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.model.ids import CONVERSATION, REPLY
from commtui.model.log_records import LogEntry
from commtui.model.records import Conversation, Mention, Outgoing

LATER_MOST: Final = 2000
"""Entries of the log after a step that are searched for an edit by the author: a list of steps is read while it is
scrolled."""


def mention_then(desk: Desk, entry: LogEntry, item: str) -> Mention | Conversation | None:
    """Returns the mention that an id stood for when the step was done, with its text of that time.

    That is the mention itself; of a conversation the one that a reply answered, else the newest by then. The
    conversation where none of its mentions is known; None for another kind of id, and where nothing is there.
    """
    store = desk.store
    if item[:1] != CONVERSATION:
        mention = store.get(Mention, item)
        return _with_text_then(desk, entry, mention) if mention else None
    conversation = store.get(Conversation, item)
    if conversation is None:
        return None
    found = _answered(desk, entry, item) or store.mentions.newest_by(item, entry.at)
    return _with_text_then(desk, entry, found) if found else conversation


def _answered(desk: Desk, entry: LogEntry, conversation: str) -> Mention | None:
    """Returns the mention that the reply of a step answered; None where it made none in the conversation."""
    if entry.verb != "reply":
        return None
    for number in desk.store.log.parts(entry.op_id):
        step = desk.store.log.at(number)
        for change in step.changes if step else ():
            reply = desk.store.get(Outgoing, change.id) if change.id[:1] == REPLY else None
            if reply is not None and reply.conversation == conversation and reply.in_reply_to:
                return desk.store.get(Mention, reply.in_reply_to)
    return None


def _with_text_then(desk: Desk, entry: LogEntry, mention: Mention) -> Mention:
    if not mention.edited:
        return mention
    numbers = desk.store.log.parts(entry.op_id)
    later = desk.store.log.first_change_after(numbers[-1], mention.id, "text", LATER_MOST) if numbers else None
    return replace(mention, text=str((later.before or {})["text"])) if later else mention
