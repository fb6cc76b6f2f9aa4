"""What changed without being anybody's step, in the log all the same: the past is told from it.

What an author, a network or the joining of two threads changed; what a person typed over an older draft.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from commtui.model import text
from commtui.model.records import Activity, Change, Context, Conversation, Mention, Note, Outgoing
from commtui.store.write import Write, kind_of

TOLD: Final[Mapping[type[Any], frozenset[str]]] = {
    Conversation: frozenset(
        ("status", "since", "unread", "assignee", "tags", "muted", "snoozed_until", "snoozed_for_answer", "done_at",
         "draft", "campaign", "folded_into")
    ),
    Mention: frozenset(("text", "spoiler", "edited", "deleted", "conversation")),
    Context: frozenset(("text", "conversation")),
    Outgoing: frozenset(("conversation",)),
    Note: frozenset(("conversation",)),
}  # fmt: skip
"""The fields whose changes stand in the log; a conversation's others only show its newest mention."""
HERE: Final = "commtui"
ARRIVE: Final = "arrive"
"""The verb of the lines that name what came in."""
TYPING: Final = timedelta(minutes=1)
"""What stood in a draft for longer is kept in the log; the letters of one go at it are not."""
SHOWN: Final = 100
"""Characters of an earlier text in a line's detail."""


def came(write: Write, now: datetime, verb: str, ids: tuple[str, ...], detail: str) -> None:
    """Logs what an intake changed of what was here: `ids` under `verb`, what authors changed in a line of its own."""
    told = list(_told(write))
    theirs = [
        change for change in told if kind_of(change.id) is Mention and "conversation" not in (change.before or {})
    ]
    others = [change for change in told if change not in theirs]
    for name, fields in (("edited", ("text", "spoiler")), ("deleted", ("deleted",))):
        chosen = [change for change in theirs if not set(fields).isdisjoint(change.before or {})]
        if not chosen:
            continue
        before = (chosen[0].before or {}) if len(chosen) == 1 and name == "edited" else {}
        was = str(before.get("text") or before.get("spoiler") or "")
        words = f"was: {text.one_line(text.snippet(was, SHOWN))}" if was else detail
        alone = [] if ids else others
        write.log(_line(now, HERE, name, tuple(change.id for change in chosen), [*chosen, *alone], words))
        if alone:
            others = []
    if ids or others:
        write.log(_line(now, HERE, verb, ids, others, detail))


def typed(write: Write, now: datetime, who: str, before: list[Outgoing]) -> None:
    """Logs that a draft was begun, and what drafts were `before` this write: if that had stood for a while, or was
    somebody else's or a step's.
    """
    stood = {
        item.id
        for item in before
        if item.text and (item.author != who or item.typed_at is None or now - item.typed_at >= TYPING)
    }
    changes = [
        change
        for change in write.changes
        if change.before and (change.id in stood or not {"state", "draft"}.isdisjoint(change.before))
    ]
    if changes:
        drafts = (change.id for change in write.changes if kind_of(change.id) is Outgoing)
        write.log(_line(now, who, "write", tuple(dict.fromkeys(drafts)), changes, ""))


def _told(write: Write) -> Iterator[Change]:
    for change in write.changes:
        fields = TOLD.get(kind_of(change.id))
        if change.before is None or fields is None:
            continue
        if change.after is None or not fields.isdisjoint(change.before):
            yield change


def _line(now: datetime, who: str, verb: str, ids: tuple[str, ...], changes: list[Change], detail: str) -> Activity:
    from uuid import uuid4  # 4 ms that reading need not pay

    return Activity(op_id=uuid4().hex, at=now, who=who, verb=verb, ids=ids, changes=tuple(changes), detail=detail)
