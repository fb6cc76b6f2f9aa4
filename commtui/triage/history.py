"""Any past state of a conversation, told from the log: the present one with every later change taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commtui.model import ids
from commtui.model.records import Act, Activity, Conversation, Mention, Note, Outgoing
from commtui.store.codec import to_document
from commtui.store.store import record_of
from commtui.triage import resolve
from commtui.triage.desk import Desk


@dataclass(frozen=True, slots=True)
class Then:
    """A conversation as it stood at a moment: its state, and what had been said, each list oldest first.

    Texts are as they are now: the log keeps what we changed, not what an author edited.
    """

    held: Conversation
    mentions: tuple[Mention, ...]
    outgoing: tuple[Outgoing, ...]
    notes: tuple[Note, ...]


def as_it_was(desk: Desk, text_id: str, moment: datetime) -> Conversation | None:
    """The conversation's status, assignee, tags, snooze and the like at a moment; None if it was not here yet.

    What its row shows of its newest mention is not in the log, and is as it is now. Raises UnknownId.
    """
    held = resolve.conversation(desk.store, text_id)
    mentions = desk.store.sorted(Mention, "conversation", held.id, "created_at")
    if not mentions or mentions[0].created_at > moment:
        return None
    later = _changed_since(desk, {held.id}, moment)
    found: Conversation = record_of("conversations", {**to_document(held), **(later.get(held.id) or {})})
    return found


def then(desk: Desk, text_id: str, moment: datetime) -> Then | None:
    """A conversation with all that was in it at a moment; None if it was not here yet. Raises UnknownId."""
    held = as_it_was(desk, text_id, moment)
    if held is None:
        return None
    parts = [*_parts(desk, Outgoing, held), *_parts(desk, Note, held)]
    mentions = [each for each in _parts(desk, Mention, held) if isinstance(each, Mention)]
    later = _changed_since(desk, {part.id for part in [*parts, *mentions]}, moment)
    outgoing = []
    notes = [
        record_of("notes", before)
        for before in later.values()
        if before and before.get("conversation") == held.id and before.keys() >= {"who", "at", "text"}
    ]
    for part in parts:
        before = later.get(part.id, {})
        began = part.at if isinstance(part, Note) else part.created_at
        if before is None or began > moment:
            continue  # it was not here yet
        if isinstance(part, Note):
            if not before:
                notes.append(part)
        else:
            outgoing.append(record_of("outgoing", {**to_document(part), **before}))
    said = [each for each in mentions if each.created_at <= moment]
    return Then(
        held,
        tuple(sorted(said, key=lambda each: each.created_at)),
        tuple(sorted(outgoing, key=lambda each: each.created_at)),
        tuple(sorted(notes, key=lambda each: each.at)),
    )


def _changed_since(desk: Desk, about: set[str], moment: datetime) -> Mapping[str, dict[str, Any] | None]:
    """For each item that changed after a moment, the fields that it had then; None for one that was made after it."""
    found: dict[str, dict[str, Any] | None] = {}
    for step in desk.store.logged(about, newest_first=True):
        if step.at <= moment:
            continue
        for change in reversed(step.changes):
            if change.id not in about and not (change.table == "notes" and change.after is None):
                continue
            if change.before is None:
                found[change.id] = None
            else:
                found[change.id] = {**(found.get(change.id) or {}), **change.before}
    return found


def steps_of(desk: Desk, text_id: str, *, newest_first: bool = False) -> Iterator[Activity]:
    """The steps about an item, in order; about a conversation also those about anything in it. Raises UnknownId."""
    return desk.store.logged(_about(desk, text_id), newest_first=newest_first)


def _about(desk: Desk, text_id: str) -> set[str]:
    identity = resolve.whole_id(desk.store, text_id)
    if identity[0] == ids.POST:
        return {identity, *(item.id for item in resolve.outgoing(desk.store, identity))}
    found = resolve.item(desk.store, identity)
    about = {found.id}
    if (isinstance(found, Outgoing) and found.conversation is None) or isinstance(found, Act):
        return about
    held = resolve.conversation(desk.store, text_id)
    if not isinstance(found, Outgoing):
        about |= {held.id, *(each.id for kind in (Mention, Outgoing, Note) for each in _parts(desk, kind, held))}
    return about


def _parts(desk: Desk, kind: type[Mention | Outgoing | Note], held: Conversation) -> list[Mention | Outgoing | Note]:
    return list(desk.store.find(kind, "conversation", held.id))
