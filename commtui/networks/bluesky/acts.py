"""Acts: public or account changes other than texts. A like, a repost and a block are records, each at a key that is
derived from its subject: a repeat writes the same record, and undoing the act removes that record."""

from __future__ import annotations

from typing import Any, Final

from commtui.model.clock import to_iso
from commtui.model.records import Act, ActKind
from commtui.networks.base import Gone, Refused, Sent, Unsupported
from commtui.networks.bluesky import parse, sending, tid
from commtui.networks.bluesky.atproto_lexicon import Nothing
from commtui.networks.bluesky.budget import DELETE
from commtui.networks.bluesky.lexicon import ProfileDetails
from commtui.networks.bluesky.xrpc import Xrpc

LIKE: Final = "app.bsky.feed.like"
REPOST: Final = "app.bsky.feed.repost"
BLOCK: Final = "app.bsky.graph.block"
ON_POST: Final = {
    ActKind.FAVOURITE: (LIKE, "like"),
    ActKind.BOOST: (REPOST, "repost"),
}
OFF_POST: Final = {
    ActKind.UNFAVOURITE: (LIKE, "like"),
    ActKind.UNBOOST: (REPOST, "repost"),
}
REASONS: Final = {"spam": "Spam", "violation": "Violation", "legal": "Violation", "rude": "Rude", "sexual": "Sexual"}
"""By our categories: com.atproto.moderation.defs#reason..., else Other."""


async def act(xrpc: Xrpc, act: Act) -> Sent | None:
    """Does it. `extra` of a report may have `status_ids` (the first is reported, else the author) and `category`."""
    await xrpc.ready()
    if act.kind in ON_POST:
        await _put_on(xrpc, act, *ON_POST[act.kind])
    elif act.kind in OFF_POST:
        await _take_off(xrpc, act, *OFF_POST[act.kind])
    elif act.kind is ActKind.DELETE:
        await _delete(xrpc, act.target)
    elif act.kind in (ActKind.MUTE, ActKind.UNMUTE):
        name = "muteActor" if act.kind is ActKind.MUTE else "unmuteActor"
        await xrpc.procedure(Nothing, f"app.bsky.graph.{name}", {"actor": _did(act.target)})
    elif act.kind in (ActKind.BLOCK, ActKind.UNBLOCK):
        await _block(xrpc, act)
    elif act.kind is ActKind.REPORT:
        await _report(xrpc, act)
    elif act.kind is ActKind.READ:
        seen = act.extra.get("seen_at") or to_iso(act.created_at)
        await xrpc.procedure(Nothing, "app.bsky.notification.updateSeen", {"seenAt": seen})
    else:
        raise Unsupported(f"Bluesky has no {act.kind}")
    return None


def _did(target: str) -> str:
    if not target.startswith("did:"):
        raise Gone(f"there is no account {target[:100]!r}")
    return target


async def _put_on(xrpc: Xrpc, act: Act, collection: str, viewer: str) -> None:
    post = await sending.view(xrpc, act.target)
    if getattr(post.viewer, viewer):
        return  # liked already, perhaps elsewhere: a second record would take the first one's place
    subject = {"uri": act.target, "cid": post.cid}
    value = {"$type": collection, "subject": subject, "createdAt": to_iso(xrpc.login.clock.now())}
    await sending.put(xrpc, collection, tid.of_subject(collection, act.target), value)


async def _take_off(xrpc: Xrpc, act: Act, collection: str, viewer: str) -> None:
    parse.at_uri(act.target)
    keys = {tid.of_subject(collection, act.target)}
    try:
        post = await sending.view(xrpc, act.target)
        if uri := getattr(post.viewer, viewer):
            keys.add(parse.at_uri(uri).rkey)
    except Gone:
        pass  # the post is gone, and our record with it
    for rkey in sorted(keys):
        await _remove(xrpc, collection, rkey)


async def _remove(xrpc: Xrpc, collection: str, rkey: str) -> None:
    """Removes a record of ours; one that is not there is as good as removed."""
    body = {"repo": xrpc.did, "collection": collection, "rkey": rkey}
    try:
        await xrpc.procedure(Nothing, "com.atproto.repo.deleteRecord", body, points=DELETE)
    except Gone:
        pass


async def _delete(xrpc: Xrpc, uri: str) -> None:
    record = parse.at_uri(uri)
    if record.did != xrpc.did:
        raise Refused("this post is not ours to delete")
    await _remove(xrpc, record.collection, record.rkey)


async def _block(xrpc: Xrpc, act: Act) -> None:
    did = _did(act.target)
    rkey = tid.of_subject(BLOCK, did)
    if act.kind is ActKind.BLOCK:
        value = {"$type": BLOCK, "subject": did, "createdAt": to_iso(xrpc.login.clock.now())}
        await sending.put(xrpc, BLOCK, rkey, value)
        return
    keys = {rkey}
    try:
        profile = await xrpc.query(ProfileDetails, "app.bsky.actor.getProfile", ("actor", did))
        if uri := profile.viewer.blocking:
            keys.add(parse.at_uri(uri).rkey)
    except Refused:
        pass
    for key in sorted(keys):
        await _remove(xrpc, BLOCK, key)


async def _report(xrpc: Xrpc, act: Act) -> None:
    subject: dict[str, Any] = {"$type": "com.atproto.admin.defs#repoRef", "did": _did(act.target)}
    if ids := act.extra.get("status_ids", "").split():
        try:
            post = await sending.view(xrpc, ids[0])
            subject = {"$type": "com.atproto.repo.strongRef", "uri": ids[0], "cid": post.cid}
        except Gone:
            pass  # the author can still be reported
    reason = REASONS.get(act.extra.get("category", ""), "Other")
    body = {"reasonType": f"com.atproto.moderation.defs#reason{reason}", "reason": act.text, "subject": subject}
    await xrpc.procedure(Nothing, "com.atproto.moderation.createReport", body)
