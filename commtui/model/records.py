"""The records of the store, frozen. Times are in UTC. A string's type says how it is cleaned (model/strings.py)."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from commtui.model.abilities import Visibility
from commtui.model.account_records import AccountState as AccountState
from commtui.model.act_records import Act as Act
from commtui.model.act_records import ActKind as ActKind
from commtui.model.campaign_records import Campaign as Campaign
from commtui.model.clock import AwareDatetime
from commtui.model.content import Media as Media
from commtui.model.content import Poll as Poll
from commtui.model.content import PollOption as PollOption
from commtui.model.engagement import Engagement as Engagement
from commtui.model.log_records import Activity as Activity
from commtui.model.log_records import Change as Change
from commtui.model.log_records import LogEntry as LogEntry
from commtui.model.log_records import Process as Process
from commtui.model.log_records import Request as Request
from commtui.model.merge_records import Merge as Merge
from commtui.model.people import Link as Link
from commtui.model.people import Person as Person
from commtui.model.people import PersonNote as PersonNote
from commtui.model.rule_records import RuleRun as RuleRun
from commtui.model.rule_records import RuleState as RuleState
from commtui.model.series_records import Series as Series
from commtui.model.states import ConversationStatus, OutgoingState, Priority
from commtui.model.strings import Address, Id, Opaque, Text


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

    id: Id
    account: Id
    network: Id
    remote_id: Id
    """The id of the status, or the at-uri; never the notification's."""
    via: Via
    conversation: Id
    came_to: Id | None = None
    """The conversation to which its thread belongs, where a person merged that one into `conversation`."""
    author: Id  # `@user@host`
    author_name: str
    text: Text
    created_at: AwareDatetime
    """When it came, by our server."""
    dated_at: AwareDatetime | None = None  # its author's date, where that is a day or more from created_at
    author_id: Id = ""
    """The author's lasting id on the network (for mute and block)."""
    url: Address | None = None
    uri: Address | None = None
    """Its lasting address, where its remote_id may change."""
    in_reply_to: Id | None = None
    """remote_id of what it answers."""
    root: Id | None = None
    """remote_id of the thread's first, where the network tells (Bluesky)."""
    others: tuple[Id, ...] = ()
    """Handles of those whom it names beside us and its author: an answer keeps them."""
    extra: dict[Opaque, Opaque] = {}
    """What the network needs again and nobody else reads (Bluesky: cids)."""
    visibility: Visibility = Visibility.PUBLIC
    spoiler: str = ""
    language: Id | None = None
    language_guess: Id | None = None
    """Where the network names no language: what the words are likely to be in (model/languages.py)."""
    media: tuple[Media, ...] = ()
    poll: Poll | None = None
    labels: tuple[str, ...] = ()
    edited: bool = False
    deleted: bool = False
    pending: bool = False  # an answer that others see when we accept it
    erased: bool = False  # model/erasing.py
    bot: bool = False  # the network marks its author as a bot


class Conversation(Struct, frozen=True, kw_only=True):
    """A thread of mentions and our replies, on one account; the fields of its newest mention stand here for its row."""

    id: Id
    account: Id
    network: Id
    status: ConversationStatus
    since: AwareDatetime
    """The time of the oldest mention that we have not answered; sorts the queue."""
    newest: Id
    """The mention (our id) that the row shows and `reply C` answers."""
    newest_at: AwareDatetime
    author: Id
    author_name: str
    text: Text
    mentions: int = 1
    unread: bool = True
    muted: bool = False
    muted_until: AwareDatetime | None = None
    """When the mute ends by itself, without a write; None: never (`conversations.is_muted`)."""
    answered: bool = False
    """A reply of ours was sent in it: what is due is the next answer, not the first."""
    by_bot: bool = False
    """Only accounts that are marked as bots wait for us: no answer is due."""
    due_at: AwareDatetime | None = None
    """When our answer is due. This and the next two are computed at each write (community/deadlines.py)."""
    risk_at: AwareDatetime | None = None
    """When three quarters of the working time to it have passed; None where the config has no service level."""
    due_by: Opaque = ""
    """What these were computed by: changes with the hours and levels of the config."""
    snoozed_until: AwareDatetime | None = None
    snoozed_for_answer: bool = False
    """Snoozed until they answer; snoozed_until is then None."""
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    campaign: Id | None = None
    """The campaign whose post it answers."""
    draft: Id | None = None  # id of the reply that is being written
    via: Via = Via.MENTION
    visibility: Visibility = Visibility.PUBLIC
    folded_into: Id | None = None
    """The elder conversation that includes this one; this id stays valid."""
    merge: Merge | None = None
    """Set if a person merged it into that one; None: they are one thread."""
    done_at: AwareDatetime | None = None
    newest_edited: bool = False
    newest_deleted: bool = False
    newest_pending: bool = False
    spoiler: str = ""
    language: Id | None = None  # of the newest mention, and as there
    language_guess: Id | None = None
    attached: tuple[str, ...] = ()
    """Kinds of what stands beside the newest mention's text (`content.kinds_of`)."""
    parents_known: bool = False
    """The chain above its first mention was fetched, or there is none, or it is fetched only when a person asks."""
    above: Above = Above.WHOLE


class Context(Struct, frozen=True, kw_only=True):
    """A text of the thread that is neither a mention nor written here: a parent, or our answer from another program."""

    id: Id
    account: Id
    network: Id
    remote_id: Id
    conversation: Id
    came_to: Id | None = None  # as in Mention
    author: Id
    author_name: str
    text: Text
    created_at: AwareDatetime
    ours: bool = False
    url: Address | None = None
    in_reply_to: Id | None = None
    spoiler: str = ""
    media: tuple[Media, ...] = ()
    poll: Poll | None = None


class LookAlike(Struct, frozen=True, kw_only=True):
    """A text of ours on the network that no item claims: perhaps one whose answer was lost, as the server shows it."""

    remote_id: Id
    url: Address | None
    text: Text
    """Empty where the server's answer could not be read."""
    created_at: AwareDatetime | None


class Outgoing(Struct, frozen=True, kw_only=True):
    """A reply (lane community) or a variant of a post (lane marketing), on its way or out."""

    id: Id
    account: Id
    network: Id
    text: Text
    state: OutgoingState
    created_at: AwareDatetime
    key: Id
    """The idempotency key: chosen with the draft, the same at every try."""
    conversation: Id | None = None
    """Set for a reply."""
    came_to: Id | None = None  # as in Mention
    in_reply_to: Id | None = None
    """Our id of the mention it answers."""
    in_reply_to_remote: Id | None = None
    after: Id | None = None
    """Our id of the post that it continues: the one before it in its thread, which must be out first."""
    others: tuple[Id, ...] = ()
    """Handles that a network which addresses puts before it, behind that of the author whom it answers."""
    post: Id | None = None
    """The post that this variant belongs to."""
    campaign: Id | None = None
    """The campaign of its post: the same in all variants of it. A reply has none."""
    series: Id | None = None
    """The series that it was made for."""
    author: str = ""
    reason: str | None = None
    """A Reason, or what the network noted when it took the text."""
    visibility: Visibility = Visibility.PUBLIC
    spoiler: str = ""
    language: Id | None = None
    media: tuple[Media, ...] = ()
    scheduled_at: AwareDatetime | None = None
    """When delivery is to send it: the end of the hold window, or the post's time."""
    hold_window: bool = False
    """scheduled_at is the end of a hold window, chosen by nobody: `sync` waits for it; it is never late."""
    zone: Id | None = None
    """The IANA zone in which scheduled_at was meant."""
    local_at: Opaque = ""
    """The wall time in that zone that scheduled_at was meant as, in ISO 8601; empty: nobody chose a time."""
    shifted_from: AwareDatetime | None = None
    """What scheduled_at was before the rules of its zone changed."""
    late: Id = "publish"
    """What happens when its time has passed: publish, hold or skip."""
    remote_id: Id | None = None
    url: Address | None = None
    sent_at: AwareDatetime | None = None
    tries: int = 0
    next_try_at: AwareDatetime | None = None
    """When delivery looks at it again: a retry, or a read-back of `unknown`."""
    failing_since: AwareDatetime | None = None
    """Since when no try has arrived: after some days delivery gives up."""
    error: str | None = None
    extra: dict[Opaque, Opaque] = {}
    sending_since: AwareDatetime | None = None
    """When its last try began."""
    engine: Opaque = ""
    """The engine that began its last try (sync/flights.py)."""
    doubts: int = 0
    """How many of its tries, ever, ended without an answer that can be trusted."""
    doubtful_since: AwareDatetime | None = None
    """When the first of these began: it may be out since then."""
    resend: bool = False
    """A person said after the last of these that it is to be sent again."""
    read_backs: int = 0
    """How often the network was asked for it since the last of these."""
    look_alikes: tuple[LookAlike, ...] = ()
    """What the last read-back showed beside it."""
    force: bool = False
    """A person released it in spite of a newer answer, or of a paused campaign: neither is checked again."""
    typed_at: AwareDatetime | None = None
    """When somebody last typed in the draft; None: the text is as the last step left it."""


class Note(Struct, frozen=True, kw_only=True):
    """Internal, never sent."""

    id: Id
    conversation: Id
    came_to: Id | None = None  # as in Mention
    who: str
    at: AwareDatetime
    text: Text
