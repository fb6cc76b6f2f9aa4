"""Every quirk alone, by name: what the tests of the whole job go through, one by one and in random sets."""

from __future__ import annotations

from typing import Any, get_args

from tests.servers.quirks.settings import Odd, PageAnswer, PostAnswer, Rewriting

_SINGLE: dict[str, dict[str, Any]] = {
    "ids ulid": {"status_ids": "ulid", "notification_ids": "ulid"},
    "ids hex": {"status_ids": "hex", "notification_ids": "hex"},
    "ids dated": {"notification_ids": "dated"},
    "ids of statuses dated": {"status_ids": "dated", "notification_ids": "dated"},
    "ids of v2 differ": {"v2_ids_differ": True},
    "links none": {"link": "none"},
    "links always": {"link": "always"},
    "pages of 1 unless asked": {"default_limit": 1, "max_limit": 40},
    "listed twice": {"listed_twice": True},
    "min_id newest": {"min_id": "newest"},
    "min_id ignored": {"min_id": "ignored"},
    "min_id refused": {"min_id": "refused"},
    "ids of deleted ones give nothing": {"unknown_id": "empty"},
    "ids of deleted ones are gone": {"unknown_id": "404"},
    "ids of deleted ones are refused": {"unknown_id": "400"},
    "ids of deleted ones are an error": {"unknown_id": "500"},
    "pages above 40 refused": {"refuses_limit": 40, "max_limit": 40},
    "pages leave some out": {"leaves_out": frozenset(("alan",)), "min_id": "newest", "max_limit": 20},
    "64 notifications": {"notifications_most": 64},
    "endless pages": {"endless": True, "max_limit": 20},
    "strangers aside": {"filters": True},
    "answers pending": {"approval": True},
    "no v2 instance": {"instance_v2": False},
    "v2 instance 500": {"instance_v2_error": 500},
    "no v2 notifications": {"notifications_v2": False},
    "bare text": {"mention_html": False},
    "mention ids by place": {"mention_ids": "place"},
    "boosts wrap": {"wraps_boosted": True},
    "no statuses by ids": {"statuses_by_ids": False},
    "source rewritten": {"source": "rewritten", "rewrites": frozenset(("markdown", "smileys", "typography"))},
    "source none": {"source": "none", "rewrites": frozenset(("markdown", "smileys", "typography"))},
    "source in a field": {"source_field": True, "rewrites": frozenset(("markdown", "smileys", "typography"))},
    "errors text": {"errors": "text"},
    "errors html": {"errors": "html"},
    "errors empty": {"errors": "empty"},
    "errors list": {"errors": "list"},
    "refuses with 400": {"refused": 400, "bad_token": 422},
    "streaming websocket": {"streaming": "websocket", "streaming_url": "wss"},
    "streaming none": {"streaming": "none", "streaming_url": "missing"},
    "scheduling strict": {"scheduling": "strict"},
    "scheduling ignored": {"scheduling": "ignored"},
    "key ignored": {"idempotency": "ignored"},
    "key an error": {"idempotency": "error"},
    "own list public": {"own_list": "public"},
    "own list public, from pages": {"own_list": "public, from pages"},
    "own list none": {"own_list": "none"},
    "own list public, no timelines": {"own_list": "public", "home_timeline": False, "conversations": False},
    "reads lag": {"lag": 45.0},
    "created_at behind": {"created_at_off": -300.0},
    "created_at ahead": {"created_at_off": 300.0},
    "created_at hours ahead": {"created_at_off": 3 * 3600.0},
    "no date": {"date": "none"},
    "date behind": {"date_off": -3 * 3600.0},
    "date ahead": {"date_off": 3 * 3600.0},
    "no date, created_at behind": {"date": "none", "created_at_off": -300.0},
    "flood of own posts": {"flood": 260},
    "no edited_at": {"edited_at": False},
    "an edit changes the id": {"edit_changes_id": True},
    "answers notify": {"reply_notifies": True},
    "deleted null": {"deleted": "null"},
    "orphans accepted": {"orphan": "accepted"},
    "orphans an error": {"orphan": "error"},
    "media v1": {"media": "v1"},
    "media none": {"media": "none"},
    "media slow": {"media_polls": 3},
    "media dropped": {"drop_media": True},
    "uploads hang": {"upload_hangs": True},
    "limited": {"limit": 15, "window": 60, "limit_by": "ip", "limit_reset": "epoch"},
    "limited, says when": {"limit": 15, "window": 60, "retry_after": True},
    "limited without a word": {"limit": 15, "window": 60, "limit_headers": False},
    "no capacity": {"capacity": 3},
    "short texts": {"max_characters": 300},
    "links whole, says 25": {"links_count_whole": True, "characters_reserved_per_url": 25, "max_characters": 200},
    "links whole, says 23": {"links_count_whole": True, "max_characters": 200},
    "one file": {"max_media_attachments": 1, "media_size": 100_000},
    "small pictures": {"media_pixels": 2_000},
    "warnings not counted": {"count_warning": False},
}
_KEYS: dict[str, dict[str, Any]] = {
    "key ignored": {"idempotency": "ignored"},
    "key honoured": {"idempotency": "honoured"},
}

EACH: dict[str, dict[str, Any]] = {
    **_SINGLE,
    **{f"rewrites {way}": {"rewrites": frozenset((way,))} for way in get_args(Rewriting)},
    **{f"odd item: {name}": {"odd_items": (name,)} for name in get_args(Odd)},
    **{f"odd page: {kind}": {"page_answers": [kind]} for kind in get_args(PageAnswer) if kind != "right"},
    **{
        f"post: {kind}; {key}": {"post_answers": [kind], **switches}
        for kind in get_args(PostAnswer)
        for key, switches in _KEYS.items()
        if kind != "right"
    },
    **{f"act: {kind}": {"act_answers": [kind]} for kind in get_args(PostAnswer) if kind != "right"},
}
"""Name -> switches of `Quirks`. The lists in it are used up by a server: copy them (`switches`)."""


def switches(*names: str) -> dict[str, Any]:
    """The switches of several quirks together; where two of them set one switch, tuples and lists are joined."""
    out: dict[str, Any] = {}
    for name in names:
        for switch, value in EACH[name].items():
            if isinstance(value, list | tuple):
                value = out.get(switch, type(value)()) + value
            elif isinstance(value, frozenset):
                value |= out.get(switch, frozenset())
            out[switch] = value
    return out
