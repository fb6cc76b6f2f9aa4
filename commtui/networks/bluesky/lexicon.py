"""Objects of the AT Protocol's lexicons, with the fields that are used here. Names are the lexicons' own."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from commtui.model.clock import AwareDatetime
from commtui.networks.payloads import Text


class Nothing(Struct, frozen=True):
    """An answer that nobody looks into."""


class Error(Struct, frozen=True):
    """The body of an answer that is not 2xx."""

    name: str = field(name="error", default="")
    message: str = ""


# com.atproto


class StrongRef(Struct, frozen=True):
    """A record and its version; empty where it is missing."""

    uri: str = ""
    cid: str = ""


class PutRecord(Struct, frozen=True):
    """Where a record was written."""

    uri: Text
    cid: Text


class UploadBlob(Struct, frozen=True):
    """A blob, which goes into a record as it came."""

    blob: dict[str, Any]


class Service(Struct, frozen=True, rename="camel"):
    """An entry of a DID's document."""

    id: str = ""
    service_endpoint: str = ""


class DidDocument(Struct, frozen=True, rename="camel"):
    """What a DID leads to."""

    id: str = ""
    also_known_as: tuple[str, ...] = ()
    service: tuple[Service, ...] = ()


class ResolvedHandle(Struct, frozen=True):
    """The account of a handle."""

    did: str = ""


class Session(Struct, frozen=True, rename="camel"):
    """The answer to createSession and refreshSession."""

    __repr__ = object.__repr__  # it holds secrets

    did: Text
    access_jwt: Text
    refresh_jwt: Text
    handle: str = ""
    active: bool = True
    status: str = ""
    did_doc: DidDocument | None = None


class SessionInfo(Struct, frozen=True):
    """The answer to getSession."""

    did: Text
    handle: str = ""


class Label(Struct, frozen=True):
    """What a moderator says of a post. `neg`: no longer."""

    val: str = ""
    neg: bool = False


# app.bsky.richtext.facet


class Feature(Struct, frozen=True):
    """What a stretch of text is; `uri` for a link."""

    uri: str = ""


class ByteSlice(Struct, frozen=True, rename="camel"):
    """A stretch of a text in UTF-8."""

    byte_start: int
    byte_end: int


class Facet(Struct, frozen=True):
    """A stretch of a text that means something."""

    index: ByteSlice
    features: tuple[Feature, ...]


# app.bsky.feed.post


class ReplyRef(Struct, frozen=True):
    """What a post answers, and the first post of its thread."""

    root: StrongRef = StrongRef()
    parent: StrongRef = StrongRef()


class BlobLink(Struct, frozen=True):
    """The CID of a blob."""

    link: str = field(name="$link", default="")


class Blob(Struct, frozen=True):
    """A file."""

    ref: BlobLink = BlobLink()


class Image(Struct, frozen=True):
    """One image of a post."""

    alt: str = ""
    image: Blob = Blob()


class External(Struct, frozen=True):
    """The card of a link."""

    uri: str = ""


class Quoted(Struct, frozen=True):
    """The post that an embed quotes: the reference itself, or with media an embed that has it."""

    uri: str = ""
    record: StrongRef = StrongRef()


class EmbeddedMedia(Struct, frozen=True):
    """What stands beside a quoted post."""

    external: External = External()
    images: tuple[Image, ...] = ()
    video: Blob = Blob()
    alt: str = ""


class Embed(Struct, frozen=True):
    """What stands below a text."""

    type: str = field(name="$type", default="")
    external: External = External()
    images: tuple[Image, ...] = ()
    video: Blob = Blob()
    alt: str = ""
    record: Quoted = Quoted()
    media: EmbeddedMedia | None = None


class SelfLabels(Struct, frozen=True):
    """What the author says of a post."""

    values: tuple[Label, ...] = ()


class Post(Struct, frozen=True, rename="camel"):
    """The record of a post; also of a like or a repost, which has a subject."""

    text: str = ""
    created_at: AwareDatetime | None = None
    facets: tuple[Facet, ...] = ()
    reply: ReplyRef = ReplyRef()
    embed: Embed = Embed()
    langs: tuple[str, ...] = ()
    labels: SelfLabels = SelfLabels()
    subject: StrongRef = StrongRef()


class Record(Struct, frozen=True):
    """A record of ours and its version."""

    uri: Text
    cid: Text
    value: Post = Post()


# app.bsky.actor, app.bsky.feed, app.bsky.notification


class Profile(Struct, frozen=True, rename="camel"):
    """Somebody."""

    did: Text
    handle: str = ""
    display_name: str = ""

    @property
    def known_handle(self) -> str:
        """The handle; empty for one that does not lead back to the account."""
        return "" if self.handle == "handle.invalid" else self.handle


class ProfileViewer(Struct, frozen=True):
    """How an account stands to us: the uri of our block."""

    blocking: str = ""


class ProfileDetails(Struct, frozen=True):
    """The answer to getProfile."""

    viewer: ProfileViewer = ProfileViewer()


class PostViewer(Struct, frozen=True):
    """What we did to a post: the uris of our like and repost."""

    like: str = ""
    repost: str = ""


class PostView(Struct, frozen=True, rename="camel"):
    """A post as the network shows it. `indexed_at`: when the network saw it."""

    uri: Text
    cid: Text
    author: Profile
    indexed_at: AwareDatetime
    record: Post = Post()
    labels: tuple[Label, ...] = ()
    viewer: PostViewer = PostViewer()


class Posts(Struct, frozen=True):
    """The answer to getPosts; each entry is a PostView."""

    posts: list[Any] = []


class ThreadNode(Struct, frozen=True):
    """A post of a thread, or a note that it is not there; `parent` and `replies` are nodes, each a level deeper."""

    post: Any = None
    parent: Any = None
    replies: list[Any] = []
    blocked: bool = False


class PostThread(Struct, frozen=True):
    """The answer to getPostThread."""

    thread: ThreadNode = ThreadNode()


class NotificationPlace(Struct, frozen=True, rename="camel"):
    """What places a notification among the others: read of malformed ones too, to get past them."""

    uri: Text
    indexed_at: AwareDatetime


class Notification(Struct, frozen=True, rename="camel"):
    """One notification."""

    uri: Text
    cid: Text
    author: Profile
    indexed_at: AwareDatetime
    reason: str = ""
    reason_subject: str = ""
    record: Post = Post()
    labels: tuple[Label, ...] = ()


class Notifications(Struct, frozen=True):
    """A page of notifications; each entry is a Notification."""

    notifications: list[Any]
    cursor: str = ""


# chat.bsky.convo


class Sender(Struct, frozen=True):
    """Who wrote a message."""

    did: Text


class Message(Struct, frozen=True, rename="camel"):
    """A direct message."""

    id: Text
    sender: Sender
    text: str
    sent_at: AwareDatetime
    facets: tuple[Facet, ...] = ()


class Messages(Struct, frozen=True, rename="camel"):
    """A page of messages; an entry is a Message, or one that was deleted."""

    messages: list[Any] = []
    related_profiles: list[Any] = []


class SentMessage(Struct, frozen=True, rename="camel"):
    """The answer to sendMessage."""

    id: Text
    sent_at: AwareDatetime


class Convo(Struct, frozen=True, rename="camel"):
    """A conversation of direct messages."""

    id: Text
    rev: str = ""
    unread_count: int = 0
    muted: bool = False
    members: list[Any] = []


class Convos(Struct, frozen=True):
    """A page of conversations; each entry is a Convo."""

    convos: list[Any] = []


class ConvoAnswer(Struct, frozen=True):
    """The answer to getConvo."""

    convo: Convo


class LoggedMessage(Struct, frozen=True):
    """The message that an entry of the log is about."""

    id: Text
    sender: Sender


class LogEntry(Struct, frozen=True, rename="camel"):
    """One thing that happened in direct messages."""

    type: str = field(name="$type", default="")
    rev: str = ""
    convo_id: str = ""
    message: LoggedMessage | None = None
    related_profiles: list[Any] = []


class Log(Struct, frozen=True):
    """A page of the log; each entry is a LogEntry."""

    logs: list[Any] = []


class Claims(Struct, frozen=True):
    """What an access token says of itself."""

    sub: str = ""
    scope: str = ""
