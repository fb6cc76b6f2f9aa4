"""One login on Bluesky, or on any server that speaks its protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import ClassVar

from msgspec.structs import replace

from commtui.model.abilities import Capabilities, Proofs, Visibility
from commtui.model.records import Act, Media, Outgoing
from commtui.networks.base import Absence, Batch, Login, Profile, Seen, Sent, Thread, Unsupported
from commtui.networks.bluesky import acts, direct, inbound, login, media, parse, sending
from commtui.networks.bluesky import cursor as cursors
from commtui.networks.bluesky.atproto_lexicon import SessionInfo
from commtui.networks.bluesky.lexicon import NotificationPlace, Posts, PostThread
from commtui.networks.bluesky.xrpc import Xrpc
from commtui.networks.payloads import read_each, read_known

DEPTH = "10"
"""How many levels of answers a thread brings."""


class Bluesky:
    """See `networks.base.Network`.

    Options of an account: `direct_messages` (read and answer them, if the app password may), `cards` (false: no card
    for a link, so its page is not fetched).
    """

    name: ClassVar[str] = "bluesky"
    title: ClassVar[str] = "Bluesky"
    capabilities: ClassVar[Capabilities] = Capabilities(
        favourite=True,
        boost=True,
        mute=True,
        block=True,
        report=True,
        media=True,
        threads=True,
        quotes=True,
        # a post's key in our repository is that of its draft, and is written once; direct messages have no key
        proofs=Proofs(key=(Visibility.PUBLIC,), listed=(Visibility.PUBLIC,)),
    )

    needs_token: ClassVar[bool] = True
    log_in = staticmethod(login.log_in)
    """By name and app password, for `account add`."""
    _streams: ClassVar[tuple[None, ...]] = ()

    def __init__(self, login: Login) -> None:
        self.login = login
        self.xrpc = Xrpc(login)

    async def aclose(self) -> None:
        """Closes connections."""
        await self.xrpc.aclose()

    @property
    def _direct(self) -> bool:
        return bool(self.login.options.get("direct_messages")) and self.xrpc.privileged

    async def check(self) -> Profile:
        """See Network: one request, and one or two before it where there is no session yet."""
        session = await self.xrpc.query(SessionInfo, "com.atproto.server.getSession")
        did, handle = session.did, session.handle
        self.xrpc.handle = handle
        capabilities = self.capabilities
        if self._direct:
            visibilities = (Visibility.PUBLIC, Visibility.DIRECT)
            capabilities = replace(capabilities, direct_messages=True, visibilities=visibilities)
        names = (session.email,) if session.email else ()
        return Profile(did, f"@{handle or did}", handle or did, sending.LIMITS, capabilities, names=names)

    async def fetch(self, cursor: str | None, since: datetime) -> AsyncIterator[Batch]:
        """See Network. With direct messages, a poll with nothing new is two requests."""
        await self.xrpc.ready()
        at = cursors.read(cursor)
        batches = inbound.first(self.xrpc, since) if at is None else inbound.news(self.xrpc, at)
        async for batch, reached in batches:
            at = reached
            yield batch
        if self._direct and at is not None:
            items, chat, skipped = await direct.fetch(self.xrpc, at.chat)
            if items or skipped or chat != at.chat:
                yield Batch(items, replace(at, chat=chat).write(), skipped)

    async def thread(self, remote_id: str, most: int = 20) -> Thread:
        """See Network: one request."""
        if direct.is_one(remote_id):
            return await direct.thread(self.xrpc, remote_id, most)
        parse.at_uri(remote_id)
        await self.xrpc.ready()
        height = ("parentHeight", str(max(0, min(most, 1000))))
        params = (("uri", remote_id), ("depth", DEPTH), height)
        answer = await self.xrpc.query(PostThread, "app.bsky.feed.getPostThread", *params)
        return parse.thread(answer.thread, self.xrpc.did, most)

    async def look_up(self, remote_ids: Sequence[str]) -> Seen:
        """See Network: one request. Of direct messages it says nothing."""
        uris = [remote_id for remote_id in remote_ids if not direct.is_one(remote_id)]
        if not uris:
            return Seen()
        await self.xrpc.ready()
        answer = await self.xrpc.query(Posts, "app.bsky.feed.getPosts", *(("uris", uri) for uri in uris))
        found, _ = read_each(answer.posts, lambda value: parse.read_post(value, self.xrpc.did))
        there = {view.uri for view in read_known(answer.posts, NotificationPlace)}
        return Seen(tuple(found), tuple(uri for uri in uris if uri not in there))

    async def send(self, item: Outgoing, media: tuple[Media, ...]) -> Sent:
        """See Network: one write, and before it a request for each handle it mentions."""
        if direct.is_one(item.in_reply_to_remote or ""):
            return await direct.send(self.xrpc, item)
        return await sending.send(self.xrpc, item, media, card=self.login.options.get("cards", True) is not False)

    async def find(self, item: Outgoing, taken: Collection[str] = ()) -> Sent | Absence:
        """See Network."""
        if direct.is_one(item.in_reply_to_remote or ""):
            return await direct.find(self.xrpc, item, taken)
        return await sending.find(self.xrpc, item)

    async def upload(self, media_: Media) -> Media:
        """See Network."""
        return await media.upload(self.xrpc, media_)

    async def act(self, act: Act) -> Sent | None:
        """See Network."""
        return await acts.act(self.xrpc, act)

    async def stream(self) -> AsyncIterator[None]:
        """Bluesky's streams bring everybody's posts: there is none for one account."""
        for nothing in self._streams:
            yield nothing
        raise Unsupported("Bluesky is polled: it has no stream for one account")
