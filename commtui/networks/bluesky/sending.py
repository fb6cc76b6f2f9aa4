"""What goes out: a record at a key that the draft determines, so that every try writes to the same place, once.

The record is written on the condition that there is none yet. A repeat is told so, and answers with what is there.
`Outgoing.extra` of a reply holds the cids of what it answers (as `parse.status` gave them, and `root`); of any text it
may hold `quote` (the uri of a post to quote) and `thread` (not empty: a long text goes out as several posts).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from commtui.model.abilities import Limits
from commtui.model.clock import to_iso
from commtui.model.length import excess, split
from commtui.model.records import Media, Outgoing
from commtui.networks.base import AnswerLost, Gone, Malformed, Refused, Sent
from commtui.networks.bluesky import cards, facets, media, parse, tid
from commtui.networks.bluesky.budget import PUT
from commtui.networks.bluesky.parse import POST
from commtui.networks.bluesky.xrpc import Failure, Xrpc

LIMITS: Final = Limits(
    characters=300, bytes=3000, counting="graphemes", media=4, media_bytes=media.MOST_BYTES, media_types=media.TYPES
)


class Ref(Struct, frozen=True):
    """A record and its version."""

    uri: str
    cid: str

    def json(self) -> dict[str, str]:
        """A strongRef."""
        return {"uri": self.uri, "cid": self.cid}


class Reply(Struct, frozen=True):
    """What a post answers."""

    root: Ref
    parent: Ref

    def json(self) -> dict[str, Any]:
        """A replyRef."""
        return {"root": self.root.json(), "parent": self.parent.json()}


async def view(xrpc: Xrpc, uri: str) -> dict[str, Any]:
    """A post as we see it, with its cid. Raises Gone."""
    parse.place(uri)
    answer = await xrpc.query("app.bsky.feed.getPosts", ("uris", uri))
    for found in parse.dicts(answer.get("posts")):
        if parse.words(found.get("uri")) == uri and parse.words(found.get("cid")):
            return found
    raise Gone(f"{xrpc.http.host}: this post is deleted, blocked, or was never there")


async def reply_of(xrpc: Xrpc, item: Outgoing) -> Reply | None:
    """What the item answers: by the cids that came with the mention, else asked for. Raises Gone."""
    uri = item.in_reply_to_remote
    if uri is None:
        return None
    parse.place(uri)
    cid, root, root_cid = (item.extra.get(name, "") for name in ("cid", "root", "root_cid"))
    if cid and not root:
        return Reply(Ref(uri, cid), Ref(uri, cid))
    if cid and root_cid:
        return Reply(Ref(root, root_cid), Ref(uri, cid))
    found = await view(xrpc, uri)
    parent = Ref(uri, found["cid"])
    above = parse.part(parse.part(parse.part(found, "record"), "reply"), "root")
    first = Ref(parse.words(above.get("uri")), parse.words(above.get("cid")))
    return Reply(first if first.uri and first.cid else parent, parent)


def texts(item: Outgoing) -> tuple[str, ...]:
    """The item's posts: one, or those of its thread. Raises Refused for what no post can be."""
    text = (f"{item.spoiler}\n\n{item.text}" if item.spoiler else item.text).strip()
    if not text and not item.media:
        raise Refused("nothing to send: the text is empty")
    if item.extra.get("thread"):
        return split(text, LIMITS)
    if too_much := excess(text, LIMITS, media=len(item.media)):
        raise Refused(f"too long for Bluesky: {too_much}")
    return (text,)


async def dids(xrpc: Xrpc, text: str) -> dict[str, str]:
    """The DIDs of the handles that a text mentions; one that leads nowhere stays plain text."""
    found = {}
    for handle in facets.handles(text):
        try:
            answer = await xrpc.query("com.atproto.identity.resolveHandle", ("handle", handle))
        except Refused:
            continue
        if did := parse.words(answer.get("did")):
            found[handle] = did
    return found


async def record(xrpc: Xrpc, item: Outgoing, text: str, files: tuple[Media, ...], card: bool) -> dict[str, Any]:
    """A post's record, but for what it answers."""
    made: dict[str, Any] = {"$type": POST, "text": text, "createdAt": to_iso(xrpc.login.clock.now())}
    if item.language:
        made["langs"] = [item.language]
    if found := facets.make(text, await dids(xrpc, text)):
        made["facets"] = found
    embed = media.embed(files)
    links = [span.value for span in facets.spans(text) if span.kind == "link"]
    if embed is None and card and links:
        embed = await cards.card(links[0])
    if quoted := item.extra.get("quote"):
        about = {"$type": "app.bsky.embed.record", "record": Ref(quoted, (await view(xrpc, quoted))["cid"]).json()}
        embed = {"$type": "app.bsky.embed.recordWithMedia", "record": about, "media": embed} if embed else about
    if embed:
        made["embed"] = embed
    return made


async def put(xrpc: Xrpc, collection: str, rkey: str, value: dict[str, Any]) -> tuple[Ref, bool]:
    """Writes a record where there is none yet; what is there, and whether it was there before."""
    body = {"repo": xrpc.did, "collection": collection, "rkey": rkey, "record": value, "swapRecord": None}
    try:
        answer = await xrpc.procedure("com.atproto.repo.putRecord", body, points=PUT)
    except Failure as error:
        if error.name != "InvalidSwap":
            raise
        there = await get(xrpc, collection, rkey)
        if there is None:
            raise AnswerLost(f"{xrpc.http.host} has it and has it not: it is looked for again") from None
        return Ref(there["uri"], there["cid"]), True
    uri, cid = parse.words(answer.get("uri")), parse.words(answer.get("cid"))
    if not uri or not cid:
        raise AnswerLost(f"{xrpc.http.host} took it, but its answer has no address")
    return Ref(uri, cid), False


async def get(xrpc: Xrpc, collection: str, rkey: str) -> dict[str, Any] | None:
    """The record at a key of ours; None: the server has none there."""
    params = (("repo", xrpc.did), ("collection", collection), ("rkey", rkey))
    try:
        found = await xrpc.query("com.atproto.repo.getRecord", *params)
    except Gone:
        return None
    if not parse.words(found.get("uri")) or not parse.words(found.get("cid")):
        raise Malformed(f"{xrpc.http.host} answered something that is no record")
    return found


async def send(xrpc: Xrpc, item: Outgoing, files: tuple[Media, ...], card: bool) -> Sent:
    """Posts. Raises AnswerLost for anything but a clear no once a post is on its way."""
    bodies = texts(item)
    await xrpc.ready()
    reply = await reply_of(xrpc, item)
    first: Ref | None = None
    others = False
    for number, text in enumerate(bodies):
        value = await record(xrpc, item, text, files if number == 0 else (), card)
        if reply:
            value["reply"] = reply.json()
        made, was_there = await put(xrpc, POST, tid.of_draft(item.created_at, item.key, number), value)
        if was_there and number == 0:
            there = await get(xrpc, POST, parse.place(made.uri).rkey)
            others = there is not None and parse.part(there, "value").get("text") != text
        first = first or made
        reply = Reply(reply.root if reply else first, made)
    if first is None:
        raise Refused("nothing to send: the text is empty")
    note = "an earlier version of this text was out already, and is what stands there" if others else ""
    return _sent(xrpc, first, xrpc.login.clock.now(), note)


async def find(xrpc: Xrpc, item: Outgoing) -> Sent | None:
    """Reads back whether the item is out: one request for each of its posts."""
    await xrpc.ready()
    there: list[dict[str, Any]] = []
    for number in range(len(texts(item))):
        found = await get(xrpc, POST, tid.of_draft(item.created_at, item.key, number))
        if found is None:
            return None
        there.append(found)
    said = parse.part(there[0], "value").get("createdAt")
    return _sent(xrpc, Ref(there[0]["uri"], there[0]["cid"]), parse.moment(said, "createdAt"))


def _sent(xrpc: Xrpc, ref: Ref, at: datetime, note: str = "") -> Sent:
    url = parse.web_address(ref.uri, {"handle": xrpc.handle})
    return Sent(ref.uri, url, at, note, {"own_cid": ref.cid})
