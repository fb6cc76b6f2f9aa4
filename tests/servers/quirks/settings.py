"""The switches of the server: each is something that a server people use really does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Ids = Literal["snowflake", "ulid", "hex", "dated"]
Rewriting = Literal[
    "www", "entities", "shortcodes", "smileys", "strips", "renders", "markdown", "typography", "appends"
]
"""What becomes of a text: see rewriting.py."""
PostAnswer = Literal[
    "right", "drop", "cut", "502", "500", "503 after", "503 before", "429 before", "reset before", "html", "empty",
    "another's", "older", "older, not done",
]  # fmt: skip
"""What becomes of a request that changes something: see answers.py."""
Odd = Literal[
    "type", "key", "null", "text", "id", "surrogate", "surrogate id", "deep", "large", "no account", "no date",
    "year 1", "year 9999", "backdated", "future",
]  # fmt: skip
"""A notification such as no server should send: see odd.py."""
PageAnswer = Literal[
    "right", "gzip", "deep", "port", "loop", "dates", "html", "empty", "cut", "502", "object", "garbage"
]  # fmt: skip
"""What becomes of a request for notifications: see odd.py."""


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
    min_id: Literal["next", "newest", "ignored", "refused"] = "next"
    """What min_id gives: those right above it; the newest page above it, as since_id; the newest page; 400."""
    unknown_id: Literal["place", "empty", "404", "400", "500"] = "place"
    """What the id of something that is deleted gives: what its place does, an empty page, or an error."""
    refuses_limit: int | None = None
    """More than so many are not cut to `max_limit`, but refused with 422."""
    leaves_out: frozenset[str] = frozenset()
    """Notifications by these people are left out of a page after it was made."""
    notifications_most: int | None = None
    """Only the newest so many notifications can be listed at all."""
    endless: bool = False
    """Each page of notifications is full, without end: what is added is about statuses that are not there."""
    filters: bool = False
    """Direct mentions by people whom the user does not follow are kept aside until they are accepted."""
    approval: bool = False
    """Answers to the user come as `pending.reply` until they are accepted."""
    odd_items: tuple[Odd, ...] = ()
    """`mentions` puts one notification of each of these among its own (odd.py)."""
    page_answers: list[PageAnswer] = field(default_factory=list)
    """What becomes of the next requests for notifications, one each (odd.py)."""

    instance_v2: bool = True
    instance_v2_error: int | None = None
    """The status with which /api/v2/instance fails, while v1 answers."""
    notifications_v2: bool = True
    mention_html: bool = True
    """Mentions are h-cards and links have hidden parts; else both are bare text."""
    mention_ids: Literal["account", "place"] = "account"
    """place: `mentions[].id` is "0", "1", ..."""
    statuses_by_ids: bool = True
    """/api/v1/statuses gives many by their ids (Mastodon 4.3); else it is 404."""
    wraps_boosted: bool = False
    """What somebody has boosted is given as a wrapper by the booster, without content and its id in capitals."""
    rewrites: frozenset[Rewriting] = frozenset()
    """How texts that come through the interface are changed (rewriting.py)."""
    source: Literal["original", "rewritten", "none"] = "original"
    """What /source tells of a text; none: 404."""
    source_field: bool = False
    """Users' own statuses have their original in `text`."""

    errors: Literal["json", "text", "html", "empty", "list"] = "json"
    bad_token: int = 401
    refused: int = 422
    """The status for a text that is empty or too long."""
    wrong_code: Literal["json", "debug page"] = "json"
    """How a wrong code is refused."""
    not_mastodon: bool = False
    """A web server that knows nothing of the interface: HTML and 404 for everything."""

    streaming: Literal["sse", "websocket", "none"] = "sse"
    streaming_url: Literal["right", "wss", "missing"] = "right"

    scheduling: Literal["mastodon", "strict", "ignored"] = "mastodon"
    """mastodon: at once if due within 5 minutes. strict: 422 then, and a past date is published backdated. ignored."""
    idempotency: Literal["honoured", "ignored", "error"] = "honoured"
    """error: a replay is answered 500. Never looked at for scheduled posts."""

    own_list: Literal["all", "public", "public, from pages", "none"] = "all"
    """Which of their own statuses a user is listed: public leaves out private and direct ones, or takes them out of a
    page after it was made."""
    home_timeline: bool = True
    """/api/v1/timelines/home has the user's own statuses; else it is 404. Direct ones are never in it."""
    conversations: bool = True
    """/api/v1/conversations has the last status of direct conversations; else it is 404."""
    lag: float = 0.0
    """Seconds until reads show what was posted through the interface."""
    created_at_off: float = 0.0
    """Seconds by which created_at is ahead of the server's own time."""
    date: Literal["right", "none"] = "right"
    """The Date header."""
    date_off: float = 0.0
    """Seconds by which it is ahead of the server's own time."""
    flood: int = 0
    """After each post through the interface so many others of the same user come from elsewhere."""
    post_answers: list[PostAnswer] = field(default_factory=list)
    """What becomes of the next posts, one each (answers.py)."""
    act_answers: list[PostAnswer] = field(default_factory=list)
    """The same for edits, deletions and acts on statuses."""

    edited_at: bool = True
    """Edited statuses say when they were edited."""
    edit_changes_id: bool = False
    """An edited status gets a new id; its old one is not known any more, `uri` and `url` stay."""
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
    upload_hangs: bool = False
    """An upload is answered when this is switched off, and not before."""

    limit: int | None = None
    """Requests allowed in `window` seconds; None: no limit and no headers."""
    window: int = 300
    limit_by: Literal["token", "ip"] = "token"
    limit_reset: Literal["iso", "epoch"] = "iso"
    limit_headers: bool = True
    """X-RateLimit-*: without them and without `retry_after` a 429 tells nothing."""
    retry_after: bool = False
    capacity: int = 0
    """So many of the next requests are answered 429 `server capacity exceeded`, Retry-After 30."""

    max_characters: int = 500
    characters_reserved_per_url: int = 23
    """As stated, and as counted unless `links_count_whole`."""
    links_count_whole: bool = False
    max_media_attachments: int = 4
    media_size: int = 10_485_760
    media_pixels: int = 33_177_600
    count_warning: bool = True
    """The content warning counts towards the length."""
