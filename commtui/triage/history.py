"""Any past state of a conversation, told from the log: the present one with every later change taken back."""

from __future__ import annotations

from datetime import datetime

from commtui.model import ids
from commtui.model.records import Act, Activity, Conversation, Mention, Note, Outgoing
from commtui.store.codec import to_document
from commtui.store.store import record_of
from commtui.triage import resolve
from commtui.triage.desk import Desk


def as_it_was(desk: Desk, text_id: str, moment: datetime) -> Conversation | None:
    """The conversation's status, assignee, tags, snooze and the like at a moment; None if it was not here yet.

    What its row shows of its newest mention is not in the log, and is as it is now. Raises UnknownId.
    """
    held = resolve.conversation(desk.store, text_id)
    later = [step for step in desk.store.logged({held.id}) if step.at > moment]
    document: dict[str, object] = {}
    for step in reversed(later):
        for change in reversed(step.changes):
            if change.table == "conversations" and change.id == held.id and change.before is not None:
                document.update(change.before)
    mentions = desk.store.sorted(Mention, "conversation", held.id, "created_at")
    if not mentions or mentions[0].created_at > moment:
        return None
    found: Conversation = record_of("conversations", {**to_document(held), **document})
    return found


def steps_of(desk: Desk, text_id: str) -> list[Activity]:
    """The steps about an item, oldest first; about a conversation also those about anything in it. Raises UnknownId."""
    identity = resolve.whole_id(desk.store, text_id)
    if identity[0] == ids.POST:
        return list(desk.store.logged({identity, *(item.id for item in resolve.outgoing(desk.store, identity))}))
    found = resolve.item(desk.store, identity)
    about = {found.id}
    if (isinstance(found, Outgoing) and found.conversation is None) or isinstance(found, Act):
        return list(desk.store.logged(about))
    held = resolve.conversation(desk.store, text_id)
    if not isinstance(found, Outgoing):
        about |= {held.id, *(each.id for kind in (Mention, Outgoing, Note) for each in _parts(desk, kind, held))}
    return list(desk.store.logged(about))


def _parts(desk: Desk, kind: type[Mention | Outgoing | Note], held: Conversation) -> list[Mention | Outgoing | Note]:
    return list(desk.store.find(kind, "conversation", held.id))
