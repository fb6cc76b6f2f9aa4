"""Objects of Bluesky's lexicons, app.bsky, with the fields that are used here. Names are the lexicons' own."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from commtui.model.clock import AwareDatetime
from commtui.networks.bluesky.atproto_lexicon import StrongRef
from commtui.networks.payloads import Text


class Label(Struct, frozen=True):
    """What a moderator, or the author, says of a post or an account. `neg`: no longer."""

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
    """The record that an embed shows: the reference itself, or with media an embed that has it."""

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


class Records(Struct, frozen=True):
    """The answer to listRecords; each entry is a Record."""

    records: list[Any] = []


# app.bsky.actor, app.bsky.feed, app.bsky.notification


class Profile(Struct, frozen=True, rename="camel"):
    """Somebody."""

    did: Text
    handle: str = ""
    display_name: str = ""
    labels: tuple[Label, ...] = ()

    @property
    def known_handle(self) -> str:
        """The handle; empty for one that does not lead back to the account."""
        return "" if self.handle == "handle.invalid" else self.handle

    @property
    def is_bot(self) -> bool:
        """Whether it says of itself that it is a bot, or a moderator does."""
        return any(label.val == "bot" and not label.neg for label in self.labels)


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
    indexed_at: AwareDatetime | None = None
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
    indexed_at: AwareDatetime | None = None


class Notification(Struct, frozen=True, rename="camel"):
    """One notification."""

    uri: Text
    cid: Text
    author: Profile
    indexed_at: AwareDatetime | None = None
    reason: str = ""
    reason_subject: str = ""
    record: Post = Post()
    labels: tuple[Label, ...] = ()


class Notifications(Struct, frozen=True):
    """A page of notifications; each entry is a Notification."""

    notifications: list[Any]
    cursor: str = ""
