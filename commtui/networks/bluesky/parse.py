"""Bluesky's objects as our records. Raises Malformed for an object that cannot be read; the caller skips it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from commtui.model.records import Media, Via
from commtui.networks.base import EventKind, Gone, Incoming, Malformed, Status, Thread
from commtui.networks.bluesky import facets, lexicon
from commtui.networks.payloads import items, read, read_each

POST: Final = "app.bsky.feed.post"
ENGAGEMENTS: Final = {"like": "like", "repost": "boost", "follow": "follow"}
VIAS: Final = {"reply": Via.ANSWER, "quote": Via.QUOTE, "mention": Via.MENTION}
"""By reason; the first of these is the one that a post has which came for several."""
WEB: Final = "https://bsky.app"
IMAGES: Final = "https://cdn.bsky.app/img/feed_fullsize/plain"
PAGES: Final = {
    POST: "profile/{who}/post/{rkey}",
    "app.bsky.feed.generator": "profile/{who}/feed/{rkey}",
    "app.bsky.graph.list": "profile/{who}/lists/{rkey}",
    "app.bsky.graph.starterpack": "starter-pack/{who}/{rkey}",
    "app.bsky.labeler.service": "profile/{who}",
    "app.bsky.actor.profile": "profile/{who}",
}
"""Collection -> the path of a record's page."""
_AT_URI: Final = r"at://(did:[a-z]+:[a-zA-Z0-9._:%-]+)/([a-zA-Z][a-zA-Z0-9.-]*)/([a-zA-Z0-9._:~-]{1,512})"


class AtUri(Struct, frozen=True):
    """What an at-uri names."""

    did: str
    collection: str
    rkey: str


def at_uri(uri: str) -> AtUri:
    """The parts of an at-uri. Raises Gone: what has no such address is nowhere."""
    match = re.fullmatch(_AT_URI, uri)
    if match is None:
        raise Gone(f"there is no post with the address {uri[:100]!r}")
    return AtUri(*match.groups())


def handle(author: lexicon.Profile) -> str:
    """`@alice.example`; a handle that does not lead back to its account is shown as the DID."""
    return f"@{author.known_handle or author.did}"


def web_address(uri: str, known_handle: str = "") -> str:
    """Where a browser shows a record; the at-uri itself where the web has no page for its kind.

    Raises Gone for what is no at-uri.
    """
    parts = at_uri(uri)
    page = PAGES.get(parts.collection)
    return f"{WEB}/{page.format(who=known_handle or parts.did, rkey=parts.rkey)}" if page else uri


def status(post: lexicon.PostView | lexicon.Notification, us: str, at: datetime | None = None) -> Status:
    """A post, or the post of a notification. Raises Malformed.

    Its author dates it as he likes, but not later than the network saw it. `at`: its time where neither can be read.
    """
    dates = [date for date in (post.record.created_at, post.indexed_at) if date is not None]
    created_at = min(dates, default=at)
    if created_at is None:
        raise Malformed("a post without a readable date")
    author, record, reply = post.author, post.record, post.record.reply
    extra = {"cid": post.cid}
    if reply.root.uri:
        extra |= {"root_cid": reply.root.cid, "parent_cid": reply.parent.cid}
    if quoted := quotes(record):
        extra["quotes"] = quoted
    try:
        url = web_address(post.uri, author.known_handle)
    except Gone as error:
        raise Malformed(str(error)) from None
    return Status(
        remote_id=post.uri,
        author=handle(author),
        author_name=author.display_name or author.handle,
        author_id=author.did,
        text=text_of(record, quoted),
        created_at=created_at,
        url=url,
        in_reply_to=reply.parent.uri or None,
        root=reply.root.uri or None,
        language=record.langs[0] or None if record.langs else None,
        media=media(record, author.did),
        labels=label_names(post.labels, record),
        ours=author.did == us,
        bot=author.is_bot,
        extra=extra,
    )


def text_of(record: lexicon.Post, quoted: str) -> str:
    """The text, with what stands beside it that a person would miss: a card's link, what is quoted."""
    text = facets.expanded(record.text, record.facets)
    embed = record.embed
    card = embed.external.uri or (embed.media.external.uri if embed.media else "")
    lines = [text]
    if card and card not in text:
        lines.append(card)
    if quoted:
        lines.append(reference(quoted))
    return "\n".join(line for line in lines if line)


def reference(uri: str, known_handle: str = "") -> str:
    """The line that stands for a record that a text embeds; empty for what is no at-uri."""
    try:
        return f"> {web_address(uri, known_handle)}"
    except Gone:
        return ""


def quotes(record: lexicon.Post) -> str:
    """The uri of the record that a post embeds: a post, a feed, a list and so on; empty if it embeds none."""
    quoted = record.embed.record
    with_media = record.embed.type.startswith("app.bsky.embed.recordWithMedia")
    return quoted.record.uri if with_media else quoted.uri


def media(record: lexicon.Post, did: str) -> tuple[Media, ...]:
    """Images and videos of a record."""
    embed = record.embed.media or record.embed
    files = [
        Media(f"{IMAGES}/{did}/{link}@jpeg", image.alt, "image", link)
        for image in embed.images
        if (link := image.image.ref.link)
    ]
    if link := embed.video.ref.link:
        files.append(Media(f"https://video.bsky.app/watch/{did}/{link}/playlist.m3u8", embed.alt, "video", link))
    return tuple(files)


def label_names(labels: Sequence[lexicon.Label], record: lexicon.Post) -> tuple[str, ...]:
    """What moderators or the author say of a post; without revoked labels and those for programs (`!...`)."""
    names = [label.val for label in (*labels, *record.labels.values) if not label.neg]
    return tuple(dict.fromkeys(name for name in names if name and not name.startswith("!")))


def read_post(value: Any, us: str) -> Status:
    """The status of a decoded PostView. Raises Malformed."""
    return status(read(value, lexicon.PostView), us)


def notification(value: Any, us: str, at: datetime) -> Incoming | None:
    """One notification, of the time `at`; None for reasons that are not ours. Raises Malformed."""
    entity = read(value, lexicon.Notification)
    if not entity.reason:
        raise Malformed("a notification without a readable reason")
    if engagement := ENGAGEMENTS.get(entity.reason):
        target = None if engagement == "follow" else entity.reason_subject or entity.record.subject.uri
        if target == "":
            raise Malformed(f"a {entity.reason} of nothing")
        by = handle(entity.author)
        return Incoming(EventKind.ENGAGEMENT, remote_id=target, engagement=engagement, by=by, at=at)
    via = VIAS.get(entity.reason)
    if via is None:
        return None
    text = status(entity, us, at)
    if via is Via.MENTION and text.in_reply_to and text.in_reply_to.startswith(f"at://{us}/"):
        via = Via.ANSWER
    return Incoming(EventKind.MENTION, via, text, entity.uri, at=at)


def thread(node: lexicon.ThreadNode, us: str, most: int) -> Thread:
    """A thread as getPostThread gives it. Raises Gone when it is not there or blocked, Malformed."""
    if node.post is None:
        raise Gone("this post is blocked" if node.blocked else "this post is deleted, or was never there")
    post = read_post(node.post, us)
    above: list[Status] = []
    missing = False
    parent = node.parent
    while parent and len(above) < most:
        try:
            higher = read(parent, lexicon.ThreadNode)
            above.append(read_post(higher.post, us))
        except Malformed:  # also of notFoundPost and blockedPost, which have no post
            missing = True
            break
        parent = higher.parent
    highest = above[-1] if above else post
    missing = missing or (len(above) < most and highest.in_reply_to is not None)
    below: list[Status] = []
    waiting = list(node.replies)
    while waiting:
        nodes, _ = read_each([waiting.pop()], lambda value: read(value, lexicon.ThreadNode))
        for reply in nodes:
            waiting += items(reply.replies)
            if reply.post is not None:
                below += read_each([reply.post], lambda value: read_post(value, us))[0]
    below.sort(key=lambda status: (status.created_at, status.remote_id))
    return Thread(tuple(reversed(above)), tuple(below), missing, post)
