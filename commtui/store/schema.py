"""The tables: which record each keeps, its indexes, and the fields that are derived for them.

Derived fields (they begin with `_`) are written with every record: an index knows equality and one order, a pane wants
"open, by who waits longest". Nothing outside of `store` names a table or a field.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from commtui.model import ids
from commtui.model.authors import person_of
from commtui.model.clock import to_iso
from commtui.model.conversations import mute_ends_at, queue_after_mute, queue_of
from commtui.model.facets import Facets, MentionFacets, contents, packed
from commtui.model.languages import spoken
from commtui.model.states import Lane, Order, OutgoingState, Priority, Queue

if TYPE_CHECKING:
    from commtui.model.records import Act, Campaign, Conversation, Mention, Outgoing, RuleRun

Document = dict[str, Any]
LOG: Final = "log"
UNDO: Final = "undo"
FOREVER: Final = "9999"
"""Sorts after every time: snoozed until they answer, or muted for ever; never due."""
NOT_WAITING: Final = "-"
"""The value of `_due_by` of a conversation in which no answer of ours is due."""
COMPUTED: Final = frozenset(("due_at", "risk_at", "due_by"))
"""Fields of a conversation that follow from others and from the config: the log names no change of them."""


class Table(NamedTuple):
    """One table of records."""

    name: str
    record: str
    """The name of its type in model/records.py, which costs 30 ms: only who reads records imports it."""
    letters: str
    """The letters of its ids."""
    indexed: tuple[str, ...] = ()
    ordered: tuple[tuple[str, str], ...] = ()
    """(field, what sorts the documents in which it is equal)"""
    counted: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """The fields whose words are found by an index of text."""
    derive: Callable[[Any], Document] = lambda record: {}

    @property
    def kind(self) -> type[Any]:
        """The type of its records."""
        from commtui.model import records

        kind: type[Any] = getattr(records, self.record)
        return kind


def campaign_key(name: str) -> str:
    """The value of `_name` of a campaign: capitals do not tell two names apart."""
    return name.casefold()


def desk_of(queue: Queue, assignee: str | None) -> str:
    """The value of `_desk`: a place in the queue, and who is assigned there."""
    return f"{queue.value}:{assignee or ''}"


SORTED_BY: Final = {
    Order.WAIT: "since",
    Order.NEWEST: "_newest",
    Order.AUTHOR: "_author",
    Order.PRIORITY: "_priority",
    Order.DUE: "_due",
}
"""Order -> the field of a conversation that sorts so. Its values ascend: one index and one comparison serve each."""
_URGENCY: Final = {priority: place for place, priority in enumerate(Priority)}


def newest_key(moment: datetime) -> int:
    """The value of `_newest`: the later the moment, the lower."""
    return -int(moment.timestamp() * 1000)


def _mention(record: Mention) -> Document:
    holds = ",".join(contents(record.text, record.media, record.poll))
    return {
        "_person": person_of(record),
        "_facets": packed(MentionFacets(record.via.value, spoken(record).code, holds)),
    }


def _conversation(record: Conversation) -> Document:
    queue, since = queue_of(record), to_iso(record.since)
    wakes_at = mute_ends_at(record) if queue is Queue.MUTED else record.snoozed_until
    is_away = queue is Queue.MUTED or record.snoozed_for_answer
    asked = Facets(
        queue.value,
        record.account,
        record.network,
        record.priority.value,
        "unread" if record.unread else "",
        "draft" if record.draft else "",
        "muted" if record.muted else "",
        record.campaign or "",
    )
    after_mute = queue_after_mute(record)
    waits = Queue.OPEN in (queue, after_mute) or queue is Queue.SNOOZED
    return {
        "_facets": packed(asked),
        "_queue": queue.value,
        "_due": f"{to_iso(record.due_at) if record.due_at else FOREVER} {since}",
        "_risk": to_iso(record.risk_at) if record.risk_at else FOREVER,
        "_due_by": record.due_by if waits else NOT_WAITING,
        "_desk": desk_of(queue, record.assignee),
        "_wake": to_iso(wakes_at) if wakes_at else FOREVER if is_away else "",
        "_after_mute": after_mute or "",
        "_newest": newest_key(record.newest_at),
        "_author": f"{record.author.removeprefix('@').casefold()} {since}",
        "_priority": f"{_URGENCY[record.priority]} {since}",
        "_done": to_iso(record.done_at) if record.done_at else "",
        "_unread": record.account if record.unread and queue is Queue.OPEN else "",
        "_chain": "" if record.parents_known or record.folded_into else record.account,
    }


WORK_STATES: Final = frozenset(
    (OutgoingState.SCHEDULED, OutgoingState.RETRYING, OutgoingState.UNKNOWN, OutgoingState.SENDING)
)
"""What delivery has something to do with, at `_due`."""


def due_at(record: Outgoing | Act) -> datetime:
    """When delivery is to do something about an item or act."""
    return record.next_try_at or record.scheduled_at or record.created_at


def _due(record: Outgoing | Act) -> Document:
    stuck = record.state is OutgoingState.UNKNOWN and record.next_try_at is None
    if record.state not in WORK_STATES or stuck:
        return {"_work": "", "_due": ""}
    return {"_work": record.account, "_due": to_iso(due_at(record))}


ENDED: Final = (OutgoingState.SENT, OutgoingState.DISCARDED)
"""Nothing is left to do for these."""


def pane_of(lane: Lane, ended: OutgoingState | None = None) -> str:
    """The value of `_pane`: what is still to be done in a lane, or what has ended there in one of two states."""
    return f"{lane.value}:{'active' if ended is None else ended.value}"


def state_of(lane: Lane, state: OutgoingState) -> str:
    """The value of `_state`."""
    return f"{lane.value}:{state.value}"


def lane_of(record: Outgoing) -> Lane:
    """Community for a reply, marketing for a variant of a post."""
    return Lane.MARKETING if record.conversation is None else Lane.COMMUNITY


def _outgoing(record: Outgoing) -> Document:
    lane = lane_of(record)
    return {
        "_pane": pane_of(lane, record.state if record.state in ENDED else None),
        "_state": state_of(lane, record.state),
        "_at": to_iso(record.sent_at or record.scheduled_at or record.created_at),
        **_due(record),
    }


def _rule_run(record: RuleRun) -> Document:
    return {"_notifies": "yes" if record.notice else ""}


def _campaign(record: Campaign) -> Document:
    return {"_name": campaign_key(record.name)}


TABLES: Final = (
    Table(
        "mentions",
        "Mention",
        ids.MENTION,
        ("in_reply_to", "remote_id", "uri", "_facets"),
        (("conversation", "created_at"), ("_person", "created_at")),
        ("_facets",),
        ("author", "author_name", "spoiler", "text"),
        _mention,
    ),
    Table(
        "conversations",
        "Conversation",
        ids.CONVERSATION,
        ("_desk", "_facets", "_chain", "folded_into", "_due_by"),
        (
            *(("_queue", field) for field in (*SORTED_BY.values(), "_risk", "_wake", "_done")),
            ("_after_mute", "_wake"),
        ),
        ("_queue", "_desk", "_facets", "_unread", "_due_by"),
        ("author", "author_name", "text", "tags"),
        _conversation,
    ),
    Table(
        "outgoing",
        "Outgoing",
        ids.REPLY + ids.VARIANT,
        ("remote_id", "post", "url", "in_reply_to", "campaign", "series"),
        (("_pane", "_at"), ("_state", "_at"), ("_work", "_due"), ("conversation", "created_at")),
        ("_state", "_work"),
        ("spoiler", "text"),
        _outgoing,
    ),
    Table("acts", "Act", ids.ACT, ("of",), (("_work", "_due"), ("state", "created_at")), derive=_due),
    Table("notes", "Note", ids.NOTE, (), (("conversation", "at"),)),
    Table("context", "Context", ids.CONTEXT, (), (("conversation", "created_at"),)),
    Table("engagement", "Engagement", ids.ENGAGEMENT, ("account", "target")),
    Table("accounts", "AccountState", ids.ACCOUNT),
    Table("requests", "Request", ids.REQUEST, ("what",)),
    Table("rules", "RuleState", ids.RULE),
    Table("rule_runs", "RuleRun", ids.RULE_RUN, (), (("conversation", "at"), ("_notifies", "at")), derive=_rule_run),
    Table("people", "Person", ids.PERSON, ("vip",), counted=("vip",)),
    Table("links", "Link", ids.LINK, ("one", "other")),
    Table("campaigns", "Campaign", ids.CAMPAIGN, ("_name",), derive=_campaign),
    Table("series", "Series", ids.SERIES),
)
PARTS: Final = ("mentions", "outgoing", "notes", "context", "rule_runs")
"""The tables whose documents belong to a conversation, by their field `conversation`."""

BY_RECORD: Final = {table.record: table for table in TABLES}
BY_NAME: Final = {table.name: table for table in TABLES}
BY_LETTER: Final = {letter: table for table in TABLES for letter in table.letters}


def table_of(kind: type[Any]) -> Table:
    """The table of a record's type. Raises KeyError."""
    return BY_RECORD[kind.__name__]


INDEXED: Final = {**{table.name: table.indexed for table in TABLES}, LOG: ("op_id", "undoes"), UNDO: ("who",)}
ORDERED: Final = {table.name: table.ordered for table in TABLES}
COUNTED: Final = {table.name: table.counted for table in TABLES}
WORDS: Final = {table.name: table.words for table in TABLES if table.words}
