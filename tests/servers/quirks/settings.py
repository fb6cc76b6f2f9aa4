"""The switches of the server: each is something that a server people use really does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ids = Literal["snowflake", "ulid", "hex", "dated"]


@dataclass
class Quirks:
    """As Mastodon 4.5 by default. Every switch may be changed while the server runs."""

    status_ids: Ids = "snowflake"
    notification_ids: Ids = "snowflake"
    """`dated` is `2026-11-23T13:38:42.225Z/mention/<uuid>`; ulid sorts by age, hex (42 digits) does not."""
    v2_ids_differ: bool = False
    """The ids of /api/v2/notifications mean nothing to v1, and the other way round."""

    link: Literal["normal", "none", "always"] = "normal"
    """`always`: `next` on the last page too, which leads to `[]`."""
    default_limit: int = 40
    max_limit: int = 80
    listed_twice: bool = False
    """Every listing of statuses or notifications holds its first entry twice."""

    instance_v2: bool = True
    notifications_v2: bool = True
    mention_html: bool = True
    """Mentions are h-cards and links have hidden parts; else both are bare text."""

    errors: Literal["json", "text", "html", "empty", "list"] = "json"
    bad_token: int = 401
    refused: int = 422
    """The status for a text that is empty or too long."""
    not_mastodon: bool = False
    """A web server that knows nothing of the interface: HTML and 404 for everything."""

    streaming: Literal["sse", "websocket", "none"] = "sse"
    streaming_url: Literal["right", "wss", "missing"] = "right"

    scheduling: Literal["mastodon", "strict", "ignored"] = "mastodon"
    """mastodon: at once if due within 5 minutes. strict: 422 then, and a past date is published backdated. ignored."""
    idempotency: Literal["honoured", "ignored", "error"] = "honoured"
    """error: a replay is answered 500. Never looked at for scheduled posts."""

    reply_notifies: bool = False
    """A reply notifies its parent's author even without an @mention."""
    deleted: Literal["gone", "null"] = "gone"
    """What becomes of the notification of a deleted status."""
    orphan: Literal["missing", "accepted", "error"] = "missing"
    """A reply to what is deleted: 404, a status without a parent, or 500."""

    media: Literal["v2", "v1", "none"] = "v2"
    """v2 is answered 202 and needs `media_polls` looks (206) until it is ready (200); without v2 it is 404."""
    media_polls: int = 1
    drop_media: bool = False
    """The answer to a post lacks its attachments."""

    limit: int | None = None
    """Requests allowed in `window` seconds; None: no limit and no headers."""
    window: int = 300
    limit_by: Literal["token", "ip"] = "token"
    limit_reset: Literal["iso", "epoch"] = "iso"
    retry_after: bool = False
    capacity: int = 0
    """So many of the next requests are answered 429 `server capacity exceeded`, Retry-After 30."""

    max_characters: int = 500
    characters_reserved_per_url: int = 23
    max_media_attachments: int = 4
    media_size: int = 10_485_760
    count_warning: bool = True
    """The content warning counts towards the length."""


PRESETS: dict[str, dict[str, object]] = {
    "mastodon": {},
    "strict": {
        "status_ids": "ulid",
        "notification_ids": "ulid",
        "notifications_v2": False,
        "scheduling": "strict",
        "idempotency": "ignored",
        "refused": 400,
        "max_characters": 5000,
        "streaming": "websocket",
        "streaming_url": "wss",
        "limit": 10_000,
        "limit_by": "ip",
        "limit_reset": "epoch",
        "orphan": "missing",
    },
    "sparse": {
        "status_ids": "hex",
        "notification_ids": "dated",
        "link": "none",
        "default_limit": 1,
        "max_limit": 40,
        "instance_v2": False,
        "notifications_v2": False,
        "mention_html": False,
        "errors": "text",
        "streaming": "none",
        "scheduling": "ignored",
        "idempotency": "ignored",
        "orphan": "accepted",
        "media": "v1",
        "deleted": "null",
    },
    "broken": {
        "link": "always",
        "listed_twice": True,
        "errors": "empty",
        "bad_token": 422,
        "refused": 400,
        "streaming": "none",
        "scheduling": "ignored",
        "idempotency": "error",
        "orphan": "error",
        "reply_notifies": True,
        "v2_ids_differ": True,
        "drop_media": True,
    },
}
"""Four whole characters for tests that want each: Mastodon's, and three that share the rest of the quirks."""
