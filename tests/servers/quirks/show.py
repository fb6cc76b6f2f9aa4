"""The JSON shapes, as Mastodon's documentation has them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from tests.servers.quirks.things import Account, Notification, Status
from tests.servers.quirks.world import World


def when(at: datetime | None) -> str | None:
    """ISO 8601, UTC, milliseconds, Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z" if at else None


def account(world: World, who: Account) -> dict[str, Any]:
    """An Account."""
    name, _, host = who.acct.partition("@")
    url = f"https://{host}/@{name}" if host else f"http://{world.host}/@{name}"
    return {
        "id": who.id,
        "username": name,
        "acct": who.acct,
        "display_name": who.name,
        "url": url,
        "uri": url,
        "locked": False,
        "bot": False,
        "note": "",
        "avatar": f"http://{world.host}/avatar.png",
        "created_at": "2025-01-01T00:00:00.000Z",
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": 0,
        "emojis": [],
        "fields": [],
    }


def status(world: World, row: Status, viewer: Account | None, inner: bool = False) -> dict[str, Any]:
    """A Status, as `viewer` sees it. `inner`: what stands within a wrapper."""
    if world.quirks.wraps_boosted and row.boosted_by is not None and not inner:
        whole = status(world, row, viewer, inner=True)
        outside = {"id": row.id.swapcase(), "account": account(world, row.boosted_by), "content": "", "reblog": whole}
        return {**whole, **outside, "mentions": [], "media_attachments": []}
    parent = world.by_id.get(row.in_reply_to or "")
    author = account(world, row.account)
    shown: dict[str, Any] = {
        "id": row.id,
        "created_at": when(row.created_at),
        "edited_at": when(row.edited_at) if world.quirks.edited_at else None,
        "in_reply_to_id": row.in_reply_to,
        "in_reply_to_account_id": parent.account.id if parent else None,
        "sensitive": bool(row.spoiler),
        "spoiler_text": row.spoiler,
        "visibility": row.visibility,
        "language": row.language,
        "uri": f"{author['url']}/statuses/{row.address}",
        "url": f"{author['url']}/{row.address}",
        "content": row.content,
        "account": author,
        "reblog": status(world, row.reblog, viewer, inner=True) if row.reblog else None,
        "media_attachments": [world.media[one]["shown"] for one in row.media if one in world.media],
        "mentions": [
            {
                "id": str(place) if world.quirks.mention_ids == "place" else who.id,
                "username": who.acct.split("@")[0],
                "acct": who.acct,
                "url": account(world, who)["url"],
            }
            for place, who in enumerate(row.mentions)
        ],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": len(row.favourites),
    }
    if viewer is not None:
        shown |= {"favourited": viewer.acct in row.favourites, "reblogged": False, "muted": False, "bookmarked": False}
    if world.quirks.source_field and viewer is row.account:
        shown["text"] = row.text
    return shown | row.extra


def notification(world: World, row: Notification, viewer: Account) -> Any:
    """A Notification of v1."""
    shown: dict[str, Any] = {
        "id": row.id,
        "type": row.kind,
        "created_at": when(row.created_at),
        "account": account(world, row.by),
    }
    if row.status is not None:
        shown["status"] = None if row.status.deleted else status(world, row.status, viewer)
    if world.is_filtered(row):
        shown["filtered"] = True
    return row.odd(shown) if row.odd else shown


GROUPED = ("favourite", "reblog", "follow")


def grouped(
    world: World, rows: list[Notification], viewer: Account, kinds: Collection[str] = GROUPED
) -> dict[str, Any]:
    """The answer of v2 for a page: those of `kinds` that are about one thing are one group, mentions never."""
    groups: dict[str, list[Notification]] = {}
    for row in rows:
        about = row.status.id if row.status else ""
        together = row.kind in kinds
        groups.setdefault(f"{row.kind}-{about}" if together else f"ungrouped-{row.id}", []).append(row)
    statuses = {row.status.id: row.status for row in rows if row.status and not row.status.deleted}
    people = {row.by.id: row.by for row in rows} | {one.account.id: one.account for one in statuses.values()}
    return {
        "accounts": [account(world, who) for who in people.values()],
        "statuses": [status(world, one, viewer) for one in statuses.values()],
        "notification_groups": [_group(world, key, members) for key, members in groups.items()],
    }


def _group(world: World, key: str, members: list[Notification]) -> Any:
    about = members[0].status
    shown = {
        "group_key": key,
        "notifications_count": len(members),
        "type": members[0].kind,
        "most_recent_notification_id": v2_id(world, members[0]),
        "page_min_id": v2_id(world, members[-1]),
        "page_max_id": v2_id(world, members[0]),
        "latest_page_notification_at": when(members[0].created_at),
        "sample_account_ids": list(dict.fromkeys(row.by.id for row in members))[:8],
        "status_id": about.extra.get("id", about.id) if about else None,
    }
    odd = members[0].odd
    return odd(shown) if odd else shown


def v2_id(world: World, row: Notification) -> str:
    """The id of a notification in v2."""
    return f"v2-{row.seq}" if world.quirks.v2_ids_differ else row.id


def instance(world: World, version: int, streaming: str | None) -> dict[str, Any]:
    """What the server says about itself and its limits."""
    quirks = world.quirks
    configuration = {
        "statuses": {
            "max_characters": quirks.max_characters,
            "max_media_attachments": quirks.max_media_attachments,
            "characters_reserved_per_url": quirks.characters_reserved_per_url,
        },
        "media_attachments": {
            "supported_mime_types": ["image/jpeg", "image/png", "image/gif", "image/webp"],
            "image_size_limit": quirks.media_size,
            "image_matrix_limit": quirks.media_pixels,
            "description_limit": 1500,
        },
        "polls": {"max_options": 4},
    }
    if version == 1:
        urls = {} if streaming is None else {"streaming_api": streaming}
        return {
            "uri": world.host,
            "title": "Quirks",
            "version": "2.7.2 (compatible; quirks 1)",
            "urls": urls,
            "stats": {"user_count": len(world.accounts)},
            "configuration": configuration,
            "max_toot_chars": quirks.max_characters,
        }
    urls = {} if streaming is None else {"streaming": streaming}
    return {
        "domain": world.host,
        "title": "Quirks",
        # Mastodon's own software honours the key; who does not is another, and says so
        "version": "4.5.0" if quirks.idempotency == "honoured" else "4.5.0 (compatible; quirks 1)",
        "configuration": {**configuration, "urls": urls},
        "api_versions": {"mastodon": 7 if quirks.notifications_v2 else 1},
    }
