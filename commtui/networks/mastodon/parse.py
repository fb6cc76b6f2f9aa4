"""Mastodon's entities as our records. Raises Malformed for an entity that cannot be read; the caller skips it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from msgspec.structs import replace

from commtui.model.abilities import Visibility
from commtui.model.addressing import canonical_host
from commtui.model.arrival import arrived
from commtui.model.content import Media, Poll, PollOption
from commtui.model.records import Via
from commtui.networks.answers import Answer
from commtui.networks.base import EventKind, Incoming, Malformed, Status
from commtui.networks.html import to_text
from commtui.networks.mastodon import entities, handles
from commtui.networks.mastodon.handles import handle_of
from commtui.networks.mastodon.us import Us as Us
from commtui.networks.payloads import read, read_each, read_known

ENGAGEMENTS = {"favourite": "like", "reblog": "boost", "follow": "follow"}
PENDING = "pending.reply"
"""An answer that others see when we accept it (GoToSocial)."""
MENTIONS = frozenset(("mention", "quote", PENDING))
EDITS = frozenset(("update", "quoted_update"))


ANSWERS = ("reply", "comment")
"""What some servers call answers."""
OTHERS = frozenset(("status", "poll", "reaction", "emoji_reaction", "severed_relationships", "moderation_warning"))
"""Types that tell of no new text to us, whatever status comes with them."""


def handle(account: entities.Account, domain: str) -> str:
    """`@user@host`. A local account's `acct` has no host: the server's domain stands in."""
    return handle_of(account.acct, domain)


def visibility(value: str) -> Visibility:
    """Kinds that only some servers have (local, list, mutuals only) are for followers: never wider than intended."""
    try:
        return Visibility(value)
    except ValueError:
        return Visibility.PRIVATE


def entity_of(value: Any) -> entities.Status:
    """The entity of a decoded value: the text itself where the value only boosts it. Raises Malformed.

    Some servers answer with such a wrapper wherever a text was boosted by anybody. Its author is the booster.
    """
    entity = read(value, entities.Status)
    return read(entity.reblog, entities.Status) if isinstance(entity.reblog, dict) else entity


def answered(answer: Answer) -> entities.Status:
    """The entity that a server answered with. Raises Malformed."""
    try:
        return entity_of(answer.json())
    except Malformed as error:
        raise Malformed(f"{answer.where} answered something unexpected: {error}") from None


def status(entity: entities.Status, us: Us, at: datetime | None = None) -> Status:
    """The status of an entity. `at`: its time where its own cannot be read. Raises Malformed without either."""
    account = entity.account
    created_at = entity.created_at or at
    if created_at is None:
        raise Malformed("Status without a readable created_at")
    named = {mention.url: mention.acct for mention in entity.mentions if mention.acct and mention.url}
    return Status(
        remote_id=entity.id,
        author=handle(account, us.domain),
        author_name=account.display_name or account.username,
        author_id=account.id,
        text=to_text(entity.content, named, us.domain),
        created_at=created_at,
        url=entity.url or entity.uri or None,
        uri=entity.uri or None,
        in_reply_to=entity.in_reply_to_id,
        others=handles.others(entity, us),
        visibility=visibility(entity.visibility),
        spoiler=entity.spoiler_text,
        language=entity.language or None,
        media=tuple(media(file) for file in entity.media_attachments),
        poll=poll(entity.poll),
        labels=("sensitive",) if entity.sensitive else (),
        edited=bool(entity.edited_at),
        ours=account.id == us.id,
        bot=account.bot,
    )


def media(file: entities.MediaAttachment) -> Media:
    """A file of a status. A GIF that moves is a video without sound."""
    kind = {"gifv": "video"}.get(file.type, file.type if file.type in ("image", "video", "audio") else "unknown")
    return Media(file.url or file.remote_url, file.description, kind, file.id)


def poll(entity: entities.Poll | None) -> Poll | None:
    """The poll of a status."""
    if entity is None or not entity.options:
        return None
    voters = entity.voters_count if entity.voters_count is not None or entity.multiple else entity.votes_count
    return Poll(
        options=tuple(PollOption(option.title, option.votes_count) for option in entity.options),
        multiple=entity.multiple,
        ends_at=entity.expires_at,
        ended=entity.expired,
        voters=voters,
    )


def read_status(value: Any, us: Us, at: datetime | None = None) -> Status:
    """The status of a decoded entity. Raises Malformed."""
    return status(entity_of(value), us, at)


def statuses(values: Any, us: Us, at: datetime | None = None) -> tuple[list[Status], int]:
    """Those that can be read, and how many could not."""
    return read_each(values, lambda value: read_status(value, us, at))


def via(kind: str, entity: entities.Status, us: Us) -> Via:
    """How a notification's status speaks to us."""
    if kind == "quote":
        return Via.QUOTE
    if entity.visibility == "direct":
        return Via.DIRECT
    return Via.ANSWER if entity.in_reply_to_account_id == us.id else Via.MENTION


def _may_be_answer(kind: str) -> bool:
    """Whether a type that is not known may tell of a text to us."""
    return kind not in MENTIONS | EDITS | OTHERS | ENGAGEMENTS.keys() and not kind.startswith("admin.")


def speaks_to_us(value: Any, us: Us) -> bool:
    """Whether a decoded value is a status of somebody else that names or answers us."""
    try:
        entity = entity_of(value)
    except Malformed:
        return False
    named = entity.in_reply_to_account_id == us.id or any(handles.is_us(mention, us) for mention in entity.mentions)
    return named and entity.account.id != us.id


def incoming(
    kind: str,
    value: Any,
    by: Sequence[entities.Account],
    count: int,
    noticed: datetime | None,
    us: Us,
    now: datetime,
) -> list[Incoming]:
    """What a notification, or a group of them, about the status `value` tells; nothing for types that are not ours.

    Some servers have types of their own for answers (ANSWERS): they are mentions, if they speak to us.
    `noticed`: the notification's own time. Raises Malformed.
    """
    at = arrived(noticed, None, now)
    if _may_be_answer(kind) and speaks_to_us(value, us):
        kind = "mention"
    if kind in MENTIONS or kind in EDITS:
        if value is None:
            return []
        entity = entity_of(value)
        at = arrived(noticed, entity.created_at, now)
        text = replace(status(entity, us, at), pending=kind == PENDING)
        if kind in EDITS:
            return [] if text.ours else [Incoming(EventKind.EDITED, via("", entity, us), text, text.remote_id, at=at)]
        return [Incoming(EventKind.MENTION, via(kind, entity, us), text, text.remote_id, at=at)]
    if kind not in ENGAGEMENTS or (kind != "follow" and value is None):
        return []
    post = None if kind == "follow" else entity_of(value)
    ours = status(post, us, arrived(noticed, post.created_at, now)) if post else None
    people = [handle(account, us.domain) for account in by] or [""]
    return [
        Incoming(
            EventKind.ENGAGEMENT,
            status=ours,
            remote_id=ours.remote_id if ours else None,
            engagement=ENGAGEMENTS[kind],
            by=person,
            at=at,
            count=max(1, count - len(people) + 1) if number == len(people) - 1 else 1,
        )
        for number, person in enumerate(people)
    ]


def notifications(values: Sequence[Any], us: Us, now: datetime) -> tuple[list[Incoming], int]:
    """A page of v1, and how many notifications could not be read."""
    known: set[str] = set()

    def read_one(value: Any) -> list[Incoming] | None:
        entity = read(value, entities.Notification)
        if entity.id in known:
            return None  # one server lists an entry twice
        known.add(entity.id)
        by = [entity.account] if entity.account else []
        return incoming(entity.type, entity.status, by, 1, entity.created_at, us, now)

    return _flat(read_each(values, read_one))


def groups(page: entities.GroupedNotifications, us: Us, now: datetime) -> tuple[list[Incoming], int]:
    """A page of v2, and how many groups could not be read."""
    accounts = {account.id: account for account in read_known(page.accounts, entities.Account)}
    texts, nameless = _by_id(page.statuses)
    known: set[tuple[str | None, ...]] = set()

    def read_one(value: Any) -> list[Incoming] | None:
        group = read(value, entities.NotificationGroup)
        key = (group.group_key, group.page_max_id, group.most_recent_notification_id)
        if any(key) and key in known:
            return None
        known.add(key)
        by = [accounts[sample] for sample in group.sample_account_ids if sample in accounts]
        text = texts.get(group.status_id or "")
        is_unread = group.status_id is None and value.get("status_id") is not None
        if text is None and group.type in MENTIONS | EDITS and (is_unread or nameless):  # else it counts as deleted
            raise Malformed("NotificationGroup about a status without a readable id")
        at = group.latest_page_notification_at
        return incoming(group.type, text, by, group.notifications_count, at, us, now)

    return _flat(read_each(page.notification_groups, read_one))


def _by_id(values: Sequence[Any]) -> tuple[Mapping[str, Any], int]:
    """The entities of a list by their ids, and how many have no id that can be read.

    More of them is not read yet: what is wrong with one costs the notification about it. What stands in a wrapper of
    whoever boosted it has an id of its own (see entity_of).
    """
    named: dict[str, Any] = {}
    nameless = 0
    for value in values:
        try:
            named[read(value, entities.Named).id] = value
        except Malformed:
            nameless += 1
    inner = [value["reblog"] for value in named.values() if isinstance(value.get("reblog"), dict)]
    return {entity.id: value for value in inner for entity in read_known([value], entities.Named)} | named, nameless


def _flat(result: tuple[list[list[Incoming]], int]) -> tuple[list[Incoming], int]:
    lists, skipped = result
    return [item for items in lists for item in items], skipped


def domain_of(account: entities.Account, instance: entities.Instance, host: str) -> str:
    """The host in this server's handles: the instance's own word first, since its web address may be another host."""
    for value in (instance.domain, instance.uri, account.url):
        name = urlsplit(value).netloc if "//" in value else value.partition("/")[0]
        if name:
            return canonical_host(name)
    return host


def segment(remote_id: str) -> str:
    """An id as part of a path: one server's ids have slashes and colons."""
    return quote(remote_id, safe="")
