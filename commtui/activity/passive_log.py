"""Logs changes that are not the step of a person, so that history.py can show the past.

These are changes by an author, by a network, by the folding of two threads, and older drafts that were typed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from commtui.model import text
from commtui.model.records import Activity, Change, Context, Conversation, Mention, Note, Outgoing
from commtui.store.write import Write, kind_of

LOGGED_FIELDS: Final[Mapping[type[Any], frozenset[str]]] = {
    Conversation: frozenset(
        ("status", "since", "unread", "assignee", "tags", "priority", "muted", "muted_until", "snoozed_until",
         "snoozed_for_answer", "done_at", "draft", "campaign", "folded_into", "merge",
         "answered", "by_bot")
    ),
    Mention: frozenset(("text", "spoiler", "edited", "deleted", "conversation", "came_to")),
    Context: frozenset(("text", "conversation", "came_to")),
    Outgoing: frozenset(("conversation", "came_to")),
    Note: frozenset(("conversation", "came_to")),
}  # fmt: skip
"""The fields whose changes are logged; the others of a conversation are copies from its newest mention."""
PROGRAM: Final = "commtui"
"""The `who` of these entries, where it is no person."""
ARRIVE: Final = "arrive"
"""The verb of the entries that name new mentions."""
TYPING_PAUSE: Final = timedelta(minutes=1)
"""A draft that was left for longer is logged before it is typed over; single letters are not."""
SHOWN: Final = 100
"""Characters of an earlier text in an entry's detail."""


def log_intake(write: Write, now: datetime, verb: str, ids: tuple[str, ...], detail: str) -> None:
    """Logs what an intake changed: `ids` under `verb`, and edits and deletions by authors in entries of their own."""
    logged = list(_logged(write))
    by_authors = [
        change for change in logged if kind_of(change.id) is Mention and "conversation" not in (change.before or {})
    ]
    others = [change for change in logged if change not in by_authors]
    for name, fields in (("edited", ("text", "spoiler")), ("deleted", ("deleted",))):
        chosen = [change for change in by_authors if not set(fields).isdisjoint(change.before or {})]
        if not chosen:
            continue
        before = (chosen[0].before or {}) if len(chosen) == 1 and name == "edited" else {}
        earlier_text = str(before.get("text") or before.get("spoiler") or "")
        shown = text.one_line(text.snippet(earlier_text, SHOWN)) if len(chosen) == 1 and name == "edited" else detail
        included = [] if ids else others
        write.log(_entry(now, PROGRAM, name, tuple(change.id for change in chosen), [*chosen, *included], shown))
        if included:
            others = []
    if ids or others:
        write.log(_entry(now, PROGRAM, verb, ids, others, detail))


def log_typing(write: Write, now: datetime, who: str, before: list[Outgoing]) -> None:
    """Logs that a draft was begun, and the text of a draft that was typed over after a pause or by another person.

    `before`: the drafts as they were before this write.
    """
    paused = {
        item.id
        for item in before
        if item.text and (item.author != who or item.typed_at is None or now - item.typed_at >= TYPING_PAUSE)
    }
    changes = [
        change
        for change in write.changes
        if change.before and (change.id in paused or not {"state", "draft"}.isdisjoint(change.before))
    ]
    if changes:
        draft_ids = (change.id for change in write.changes if kind_of(change.id) is Outgoing)
        write.log(_entry(now, who, "write", tuple(dict.fromkeys(draft_ids)), changes, ""))


def _logged(write: Write) -> Iterator[Change]:
    for change in write.changes:
        fields = LOGGED_FIELDS.get(kind_of(change.id))
        if change.before is None or fields is None:
            continue
        if change.after is None or not fields.isdisjoint(change.before):
            yield change


def _entry(now: datetime, who: str, verb: str, ids: tuple[str, ...], changes: list[Change], detail: str) -> Activity:
    from uuid import uuid4  # takes 4 ms: not imported by commands that only read

    return Activity(op_id=uuid4().hex, at=now, who=who, verb=verb, ids=ids, changes=tuple(changes), detail=detail)
