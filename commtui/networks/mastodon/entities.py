"""The entities of Mastodon's client API, with the fields that are used here. Names and fields are the API's own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from commtui.model.clock import AwareDatetime
from commtui.networks.payloads import Count, Id, Text

Bound = Annotated[int, Meta(gt=0)]


class Account(Struct, frozen=True):
    """Somebody on a server."""

    id: Id
    acct: Text
    """`user` on the server itself, else `user@host`."""
    username: str = ""
    display_name: str = ""
    url: str = ""
    bot: bool = False


class MediaAttachment(Struct, frozen=True):
    """A file of a status."""

    id: Id | None = None
    type: Text = "unknown"
    url: str = ""
    remote_url: str = ""
    description: str = ""


class UploadedMedia(Struct, frozen=True):
    """The answer to an upload; without a URL the server still works at the file."""

    id: Id
    type: str = ""
    url: str = ""
    description: str = ""


class PollOption(Struct, frozen=True):
    """An answer of a poll; its votes may be hidden until the poll ends."""

    title: str = ""
    votes_count: Count | None = None


class Poll(Struct, frozen=True):
    """A poll of a status."""

    options: tuple[PollOption, ...]
    multiple: bool = False
    expires_at: AwareDatetime | None = None
    expired: bool = False
    voters_count: Count | None = None
    votes_count: Count | None = None


class StatusMention(Struct, frozen=True):
    """An account that a status names."""

    id: Id | None = None
    username: str = ""
    acct: str = ""
    url: str = ""


class Status(Struct, frozen=True):
    """A text on a server."""

    id: Id
    account: Account
    created_at: AwareDatetime | None = None
    """As its author's server gives it."""
    content: str = ""
    """HTML."""
    text: str = ""
    """The text as it was given, where the server tells it."""
    url: str = ""
    uri: str = ""
    in_reply_to_id: Id | None = None
    in_reply_to_account_id: Id | None = None
    visibility: str = ""
    spoiler_text: str = ""
    language: str = ""
    sensitive: bool = False
    edited_at: Any = None
    reblog: Any = None
    """The Status that this one boosts: it has no text of its own then."""
    media_attachments: tuple[MediaAttachment, ...] = ()
    poll: Poll | None = None
    mentions: tuple[StatusMention, ...] = ()


class Author(Struct, frozen=True):
    """The author of an entry that may not be readable."""

    id: Id


class OwnStatus(Struct, frozen=True):
    """An entry of a list, read before it is known whether the rest of it can be read or matters."""

    id: Id | None = None
    created_at: AwareDatetime | None = None
    account: Author | None = None
    in_reply_to_id: Id | None = None
    uri: str = ""
    url: str = ""
    reblog: Any = None
    replies_count: Count | None = None


class StatusSource(Struct, frozen=True):
    """A text as it was given."""

    text: str
    spoiler_text: str = ""


class ConversationEntry(Struct, frozen=True):
    """An entry of the list of direct conversations."""

    last_status: Any = None


class Context(Struct, frozen=True):
    """What stands above and below a status; each entry is a Status."""

    ancestors: list[Any] = []
    descendants: list[Any] = []


class Named(Struct, frozen=True):
    """Whatever has an id."""

    id: Id


class Notification(Struct, frozen=True):
    """One notification (v1). `status` is read where the type has one that matters."""

    id: Id
    type: Text
    created_at: AwareDatetime | None = None
    """When our server noticed it."""
    account: Account | None = None
    status: Any = None


class NotificationGroup(Struct, frozen=True):
    """A group of notifications (v2); accounts and statuses stand beside the groups."""

    type: Text
    latest_page_notification_at: AwareDatetime | None = None
    group_key: str = ""
    page_max_id: Id | None = None
    most_recent_notification_id: Id | None = None
    notifications_count: Count = 1
    sample_account_ids: tuple[Id, ...] = ()
    status_id: Id | None = None


class GroupedNotifications(Struct, frozen=True):
    """A page of v2."""

    notification_groups: list[Any]
    accounts: list[Any] = []
    statuses: list[Any] = []


class ListEntry(Struct, frozen=True):
    """What places a notification, or a group of them, in its list: read of malformed ones too, to get past them."""

    id: Id | None = None
    page_max_id: Id | None = None
    page_min_id: Id | None = None
    most_recent_notification_id: Id | None = None
    created_at: AwareDatetime | None = None
    latest_page_notification_at: AwareDatetime | None = None

    @property
    def newest(self) -> str | None:
        return self.page_max_id or self.most_recent_notification_id or self.id

    @property
    def oldest(self) -> str | None:
        return self.page_min_id or self.most_recent_notification_id or self.id

    @property
    def time(self) -> datetime | None:
        return self.latest_page_notification_at or self.created_at


class Urls(Struct, frozen=True):
    """Where a server's stream is: by v2, or by v1."""

    streaming: str = ""
    streaming_api: str = ""


class StatusLimits(Struct, frozen=True):
    """Bounds of a text."""

    max_characters: Bound | None = None
    characters_reserved_per_url: Bound | None = None
    max_media_attachments: Bound | None = None


class MediaLimits(Struct, frozen=True):
    """Bounds of a file."""

    image_size_limit: Bound | None = None
    image_matrix_limit: Bound | None = None
    """Pixels of an image."""
    video_size_limit: Bound | None = None
    """Bytes of a video, and of a file of sound."""
    description_limit: Bound | None = None
    supported_mime_types: tuple[str, ...] = ()


class Configuration(Struct, frozen=True):
    """What a server says of its bounds."""

    statuses: StatusLimits = StatusLimits()
    media_attachments: MediaLimits = MediaLimits()
    urls: Urls = Urls()


class ApiVersions(Struct, frozen=True):
    """The versions of the interfaces that a server has; Mastodon itself counts its own since 4.3."""

    mastodon: Count | None = None


class Instance(Struct, frozen=True):
    """A server's description, of v2 or v1."""

    domain: str = ""
    uri: str = ""
    version: str = ""
    source_url: str = ""
    api_versions: ApiVersions = ApiVersions()
    configuration: Configuration = Configuration()
    urls: Urls = Urls()
    # Pleroma's own fields
    max_toot_chars: Bound | None = None
    upload_limit: Bound | None = None
    description_limit: Bound | None = None


class Application(Struct, frozen=True):
    """What the server knows us as; it is needed until the code is exchanged."""

    __repr__ = object.__repr__  # it holds a secret

    client_id: Text
    client_secret: str


class Token(Struct, frozen=True):
    """The answer to a code."""

    __repr__ = object.__repr__  # it is a secret

    access_token: Text


class StreamMessage(Struct, frozen=True):
    """An event of a WebSocket."""

    event: str
    payload: Any = None
