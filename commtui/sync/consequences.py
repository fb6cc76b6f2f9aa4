"""What a step of delivery changes beside the item: its conversation, our copy of what an act changed, the log."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from msgspec.structs import replace

from commtui.activity.reopening import reopen_unanswered
from commtui.activity.resolve import elder
from commtui.community import intake
from commtui.model.records import Act, Activity, ActKind, Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState, Reason
from commtui.networks.base import Sent
from commtui.store.store import Store
from commtui.store.write import Write

NEW_ID, NEW_URL = "new_id", "new_url"
"""In an edit's `extra`: the id and address that the text has since."""


def mark_answered(store: Store, write: Write, item: Outgoing) -> None:
    """A reply that is out was an answer: what is due after it is the next one."""
    conversation = write.get(Conversation, item.conversation) if item.conversation else None
    if conversation is not None:
        conversation = elder(store, conversation)
        write.put(replace(conversation, answered=True))


def reopen_conversation(store: Store, write: Write, item: Outgoing) -> None:
    """A reply that was refused no longer answers its conversation."""
    if item.state is OutgoingState.FAILED and item.conversation:
        conversation = write.get(Conversation, item.conversation)
        if conversation is not None:
            reopen_unanswered(write, store, elder(store, conversation))


def renamed(act: Act, sent: Sent) -> dict[str, str]:
    """What an edit's `extra` says where the server gave the text another id by it."""
    if sent.remote_id == act.target:
        return {}
    return {NEW_ID: sent.remote_id, **({NEW_URL: sent.url} if sent.url else {})}


def mirror(store: Store, write: Write, act: Act) -> None:
    """What an act did to a text of ours, or to an answer that waited for our word, on our copy of it."""
    if act.kind in (ActKind.ACCEPT, ActKind.REJECT):
        mention = write.get(Mention, act.of) if act.of else None
        if mention is not None:
            intake.decided(store, write, mention, rejected=act.kind is ActKind.REJECT)
        return
    item = write.get(Outgoing, act.of) if act.of else None
    if item is None:
        return
    if act.kind is ActKind.EDIT:
        remote_id = act.extra.get(NEW_ID, item.remote_id)
        write.put(replace(item, text=act.text, remote_id=remote_id, url=act.extra.get(NEW_URL, item.url)))
    elif act.kind is ActKind.DELETE:
        write.put(replace(item, reason=Reason.DELETED))


def log_step(write: Write, event: str, item: Outgoing | Act, at: datetime) -> None:
    """One line of the log for each change of state; the begin of an act is not worth one."""
    if isinstance(item, Act):
        if event == "begin":
            return
        event, ids = f"{item.kind.value} {event}", (item.id, *([item.of] if item.of else []))
    else:
        ids = (item.id,)
    write.log(
        Activity(
            op_id=uuid4().hex,
            at=at,
            who="commtui",
            verb=event,
            ids=ids,
            changes=tuple(write.changes),
            detail=item.reason or item.error or "",
        )
    )
