"""Writes a post as a record at a key that is derived from the draft, so that every try writes the same record, once.

The record is written on the condition that there is none yet. A repeat is refused, and the present record is read.
`Outgoing.extra` of a reply holds the cids of what it answers (as `parse.status` gave them, and `root`); of any text it
may hold `quote` (the uri of a post to quote).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from commtui.model.abilities import Limits
from commtui.model.clock import to_iso
from commtui.model.length import excess
from commtui.model.records import Media, Outgoing
from commtui.networks.base import Absence, AnswerLost, Gone, Malformed, Refused, Sent
from commtui.networks.bluesky import cards, facets, media, parse, tid
from commtui.networks.bluesky.atproto_lexicon import PutRecord, ResolvedHandle, StrongRef
from commtui.networks.bluesky.budget import PUT
from commtui.networks.bluesky.lexicon import Posts, PostView, Record, Records, ReplyRef
from commtui.networks.bluesky.parse import POST
from commtui.networks.bluesky.xrpc import Failure, Xrpc
from commtui.networks.payloads import read_known

LIMITS: Final = Limits(
    characters=300, bytes=3000, counting="graphemes", media=4, image_bytes=media.MOST_BYTES, media_types=media.TYPES
)


LISTED: Final = "100"


async def view(xrpc: Xrpc, uri: str) -> PostView:
    """A post as we see it, with its cid. Raises Gone."""
    parse.at_uri(uri)
    answer = await xrpc.query(Posts, "app.bsky.feed.getPosts", ("uris", uri))
    for post in read_known(answer.posts, PostView):
        if post.uri == uri:
            return post
    raise Gone(f"{xrpc.http.host}: this post is deleted, blocked, or was never there")


async def reply_of(xrpc: Xrpc, item: Outgoing) -> ReplyRef | None:
    """What the item answers: by the cids that came with the mention, else asked for. Raises Gone."""
    uri = item.in_reply_to_remote
    if uri is None:
        return None
    parse.at_uri(uri)
    cid, root, root_cid = (item.extra.get(name, "") for name in ("cid", "root", "root_cid"))
    if cid and not root:
        return ReplyRef(StrongRef(uri, cid), StrongRef(uri, cid))
    if cid and root_cid:
        return ReplyRef(StrongRef(root, root_cid), StrongRef(uri, cid))
    ours = parse.at_uri(uri)
    own = await get(xrpc, POST, ours.rkey) if ours.did == xrpc.did and ours.collection == POST else None
    if own is not None:  # the network may not show yet what was posted a moment ago
        parent, first = StrongRef(uri, own.cid), own.value.reply.root
    else:
        post = await view(xrpc, uri)
        parent, first = StrongRef(uri, post.cid), post.record.reply.root
    return ReplyRef(first if first.uri and first.cid else parent, parent)


def text_of(item: Outgoing) -> str:
    """The text of the item's post. Raises Refused for what no post can be."""
    text = (f"{item.spoiler}\n\n{item.text}" if item.spoiler else item.text).strip()
    if not text and not item.media:
        raise Refused("nothing to send: the text is empty")
    if too_much := excess(text, LIMITS, media=len(item.media)):
        raise Refused(f"too long for Bluesky: {'; '.join(map(str, too_much))}")
    return text


async def dids(xrpc: Xrpc, text: str) -> dict[str, str]:
    """The DIDs of the handles that a text mentions; one that leads nowhere stays plain text."""
    known = {}
    for handle in facets.handles(text):
        try:
            answer = await xrpc.query(ResolvedHandle, "com.atproto.identity.resolveHandle", ("handle", handle))
        except Refused:
            continue
        if answer.did:
            known[handle] = answer.did
    return known


async def record(xrpc: Xrpc, item: Outgoing, text: str, files: tuple[Media, ...], card: bool) -> dict[str, Any]:
    """A post's record, but for what it answers."""
    post: dict[str, Any] = {"$type": POST, "text": text, "createdAt": to_iso(xrpc.login.clock.now())}
    if item.language:
        post["langs"] = [item.language]
    if text_facets := facets.make(text, await dids(xrpc, text)):
        post["facets"] = text_facets
    embed = media.embed(files)
    links = [span.value for span in facets.spans(text) if span.kind == "link"]
    if embed is None and card and links:
        embed = await cards.card(links[0])
    if quoted := item.extra.get("quote"):
        about = {"$type": "app.bsky.embed.record", "record": StrongRef(quoted, (await view(xrpc, quoted)).cid)}
        embed = {"$type": "app.bsky.embed.recordWithMedia", "record": about, "media": embed} if embed else about
    if embed:
        post["embed"] = embed
    return post


async def put(xrpc: Xrpc, collection: str, rkey: str, value: dict[str, Any]) -> tuple[StrongRef, bool]:
    """Writes a record where there is none yet; what is there, and whether it was there before."""
    body = {"repo": xrpc.did, "collection": collection, "rkey": rkey, "record": value, "swapRecord": None}
    try:
        answer = await xrpc.procedure(PutRecord, "com.atproto.repo.putRecord", body, points=PUT)
    except Failure as error:
        if error.name != "InvalidSwap":
            raise
        there = await get(xrpc, collection, rkey)
        if there is None:
            raise AnswerLost(f"{xrpc.http.host} has it and has it not: it is looked for again") from None
        return StrongRef(there.uri, there.cid), True
    if answer.uri != uri_of(xrpc, collection, rkey):
        raise AnswerLost(f"{xrpc.http.host} answered with another record than was written")
    return StrongRef(answer.uri, answer.cid), False


def uri_of(xrpc: Xrpc, collection: str, rkey: str) -> str:
    """The address of a record of ours."""
    return f"at://{xrpc.did}/{collection}/{rkey}"


async def get(xrpc: Xrpc, collection: str, rkey: str) -> Record | None:
    """The record at a key of ours; None: the server has none there."""
    params = (("repo", xrpc.did), ("collection", collection), ("rkey", rkey))
    try:
        record = await xrpc.query(Record, "com.atproto.repo.getRecord", *params)
    except Gone:
        return None
    if record.uri != uri_of(xrpc, collection, rkey):
        raise Malformed(f"{xrpc.http.host} answered with another record than was asked for")
    return record


async def send(xrpc: Xrpc, item: Outgoing, files: tuple[Media, ...], card: bool) -> Sent:
    """Posts. Raises AnswerLost for anything but a clear no once a post is on its way."""
    text = text_of(item)
    await xrpc.ready()
    reply = await reply_of(xrpc, item)
    value = await record(xrpc, item, text, files, card)
    if reply:
        value["reply"] = reply
    ref, existed = await put(xrpc, POST, tid.of_draft(item.created_at, item.key), value)
    note = ""
    if existed:
        there = await get(xrpc, POST, parse.at_uri(ref.uri).rkey)
        if there is not None and there.value.text != text:
            note = "an earlier version of this text was out already, and is what stands there"
    return _sent(xrpc, ref, xrpc.login.clock.now(), note)


async def find(xrpc: Xrpc, item: Outgoing) -> Sent | Absence:
    """Reads back whether the item is out: one request, and one for the list if it is not there."""
    await xrpc.ready()
    rkey = tid.of_draft(item.created_at, item.key)
    stored = await get(xrpc, POST, rkey) or await listed(xrpc, rkey)
    if stored is None:
        return Absence(complete=True)
    if stored.value.created_at is None:
        raise Malformed(f"{xrpc.http.host} has a post of ours without a readable createdAt")
    return _sent(xrpc, StrongRef(stored.uri, stored.cid), stored.value.created_at)


async def listed(xrpc: Xrpc, rkey: str) -> Record | None:
    """The post at a key of ours by the list of our newest: a second way, where the first reads a copy that lags."""
    params = (("repo", xrpc.did), ("collection", POST), ("limit", LISTED))
    try:
        answer = await xrpc.query(Records, "com.atproto.repo.listRecords", *params)
    except Refused:
        return None
    wanted = uri_of(xrpc, POST, rkey)
    return next((record for record in read_known(answer.records, Record) if record.uri == wanted), None)


def _sent(xrpc: Xrpc, ref: StrongRef, at: datetime, note: str = "") -> Sent:
    return Sent(ref.uri, parse.web_address(ref.uri, xrpc.handle), at, note, {"own_cid": ref.cid})
