"""The records of the store, frozen. Times are aware and in UTC; texts went through `text.clean`."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from commtui.model.abilities import Capabilities, Limits, Visibility
from commtui.model.clock import AwareDatetime
from commtui.model.content import Media as Media
from commtui.model.content import Poll as Poll
from commtui.model.content import PollOption as PollOption
from commtui.model.log_records import Activity as Activity
from commtui.model.log_records import Change as Change
from commtui.model.log_records import Request as Request
from commtui.model.states import ConversationStatus, Health, OutgoingState


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
    """Something above is deleted, blocked or hidden."""
    UNASKED = "unasked"
    """Too many arrived at once: fetched when a person opens the conversation."""


class Mention(Struct, frozen=True, kw_only=True):
    """Anything said to or about us. Unique by (account, remote_id)."""

    id: str
    account: str
    network: str
    remote_id: str
    """The id of the status, or the at-uri; never the notification's."""
    via: Via
    conversation: str
    author: str  # `@user@host`
    author_name: str
    text: str
    created_at: AwareDatetime
    """When it came, by our server."""
    dated_at: AwareDatetime | None = None  # its author's date, where that is a day or more from created_at
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
    poll: Poll | None = None
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
    """The time of the oldest mention that we have not answered; sorts the queue."""
    newest: str
    """The mention (our id) that the row shows and `reply C` answers."""
    newest_at: AwareDatetime
    author: str
    author_name: str
    text: str
    mentions: int = 1
    unread: bool = True
    muted: bool = False
    snoozed_until: AwareDatetime | None = None
    snoozed_for_answer: bool = False
    """Snoozed until they answer; snoozed_until is then None."""
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    campaign: str | None = None
    draft: str | None = None  # id of the reply that is being written
    via: Via = Via.MENTION
    visibility: Visibility = Visibility.PUBLIC
    folded_into: str | None = None
    """The elder conversation that includes this one; this id stays valid."""
    done_at: AwareDatetime | None = None
    newest_edited: bool = False
    newest_deleted: bool = False
    spoiler: str = ""
    attached: tuple[str, ...] = ()
    """Kinds of what stands beside the newest mention's text (`content.kinds_of`)."""
    parents_known: bool = False
    """The chain above its first mention was fetched, or there is none, or it is fetched only when a person asks."""
    above: Above = Above.WHOLE


class Context(Struct, frozen=True, kw_only=True):
    """A text of the thread that is neither a mention nor written here: a parent, or our answer from another program."""

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
    spoiler: str = ""
    media: tuple[Media, ...] = ()
    poll: Poll | None = None


class Outgoing(Struct, frozen=True, kw_only=True):
    """A reply (lane community) or a variant of a post (lane marketing), on its way or out."""

    id: str
    account: str
    network: str
    text: str
    state: OutgoingState
    created_at: AwareDatetime
    key: str
    """The idempotency key: chosen with the draft, the same at every try."""
    conversation: str | None = None
    """Set for a reply."""
    in_reply_to: str | None = None
    """Our id of the mention it answers."""
    in_reply_to_remote: str | None = None
    post: str | None = None
    """The post that this variant belongs to."""
    author: str = ""
    reason: str | None = None
    """A Reason, or what the network noted when it took the text."""
    visibility: Visibility = Visibility.PUBLIC
    spoiler: str = ""
    language: str | None = None
    media: tuple[Media, ...] = ()
    scheduled_at: AwareDatetime | None = None
    """When delivery is to send it: the end of the hold window, or the post's time."""
    hold_window: bool = False
    """scheduled_at is the end of a hold window, chosen by nobody: `sync` waits for it; it is never late."""
    zone: str | None = None
    """The IANA zone in which scheduled_at was meant."""
    late: str = "publish"
    """What happens when its time has passed: publish, hold or skip."""
    remote_id: str | None = None
    url: str | None = None
    sent_at: AwareDatetime | None = None
    tries: int = 0
    next_try_at: AwareDatetime | None = None
    """When delivery looks at it again: a retry, or a read-back of `unknown`."""
    checks: int = 0
    """How often the server answered that it does not have the item (state unknown)."""
    read_backs: int = 0
    """How often the server was asked for it."""
    error: str | None = None
    extra: dict[str, str] = {}
    sending_since: AwareDatetime | None = None
    force: bool = False
    """A person released it in spite of a newer answer: the thread is not checked again."""
    typed_at: AwareDatetime | None = None
    """When somebody last typed in the draft; None: the text is as the last step left it."""


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
    """An act on its way, delivered like a text. Every kind can be repeated without harm."""

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
    """Likes, boosts or follows (`kind`: like, boost, follow): one record for each (account, kind, target)."""

    id: str
    account: str
    kind: str
    target: str | None
    """remote_id of our status; None for follows."""
    count: int
    last_at: AwareDatetime
    people: tuple[str, ...] = ()
    """The newest few, at most ten."""


class AccountState(Struct, frozen=True, kw_only=True):
    """What the engine knows of an account: its cursor in the network's notifications and its health."""

    id: str
    name: str
    network: str
    cursor: str | None = None
    health: Health = Health.UNKNOWN
    since: AwareDatetime | None = None
    error: str | None = None
    synced_at: AwareDatetime | None = None
    """When the last fetch went through."""
    handle: str = ""
    limits: Limits = Limits()
    capabilities: Capabilities = Capabilities()
    left_out: int = 0
    """Mentions older than the first sync's bound."""
