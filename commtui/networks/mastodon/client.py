"""One login on a server that speaks Mastodon's client API: Mastodon, GoToSocial, snac, Hollo and others."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import ClassVar, TypeVar

from msgspec.structs import replace

from commtui.model.abilities import Capabilities, Visibility
from commtui.model.addressing import domain_of
from commtui.model.records import Act, ActKind, Media, Outgoing
from commtui.networks.answers import LOG_IN_ANEW, is_about_one
from commtui.networks.base import (
    Absence,
    Batch,
    EventKind,
    Gone,
    Incoming,
    Login,
    LoginRefused,
    Malformed,
    Profile,
    Refused,
    Seen,
    Sent,
    Thread,
    Unreachable,
)
from commtui.networks.http import Http
from commtui.networks.mastodon import (
    acts,
    aside,
    entities,
    inbound,
    looking,
    media,
    paging,
    parse,
    readback,
    sending,
    streaming,
)
from commtui.networks.mastodon import cursor as cursors
from commtui.networks.mastodon import instance as servers
from commtui.networks.mastodon.lookup import Lookup
from commtui.networks.mastodon.oauth import OAuth
from commtui.networks.mastodon.parse import Us, segment
from commtui.networks.mastodon.threads import parents

Result = TypeVar("Result")
LONGEST_ID = 2000
"""Characters of an id that a stream tells of; some servers' ids are addresses."""
MOST_CHANGES = 500
"""Edits and deletions from the stream that wait for the next fetch, at most."""


class Mastodon:
    """See `networks.base.Network`."""

    name: ClassVar[str] = "mastodon"
    title: ClassVar[str] = "Mastodon"
    capabilities: ClassVar[Capabilities] = Capabilities(
        edit=True,
        favourite=True,
        boost=True,
        mute=True,
        block=True,
        report=True,
        filters=True,
        approvals=True,
        media=True,
        content_warning=True,
        visibilities=tuple(Visibility),
        direct_messages=True,
        addresses=True,
        threads=True,
        streaming=True,
    )
    needs_token: ClassVar[bool] = True
    login_flow: ClassVar[type[OAuth]] = OAuth
    """The login by browser that `commtui account add` offers."""

    def __init__(self, login: Login) -> None:
        self.login = login
        self.http = Http(
            login.server,
            login.clock,
            account=login.account,
            token=login.secret,
            insecure_http=login.insecure_http,
            waits=login.waits,
        )
        self.http.dates_off = login.dates_off
        self._lookup = Lookup(self.http)
        self._notifications = paging.Known()
        self._accepted_aside = False
        self._us: Us | None = None
        self._instance: entities.Instance | None = None
        self._changes: dict[str, Incoming] = {}

    async def aclose(self) -> None:
        """Closes connections."""
        await self.http.aclose()

    async def check(self) -> Profile:
        """Who the login is and what the server allows: two requests, one from the second time on."""
        account = await self._account()
        instance = await self._server()
        domain = parse.domain_of(account, instance, self._host())
        user = account.username or account.id
        self._us = Us(account.id, domain, user)
        extra = {"id": account.id, "version": instance.version[:100]}
        return Profile(
            user=f"{user.lower()}@{domain}",
            handle=f"@{user}@{domain}",
            name=account.display_name or user,
            limits=servers.limits(instance),
            capabilities=replace(
                self.capabilities, streaming=bool(streaming.stated(instance)), proofs=servers.proofs(instance)
            ),
            extra=extra,
            names=(user, f"{user}@{self._host()}", f"{user}@{self.http.host}"),
        )

    def _host(self) -> str:
        standard = self.http.port in (80, 443)
        return self.http.host if standard else f"{self.http.host}:{self.http.port}"

    async def _account(self) -> entities.Account:
        try:
            answer = await self.http.get("/api/v1/accounts/verify_credentials")
        except Gone as error:
            raise Malformed(f"{self.http.host} does not answer like a Mastodon server: {error}") from None
        except Refused as error:
            if error.status in (400, 403, 422):  # how some servers say that a token is bad
                raise LoginRefused(str(error), LOG_IN_ANEW) from None
            raise
        return answer.read(entities.Account)

    async def _server(self) -> entities.Instance:
        if self._instance is None:
            found = await self._described()
            self.http.limited_by_token = servers.is_mastodon_itself(found.version)
            self._instance = found if found != entities.Instance() else None  # it may tell of itself later
            return found
        return self._instance

    async def _described(self) -> entities.Instance:
        """The server's description: by v1 where v2 is missing or fails; an empty one where it gives none at all."""
        trouble: Unreachable | None = None
        for version in (2, 1):
            try:
                return (await self.http.get(f"/api/v{version}/instance")).read(entities.Instance)
            except (Refused, Malformed, Unreachable) as error:
                if not is_about_one(error):
                    raise
                trouble = error if isinstance(error, Unreachable) else trouble
        if trouble is not None:  # it may tell of its limits later
            raise trouble
        return entities.Instance()

    async def us(self) -> Us:
        """Our account's id and the server's domain, asked for once."""
        if self._us is None:
            account = await self._account()
            domain = domain_of(f"@{self.login.user}") or parse.domain_of(account, await self._server(), self._host())
            self._us = Us(account.id, domain, account.username)
        return self._us

    async def fetch(self, cursor: str | None, since: datetime) -> AsyncIterator[Batch]:
        """See Network. One request when nothing is new; every ten minutes a few more (looking.py, aside.py)."""
        at = cursors.read(cursor, since, self.login.clock.now())
        domain = domain_of(f"@{self.login.user}")
        if self._us is None and at.me and domain:
            self._us = Us(at.me, domain, self.login.user.rpartition("@")[0])
        us = await self.us()
        at, left = replace(at, me=us.id), 0
        try:
            async for batch, reached in inbound.catch_up(self.http, at, us, self._notifications):
                at, left = reached, batch.left_out or left
                if batch.items or batch.skipped or batch.left_out or batch.cursor != cursor:
                    yield batch
        except Refused as error:
            raise await self._doubted(error) from None
        if looking.look_is_due(at, self.login.clock):
            seen = await looking.look(self.http, at, us, self.login.clock, self._notifications)
            at = seen.cursor
            yield seen.batch
            if seen.passed_by:
                self._notifications.hides = True
                async for batch, reached in inbound.up(self.http, at, us, self._notifications, from_above=True):
                    at = reached
                    yield batch
        if self._accepted_aside:
            at, self._accepted_aside = replace(at, aside_at=""), False
        batch, reached = await aside.news(self.http, at, us)
        if reached != at:
            at = reached
            yield replace(batch, left_out=left)
        changes = dict(self._changes)
        if changes:
            yield Batch(tuple(changes.values()), at.write())
            # only now are they stored: what came in between is for the next fetch
            self._changes = {name: new for name, new in self._changes.items() if changes.get(name) is not new}

    async def _doubted(self, error: Refused) -> Exception:
        """Some servers refuse a bad token with 400 or 422 and nothing or HTML: then the login is checked."""
        if error.status in (400, 422) and not isinstance(error, Gone):
            await self._account()
        return error

    async def _checked(self, work: Callable[[], Awaitable[Result]]) -> Result:
        try:
            return await work()
        except Refused as error:
            raise await self._doubted(error) from None

    async def thread(self, remote_id: str, most: int = 20) -> Thread:
        """The status as it is now, its parents and its answers: two requests. Raises Gone."""
        us, now = await self.us(), self.login.clock.now()
        path = f"/api/v1/statuses/{segment(remote_id)}"
        status = parse.status(parse.answered(await self.http.get(path)), us, now)
        context = (await self.http.get(f"{path}/context")).read(entities.Context)
        above, _ = parse.statuses(context.ancestors, us, now)
        below, _ = parse.statuses(context.descendants, us, now)
        ancestors, missing = parents(status, above, most)
        below.sort(key=lambda answer: answer.created_at)
        return Thread(ancestors, tuple(below), missing, status)

    async def look_up(self, remote_ids: Sequence[str]) -> Seen:
        """See Network: one request, and one for each that is gone; one for each on servers that cannot give many."""
        return await self._lookup.seen(remote_ids, await self.us())

    async def send(self, item: Outgoing, media: tuple[Media, ...]) -> Sent:
        """See Network. Looks at what it answers first (one more request), for its author's handle and visibility."""
        try:
            us = await self.us()
        except Malformed as error:  # nothing has been sent yet
            raise Unreachable(str(error)) from None
        stated = servers.limits(self._instance) if self._instance else None

        def look(named: Sequence[str]) -> Awaitable[Sent | Absence]:
            return readback.find(self.http, item, us, named=named)

        return await self._checked(lambda: sending.send(self.http, item, media, us, stated, look))

    async def find(self, item: Outgoing, taken: Collection[str] = ()) -> Sent | Absence:
        """See Network. By the thread, our own posts, the home timeline, direct conversations and plain texts."""
        return await readback.find(self.http, item, await self.us(), taken)

    async def upload(self, media_: Media) -> Media:
        """See Network."""
        return await self._checked(lambda: media.upload(self.http, media_))

    async def act(self, act: Act) -> Sent | None:
        """See Network."""
        us = await self.us()
        if act.kind is ActKind.ACCEPT_FILTERED:
            self._accepted_aside = True
        return await self._checked(lambda: acts.act(self.http, act, us))

    async def stream(self) -> AsyncGenerator[None, None]:
        """See Network. Edits and deletions that it tells of come with the next fetch; deletions wake nobody."""
        us = await self.us()
        async with aclosing(streaming.events(self.http, await self._server())) as events:
            async for event in events:
                if event.name in ("", "notification", "notifications_merged"):
                    self._notifications.announced |= bool(event.name)
                    yield None
                elif change := self._change_of(event, us):
                    if len(self._changes) < MOST_CHANGES and change.remote_id is not None:
                        self._changes[change.remote_id] = change
                    if change.kind is EventKind.EDITED:
                        yield None

    def _change_of(self, event: streaming.Event, us: Us) -> Incoming | None:
        if event.name == "delete":
            remote_id = event.payload.strip().strip('"')
            return Incoming(EventKind.DELETED, remote_id=remote_id) if 0 < len(remote_id) <= LONGEST_ID else None
        if event.name != "status.update":
            return None
        try:
            entity = parse.entity_of(event.json())
        except Malformed:
            return None
        status = parse.status(entity, us, self.login.clock.now())
        to_us = entity.in_reply_to_account_id == us.id or any(mention.id == us.id for mention in entity.mentions)
        if not to_us or status.ours:
            return None
        return Incoming(EventKind.EDITED, parse.via("", entity, us), status, status.remote_id)
