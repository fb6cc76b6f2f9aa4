"""What is kept: every record of the store, frozen. Times are aware and UTC; texts have passed the gate (text.py)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct

from commtui.model.abilities import Capabilities, Limits, Visibility
from commtui.model.clock import AwareDatetime
from commtui.model.states import ConversationStatus, Health, OutgoingState

__all__ = [
    "Above",
    "AccountState",
    "Act",
    "ActKind",
    "Activity",
    "Change",
    "Context",
    "Conversation",
    "Engagement",
    "Health",
    "Media",
    "Mention",
    "Note",
    "Outgoing",
    "Request",
    "Via",
]  # fmt: skip


class Via(StrEnum):
    """How somebody spoke to us."""

    MENTION = "mention"
    ANSWER = "answer"
    QUOTE = "quote"
    DIRECT = "direct"


class Above(StrEnum):
    """Whether everything above a conversation's first mention can be shown."""

    WHOLE = "whole"
    GONE = "gone"
    """Something there is deleted, blocked or hidden."""
    UNASKED = "unasked"
    """Too many came at once to ask for all: it is asked for when a person opens it."""


class Media(Struct, frozen=True):
    """A file that goes out, or an attachment that came in."""

    url: str
    """A path on this machine for what goes out; the address for what came in."""
    alt: str = ""
    kind: str = "image"
    remote_id: str | None = None
    """Set once it is uploaded, so that a retry does not upload again."""


class Mention(Struct, frozen=True, kw_only=True):
    """Anything said to or about us. Unique by (account, remote_id)."""

    id: str
    account: str
    network: str
    remote_id: str
    """The id of the status, or the at-uri; never the notification's."""
    via: Via
    conversation: str
    author: str
    """`@user@host`."""
    author_name: str
    text: str
    created_at: AwareDatetime
    author_id: str = ""
    """The author's lasting id on the network (for mute and block)."""
    url: str | None = None
    in_reply_to: str | None = None
    """remote_id of what it answers."""
    root: str | None = None
    """remote_id of the thread's first, where the network tells (Bluesky)."""
    extra: dict[str, str] = {}
    """What the network needs again and nobody else reads (Bluesky: cids)."""
    visibility: Visibility = Visibility.PUBLIC
    spoiler: str = ""
    language: str | None = None
    media: tuple[Media, ...] = ()
    labels: tuple[str, ...] = ()
    edited: bool = False
    deleted: bool = False


class Conversation(Struct, frozen=True, kw_only=True):
    """A thread of mentions and our replies, on one account; the fields of its newest mention stand here for its row."""

    id: str
    account: str
    network: str
    status: ConversationStatus
    since: AwareDatetime
    """Since when the person waits: the oldest mention that we have not answered; sorts the queue."""
    newest: str
    """The mention (our id) that the row shows and `reply C` answers."""
    newest_at: AwareDatetime
    author: str
    author_name: str
    text: str
    """The beginning of the newest mention's text, at most 300 characters."""
    mentions: int = 1
    unread: bool = True
    muted: bool = False
    snoozed_until: AwareDatetime | None = None
    snoozed_for_answer: bool = False
    """Snoozed until they answer; snoozed_until is then None."""
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    campaign: str | None = None
    draft: str | None = None
    """id of the reply that is being written."""
    via: Via = Via.MENTION
    visibility: Visibility = Visibility.PUBLIC
    folded_into: str | None = None
    """The elder conversation that took this one in; this id goes on working."""
    done_at: AwareDatetime | None = None
    newest_edited: bool = False
    newest_deleted: bool = False
    parents_known: bool = False
    """The chain above its first mention was fetched (once), or there is none, or it is not asked for by itself."""
    above: Above = Above.WHOLE


class Context(Struct, frozen=True, kw_only=True):
    """A text of the thread that is neither a mention nor written here: a parent, an answer of ours from elsewhere."""

    id: str
    account: str
    network: str
    remote_id: str
    conversation: str
    author: str
    author_name: str
    text: str
    created_at: AwareDatetime
    ours: bool = False
    url: str | None = None
    in_reply_to: str | None = None


class Outgoing(Struct, frozen=True, kw_only=True):
    """A reply (lane community) or a variant of a post (lane marketing), on its way or out."""

    id: str
    account: str
    network: str
    text: str
    state: OutgoingState
    created_at: AwareDatetime
    key: str
    """The idempotency key: made with the draft, the same at every try."""
    conversation: str | None = None
    """Set for a reply."""
    in_reply_to: str | None = None
    """Our id of the mention it answers."""
    in_reply_to_remote: str | None = None
    post: str | None = None
    """The post that this variant belongs to."""
    author: str = ""
    """Who wrote it here."""
    reason: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    spoiler: str = ""
    language: str | None = None
    media: tuple[Media, ...] = ()
    scheduled_at: AwareDatetime | None = None
    """When delivery is to send it: the end of the hold window, or the post's time."""
    hold_window: bool = False
    """scheduled_at ends a hold window and was named by nobody: `sync` waits for it, and it is never late."""
    zone: str | None = None
    """The IANA zone in which scheduled_at was meant."""
    late: str = "publish"
    """What to do past its time: publish, hold or skip."""
    remote_id: str | None = None
    url: str | None = None
    sent_at: AwareDatetime | None = None
    tries: int = 0
    next_try_at: AwareDatetime | None = None
    """When delivery looks at it again: a retry, or a read-back of `unknown`."""
    checks: int = 0
    """How often the server answered that it does not have what we sent (state unknown)."""
    read_backs: int = 0
    """How often it was asked."""
    error: str | None = None
    extra: dict[str, str] = {}
    sending_since: AwareDatetime | None = None
    force: bool = False
    """A person released it knowing of a newer answer: the thread is not looked at again."""
    typed_at: AwareDatetime | None = None
    """When somebody last typed in the draft; None: a step left it as it is."""


class ActKind(StrEnum):
    """A public or account change that is not a text."""

    FAVOURITE = "favourite"
    UNFAVOURITE = "unfavourite"
    BOOST = "boost"
    UNBOOST = "unboost"
    DELETE = "delete"
    EDIT = "edit"
    MUTE = "mute"
    UNMUTE = "unmute"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REPORT = "report"
    READ = "read"


class Act(Struct, frozen=True, kw_only=True):
    """An act on its way: the same delivery as a text, and every one of these can be repeated without harm."""

    id: str
    account: str
    network: str
    kind: ActKind
    target: str
    """remote_id of the status, or of the author for mute, block and report."""
    state: OutgoingState
    created_at: AwareDatetime
    scheduled_at: AwareDatetime
    author: str = ""
    of: str | None = None
    """Our id of what it is about."""
    text: str = ""
    """The new text of an edit, the comment of a report."""
    tries: int = 0
    next_try_at: AwareDatetime | None = None
    error: str | None = None
    reason: str | None = None
    extra: dict[str, str] = {}
    sending_since: AwareDatetime | None = None


class Note(Struct, frozen=True, kw_only=True):
    """Internal, never sent."""

    id: str
    conversation: str
    who: str
    at: AwareDatetime
    text: str


class Engagement(Struct, frozen=True, kw_only=True):
    """Likes, boosts and follows, folded: one record for each (account, kind, target). Never a mention."""

    id: str
    account: str
    kind: str
    """like, boost, follow."""
    target: str | None
    """remote_id of our status; None for follows."""
    count: int
    last_at: AwareDatetime
    people: tuple[str, ...] = ()
    """The newest few, at most ten."""


class AccountState(Struct, frozen=True, kw_only=True):
    """What the engine knows of an account: its place in the network's stream and its health."""

    id: str
    """The account's id."""
    name: str
    network: str
    cursor: str | None = None
    health: Health = Health.UNKNOWN
    since: AwareDatetime | None = None
    """Since when it fares so."""
    error: str | None = None
    synced_at: AwareDatetime | None = None
    """When it was last in step with the network."""
    handle: str = ""
    limits: Limits = Limits()
    capabilities: Capabilities = Capabilities()
    left_out: int = 0
    """Mentions older than the first sync's bound."""


class Change(Struct, frozen=True, kw_only=True):
    """One record before and after a step; only the fields that changed."""

    table: str
    id: str
    before: dict[str, Any] | None
    """None: the record was made by the step."""
    after: dict[str, Any] | None
    """None: the record was removed by the step."""


class Activity(Struct, frozen=True, kw_only=True):
    """A line of the log of every change: who, when, what, before and after."""

    op_id: str
    at: AwareDatetime
    who: str
    verb: str
    ids: tuple[str, ...]
    changes: tuple[Change, ...]
    detail: str = ""
    undoes: str | None = None
    """op_id of the step that this one takes back (undo) or does again (redo)."""


class Request(Struct, frozen=True, kw_only=True):
    """Something asked of the engine's holder, whoever that is; answered in place."""

    id: str
    what: str
    """`sync`, `context`."""
    asked_at: AwareDatetime
    argument: str | None = None
    answered_at: AwareDatetime | None = None
    answer: dict[str, Any] | None = None
