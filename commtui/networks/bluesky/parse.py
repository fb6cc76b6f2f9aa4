"""Bluesky's JSON to our records. What is malformed raises Malformed with a reason, and the caller skips that item."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from commtui.model.clock import from_iso
from commtui.model.records import Media, Via
from commtui.networks.base import EventKind, Gone, Incoming, Malformed, Status, Thread
from commtui.networks.bluesky import facets

POST: Final = "app.bsky.feed.post"
ENGAGEMENTS: Final = {"like": "like", "repost": "boost", "follow": "follow"}
VIAS: Final = {"reply": Via.ANSWER, "quote": Via.QUOTE, "mention": Via.MENTION}
"""By reason; the first of these is the one that a post has which came for several."""
WEB: Final = "https://bsky.app"
IMAGES: Final = "https://cdn.bsky.app/img/feed_fullsize/plain"
_AT_URI: Final = r"at://(did:[a-z]+:[a-zA-Z0-9._:%-]+)/([a-zA-Z][a-zA-Z0-9.-]*)/([a-zA-Z0-9._:~-]{1,512})"


class Place(Struct, frozen=True):
    """What an at-uri names."""

    did: str
    collection: str
    rkey: str


def place(uri: str) -> Place:
    """The parts of an at-uri. Raises Gone: what has no such address is nowhere."""
    match = re.fullmatch(_AT_URI, uri)
    if match is None:
        raise Gone(f"there is no post with the address {uri[:100]!r}")
    return Place(*match.groups())


def words(value: Any) -> str:
    """A text, or nothing."""
    return value if isinstance(value, str) else ""


def part(value: Any, name: str) -> dict[str, Any]:
    """An object in an object, or an empty one."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; what else is there is left out."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def moment(value: Any, what: str) -> datetime:
    """An aware time in UTC. Raises Malformed."""
    try:
        return from_iso(value)
    except (TypeError, ValueError, OverflowError):
        raise Malformed(f"{what} is no time") from None


def needed(entity: Mapping[str, Any], name: str) -> str:
    """A text that must be there. Raises Malformed."""
    found = words(entity.get(name))
    if not found:
        raise Malformed(f"no {name}")
    return found


def handle(author: Mapping[str, Any]) -> str:
    """`@alice.example`; a handle that does not lead back to its account is shown as the DID."""
    name = words(author.get("handle"))
    return f"@{name}" if name and name != "handle.invalid" else f"@{needed(author, 'did')}"


def web_address(uri: str, author: Mapping[str, Any]) -> str | None:
    """Where a browser shows a post."""
    found = place(uri)
    name = words(author.get("handle"))
    return f"{WEB}/profile/{name if name and name != 'handle.invalid' else found.did}/post/{found.rkey}"


def status(
    uri: str, cid: str, author: Mapping[str, Any], record: Mapping[str, Any], at: datetime, us: str, labels: Any
) -> Status:
    """A post. `at` is when the network saw it. Raises Malformed."""
    did = needed(author, "did")
    reply = part(record, "reply")
    parent, root = words(part(reply, "parent").get("uri")), words(part(reply, "root").get("uri"))
    extra = {"cid": cid}
    if root:
        extra["root_cid"] = words(part(reply, "root").get("cid"))
        extra["parent_cid"] = words(part(reply, "parent").get("cid"))
    quoted = quotes(record)
    if quoted:
        extra["quotes"] = quoted
    languages = record.get("langs")
    try:
        said = min(moment(record.get("createdAt"), "createdAt"), at)
    except Malformed:
        said = at
    return Status(
        remote_id=uri,
        author=handle(author),
        author_name=words(author.get("displayName")) or words(author.get("handle")),
        author_id=did,
        text=text_of(record, quoted),
        created_at=said,
        url=web_address(uri, author),
        in_reply_to=parent or None,
        root=root or None,
        language=words(languages[0]) or None if isinstance(languages, list) and languages else None,
        media=media(record, did),
        labels=label_names(labels, record),
        ours=did == us,
        extra=extra,
    )


def text_of(record: Mapping[str, Any], quoted: str) -> str:
    """The text, with what stands beside it that a person would miss: a card's link, what is quoted."""
    text = facets.expanded(words(record.get("text")), record.get("facets"))
    embed = part(record, "embed")
    card = part(embed, "external") or part(part(embed, "media"), "external")
    beside = []
    if (uri := words(card.get("uri"))) and uri not in text:
        beside.append(uri)
    if quoted:
        try:
            found = place(quoted)
            beside.append(f"> {WEB}/profile/{found.did}/post/{found.rkey}")
        except Gone:
            pass
    return "\n".join(each for each in (text, *beside) if each)


def quotes(record: Mapping[str, Any]) -> str:
    """The uri of what a post quotes."""
    embed = part(record, "embed")
    if words(embed.get("$type")).startswith("app.bsky.embed.recordWithMedia"):
        embed = part(embed, "record")
    return words(part(embed, "record").get("uri"))


def media(record: Mapping[str, Any], did: str) -> tuple[Media, ...]:
    """Images and videos of a record."""
    embed = part(record, "embed")
    inner = part(embed, "media") or embed
    found = [
        Media(f"{IMAGES}/{did}/{link}@jpeg", words(each.get("alt")), "image", link)
        for each in dicts(inner.get("images"))
        if (link := words(part(part(each, "image"), "ref").get("$link")))
    ]
    if link := words(part(part(inner, "video"), "ref").get("$link")):
        address = f"https://video.bsky.app/watch/{did}/{link}/playlist.m3u8"
        found.append(Media(address, words(inner.get("alt")), "video", link))
    return tuple(found)


def label_names(labels: Any, record: Mapping[str, Any]) -> tuple[str, ...]:
    """What moderators or the author say of a post; labels taken back and those for programs (`!...`) are left out."""
    names = [words(each.get("val")) for each in dicts(labels) if not each.get("neg")]
    names += [words(each.get("val")) for each in dicts(part(record, "labels").get("values"))]
    return tuple(dict.fromkeys(name for name in names if name and not name.startswith("!")))


def from_view(view: Any, us: str) -> Status:
    """A postView. Raises Malformed."""
    if not isinstance(view, dict):
        raise Malformed("no post")
    uri, cid = needed(view, "uri"), needed(view, "cid")
    at = moment(view.get("indexedAt"), "indexedAt")
    return status(uri, cid, part(view, "author"), part(view, "record"), at, us, view.get("labels"))


def notification(entity: Mapping[str, Any], us: str) -> Incoming | None:
    """One notification; None for reasons that are not ours. Raises Malformed."""
    reason = words(entity.get("reason"))
    at = moment(entity.get("indexedAt"), "indexedAt")
    author, record = part(entity, "author"), part(entity, "record")
    if reason in ENGAGEMENTS:
        target = words(entity.get("reasonSubject")) or words(part(record, "subject").get("uri")) or None
        kind = ENGAGEMENTS[reason]
        if kind != "follow" and target is None:
            raise Malformed(f"a {reason} of nothing")
        target = None if kind == "follow" else target
        return Incoming(EventKind.ENGAGEMENT, remote_id=target, engagement=kind, by=handle(author), at=at)
    if reason not in VIAS:
        return None
    uri, cid = needed(entity, "uri"), needed(entity, "cid")
    read = status(uri, cid, author, record, at, us, entity.get("labels"))
    via = VIAS[reason]
    if via is Via.MENTION and read.in_reply_to and read.in_reply_to.startswith(f"at://{us}/"):
        via = Via.ANSWER
    return Incoming(EventKind.MENTION, via, read, uri, at=at)


def thread(found: Any, us: str, most: int) -> Thread:
    """A thread as getPostThread gives it. Raises Gone when it is not there or blocked, Malformed."""
    node = part(found, "thread")
    if "post" not in node:
        raise Gone("this post is blocked" if node.get("blocked") else "this post is deleted, or was never there")
    read = from_view(node["post"], us)
    above: list[Status] = []
    missing = False
    parent = part(node, "parent")
    while parent and len(above) < most:
        if "post" not in parent:  # notFoundPost, blockedPost
            missing = True
            break
        try:
            above.append(from_view(parent["post"], us))
        except Malformed:
            missing = True
            break
        parent = part(parent, "parent")
    highest = above[-1] if above else read
    missing = missing or (len(above) < most and highest.in_reply_to is not None)
    below: list[Status] = []
    waiting = dicts(node.get("replies"))
    while waiting:
        each = waiting.pop()
        waiting += dicts(each.get("replies"))
        try:
            if "post" in each:
                below.append(from_view(each["post"], us))
        except Malformed:
            continue
    below.sort(key=lambda status: (status.created_at, status.remote_id))
    return Thread(tuple(reversed(above)), tuple(below), missing, read)
