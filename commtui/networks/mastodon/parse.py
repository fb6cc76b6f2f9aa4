"""Mastodon's JSON to our records. What is malformed raises Malformed with a reason, and the caller skips that item."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from msgspec import Struct

from commtui.model.abilities import Visibility
from commtui.model.clock import from_iso
from commtui.model.records import Media, Via
from commtui.networks.base import EventKind, Incoming, Malformed, Status
from commtui.networks.html import to_text

log = logging.getLogger(__name__)

ENGAGEMENTS = {"favourite": "like", "reblog": "boost", "follow": "follow"}
MENTIONS = frozenset(("mention", "quote"))
EDITS = frozenset(("update", "quoted_update"))


class Us(Struct, frozen=True):
    """What is needed to tell what is ours: our account's id on the server, and the server's domain for handles."""

    id: str
    domain: str


def handle(account: Mapping[str, Any], domain: str) -> str:
    """`@user@host`. A local account's `acct` has no host: the server's domain stands in."""
    acct = account.get("acct")
    if not isinstance(acct, str) or not acct:
        raise Malformed("an account without acct")
    return f"@{acct}" if "@" in acct else f"@{acct}@{domain}"


def identity(entity: Any, what: str = "status") -> str:
    """An opaque id. Some servers send numbers."""
    value = entity.get("id") if isinstance(entity, dict) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value:
        raise Malformed(f"a {what} without id")
    return value


def moment(value: Any, what: str) -> datetime:
    """An aware time in UTC. Raises Malformed."""
    try:
        return from_iso(value)
    except (TypeError, ValueError, OverflowError):
        raise Malformed(f"{what} is no time") from None


def reference(value: Any) -> str | None:
    """An id that may be null."""
    return str(value) if isinstance(value, str | int) and value != "" and not isinstance(value, bool) else None


def visibility(value: Any) -> Visibility:
    """Kinds that only some servers have (local, list, mutuals only) count as for followers: never wider than meant."""
    try:
        return Visibility(value)
    except ValueError:
        return Visibility.PRIVATE


def words(value: Any) -> str:
    """A text, or nothing."""
    return value if isinstance(value, str) else ""


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; what else is there is left out."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def mentioned(entity: Mapping[str, Any]) -> dict[str, str]:
    """Names (`acct`) by the address that the text links them with."""
    named = dicts(entity.get("mentions"))
    return {each["url"]: words(each.get("acct")) for each in named if each.get("acct") and words(each.get("url"))}


def status(entity: Any, us: Us) -> Status:
    """A Status entity. Raises Malformed."""
    remote_id = identity(entity)
    account = entity.get("account")
    author_id = identity(account, "author")
    media = tuple(
        Media(words(each.get("url")) or words(each.get("remote_url")), words(each.get("description")),
              words(each.get("type")) or "unknown", reference(each.get("id")))
        for each in dicts(entity.get("media_attachments"))
    )  # fmt: skip
    return Status(
        remote_id=remote_id,
        author=handle(account, us.domain),
        author_name=words(account.get("display_name")) or words(account.get("username")),
        author_id=author_id,
        text=to_text(words(entity.get("content")), mentioned(entity), us.domain),
        created_at=moment(entity.get("created_at"), "created_at"),
        url=words(entity.get("url")) or words(entity.get("uri")) or None,
        in_reply_to=reference(entity.get("in_reply_to_id")),
        visibility=visibility(entity.get("visibility")),
        spoiler=words(entity.get("spoiler_text")),
        language=words(entity.get("language")) or None,
        media=media,
        labels=("sensitive",) if entity.get("sensitive") is True else (),
        edited=bool(entity.get("edited_at")),
        ours=author_id == us.id,
    )


def statuses(entities: Any, us: Us) -> tuple[list[Status], int]:
    """Those that can be read, and how many could not."""
    found, skipped = [], 0
    for each in entities if isinstance(entities, list) else ():
        try:
            found.append(status(each, us))
        except Malformed as error:
            skipped += 1
            log.warning("skipped a malformed status: %s", error)
    return found, skipped


def via(kind: str, entity: Mapping[str, Any], us: Us) -> Via:
    """How a notification's status speaks to us."""
    if kind == "quote":
        return Via.QUOTE
    if entity.get("visibility") == "direct":
        return Via.DIRECT
    return Via.ANSWER if reference(entity.get("in_reply_to_account_id")) == us.id else Via.MENTION


def incoming(kind: Any, entity: Any, by: Iterable[Any], count: int, at: datetime, us: Us) -> list[Incoming]:
    """What one notification, or a group of them, tells us; nothing for types that are not ours. Raises Malformed."""
    if kind in MENTIONS or kind in EDITS:
        if entity is None:
            return []
        read = status(entity, us)
        if kind in EDITS:
            return [] if read.ours else [Incoming(EventKind.EDITED, via("", entity, us), read, read.remote_id, at=at)]
        return [Incoming(EventKind.MENTION, via(kind, entity, us), read, read.remote_id, at=at)]
    if kind not in ENGAGEMENTS:
        return []
    target = None if kind == "follow" or entity is None else identity(entity)
    if kind != "follow" and target is None:
        return []
    people = [handle(each, us.domain) for each in dicts(list(by))] or [""]
    return [
        Incoming(
            EventKind.ENGAGEMENT,
            remote_id=target,
            engagement=ENGAGEMENTS[kind],
            by=each,
            at=at,
            count=max(1, count - len(people) + 1) if place == len(people) - 1 else 1,
        )
        for place, each in enumerate(people)
    ]


def notifications(raw: Any, us: Us) -> tuple[list[Incoming], int]:
    """A v1 page."""
    found: list[Incoming] = []
    skipped = 0
    met: set[str] = set()
    for each in raw:
        try:
            if not isinstance(each, dict):
                raise Malformed("no object")
            if (identity_ := identity(each, "notification")) in met:
                continue  # one server lists an entry twice
            met.add(identity_)
            at = moment(each.get("created_at"), "created_at")
            found += incoming(each.get("type"), each.get("status"), [each.get("account")], 1, at, us)
        except Malformed as error:
            skipped += 1
            log.warning("skipped a malformed notification: %s", error)
    return found, skipped


def groups(raw: Mapping[str, Any], us: Us) -> tuple[list[Incoming], int]:
    """A v2 page: groups that point to accounts and statuses beside them."""
    accounts = {reference(each.get("id")): each for each in dicts(raw.get("accounts"))}
    entities = {reference(each.get("id")): each for each in dicts(raw.get("statuses"))}
    found: list[Incoming] = []
    skipped = 0
    met: set[object] = set()
    for each in raw["notification_groups"]:
        try:
            if not isinstance(each, dict):
                raise Malformed("no object")
            key = (each.get("group_key"), each.get("page_max_id"), each.get("most_recent_notification_id"))
            if any(key) and key in met:
                continue
            met.add(key)
            at = moment(each.get("latest_page_notification_at"), "latest_page_notification_at")
            samples = each.get("sample_account_ids")
            by = [accounts.get(reference(one)) for one in (samples if isinstance(samples, list) else ())]
            number = each.get("notifications_count")
            count = number if isinstance(number, int) else 1
            found += incoming(each.get("type"), entities.get(reference(each.get("status_id"))), by, count, at, us)
        except Malformed as error:
            skipped += 1
            log.warning("skipped a malformed notification: %s", error)
    return found, skipped


def domain_of(account: Mapping[str, Any], instance: Mapping[str, Any], host: str) -> str:
    """The host in this server's handles: the instance's own word first, since its web address may be another host."""
    for value in (instance.get("domain"), instance.get("uri"), account.get("url")):
        if isinstance(value, str) and value:
            name = urlsplit(value).netloc if "//" in value else value.partition("/")[0]
            if name:
                return name.lower()
    return host


def segment(identity: str) -> str:
    """An id as part of a path: one server's ids have slashes and colons."""
    return quote(identity, safe="")
