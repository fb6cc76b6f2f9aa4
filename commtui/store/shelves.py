"""Which table keeps which record, and the fields that its indexes read.

The index fields (they begin with `_`) are derived from the record at each write: an index knows equality and one order,
a pane wants "open, by who waits longest".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from commtui.model import ids
from commtui.model.clock import to_iso
from commtui.model.states import ConversationStatus, OutgoingState

if TYPE_CHECKING:
    from commtui.model.records import Act, Conversation, Outgoing

Document = dict[str, Any]


class Shelf(NamedTuple):
    """One table: its record type, the letters of its ids, its index fields, and how these are derived."""

    table: str
    record: str
    """The name of its type in model/records.py, which costs 30 ms: only who reads records imports it."""
    letters: str
    indexes: tuple[str, ...] = ()
    ordered: tuple[tuple[str, str], ...] = ()
    derive: Callable[[Any], Document] = lambda record: {}

    @property
    def kind(self) -> type[Any]:
        """The type of its records."""
        from commtui.model import records

        found: type[Any] = getattr(records, self.record)
        return found


FOREVER: Final = "9999"
"""Sorts after every time: snoozed until they answer."""


def queue(record: Conversation) -> str:
    """Where a conversation stands: open, snoozed, waiting, done, muted or folded. Snoozed ones wake by `_wake`."""
    if record.folded_into:
        return "folded"
    if record.status is ConversationStatus.DONE:
        return "done"
    if record.muted:
        return "muted"
    if record.snoozed_for_answer or record.snoozed_until:
        return "snoozed"
    return record.status.value


def _conversation(record: Conversation) -> Document:
    place = queue(record)
    wake = to_iso(record.snoozed_until) if record.snoozed_until else FOREVER if record.snoozed_for_answer else ""
    return {
        "_queue": place,
        "_desk": f"{place}:{record.assignee or ''}",
        "_wake": wake,
        "_done": to_iso(record.done_at) if record.done_at else "",
        "_chain": "" if record.parents_known or record.folded_into else record.account,
    }


WORK_STATES: Final = frozenset(
    (OutgoingState.SCHEDULED, OutgoingState.RETRYING, OutgoingState.UNKNOWN, OutgoingState.SENDING)
)


def _due(record: Outgoing | Act) -> Document:
    stuck = record.state is OutgoingState.UNKNOWN and record.next_try_at is None
    if record.state not in WORK_STATES or stuck:
        return {"_work": "", "_runner": "", "_due": ""}
    moment = record.next_try_at or record.scheduled_at or record.created_at
    return {"_work": "due", "_runner": record.account, "_due": to_iso(moment)}


def lane(record: Outgoing) -> str:
    """community for a reply, marketing for a variant of a post."""
    return "marketing" if record.conversation is None else "community"


def _outgoing(record: Outgoing) -> Document:
    shelf = lane(record)
    place = record.state.value if record.state in (OutgoingState.SENT, OutgoingState.DISCARDED) else "active"
    return {
        "_lane": shelf,
        "_pane": f"{shelf}:{place}",
        "_state": f"{shelf}:{record.state.value}",
        "_at": to_iso(record.sent_at or record.scheduled_at or record.created_at),
        **_due(record),
    }


SHELVES: Final = (
    Shelf("mentions", "Mention", ids.MENTION, ("conversation", "in_reply_to"), (("conversation", "created_at"),)),
    Shelf(
        "conversations",
        "Conversation",
        ids.CONVERSATION,
        ("_queue", "_desk", "_chain", "account", "folded_into"),
        (("_queue", "since"), ("_queue", "_wake"), ("_queue", "_done"), ("_queue", "newest_at")),
        _conversation,
    ),
    Shelf(
        "outgoing",
        "Outgoing",
        ids.REPLY + ids.VARIANT,
        ("_pane", "_state", "_work", "_runner", "conversation", "remote_id", "post"),
        (("_pane", "_at"), ("_state", "_at"), ("_work", "_due"), ("_runner", "_due"), ("conversation", "created_at")),
        _outgoing,
    ),
    Shelf(
        "acts",
        "Act",
        ids.ACT,
        ("_work", "_runner", "of", "state"),
        (("_work", "_due"), ("_runner", "_due"), ("state", "created_at")),
        _due,
    ),
    Shelf("notes", "Note", ids.NOTE, ("conversation",), (("conversation", "at"),)),
    Shelf("context", "Context", ids.CONTEXT, ("conversation",), (("conversation", "created_at"),)),
    Shelf("engagement", "Engagement", ids.ENGAGEMENT, ("account", "target")),
    Shelf("accounts", "AccountState", ids.ACCOUNT),
    Shelf("requests", "Request", ids.REQUEST, ("what",)),
)

BY_RECORD: Final = {shelf.record: shelf for shelf in SHELVES}
BY_TABLE: Final = {shelf.table: shelf for shelf in SHELVES}
BY_LETTER: Final = {letter: shelf for shelf in SHELVES for letter in shelf.letters}


def shelf_of(kind: type[Any] | str) -> Shelf:
    """The shelf of a record's type, or of a table. Raises KeyError."""
    return BY_TABLE[kind] if isinstance(kind, str) else BY_RECORD[kind.__name__]
