"""Whole characters of servers, by name."""

from __future__ import annotations

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
