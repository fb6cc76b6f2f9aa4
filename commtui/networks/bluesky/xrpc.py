"""XRPC with a login: calls by name, tokens that are renewed when they expire, errors by their names.

An access token lives two hours, a refresh token ninety days and for one use. Both are stored as secrets, so a
restart needs no new session; where the answer to a refresh is lost, the app password makes a new one.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
from functools import partial
from typing import Any, Final

from commtui.networks.answers import LOG_IN_ANEW, Answer, refusal, server_words
from commtui.networks.base import (
    AnswerLost,
    Gone,
    Login,
    LoginRefused,
    Malformed,
    NetworkError,
    RateLimited,
    Refused,
    Unreachable,
    Unsupported,
)
from commtui.networks.bluesky.atproto_lexicon import Claims, Error, Session
from commtui.networks.bluesky.budget import budget
from commtui.networks.http import CALL_SECONDS, Http, Query
from commtui.networks.json_texts import decode
from commtui.networks.payloads import S, read
from commtui.system.masking import register
from commtui.system.threads import in_thread

log = logging.getLogger(__name__)

EXPIRED: Final = frozenset(("ExpiredToken", "InvalidToken"))
NOT_THERE: Final = frozenset(
    ("NotFound", "RecordNotFound", "RepoNotFound", "AccountNotFound", "InvalidConvo", "MessageNotFound", "BlockedActor")
)
LOCKED_OUT: Final = frozenset(
    (
        "AuthenticationRequired",
        "AuthMissing",
        "AuthFactorTokenRequired",
        "AccountTakedown",
        "AccountDeactivated",
        "AccountSuspended",
        "RepoTakendown",
        "RepoDeactivated",
        *EXPIRED,
    )
)
BAD_METHOD: Final = ("Bad token method", "Bad token scope")
"""What the PDS says of a call that this kind of app password may not make."""
OVER: Final = "over"
"""Stored in the place of a session's mark where its tokens are of no use any more."""
PRIVILEGED: Final = frozenset(("com.atproto.access", "com.atproto.appPassPrivileged"))


class Failure(Refused):
    """A refusal with the name that the server gave it, where it is none of the other errors."""

    name: str = ""


def claims(token: str) -> Claims:
    """What a token says of itself; nothing for what is no JWT. Nobody has checked its signature."""
    try:
        part = token.split(".")[1]
        return read(decode(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))), Claims)
    except (IndexError, ValueError, Malformed):
        return Claims()


def named(answer: Answer) -> tuple[str, str]:
    """(name, message) of an error."""
    try:
        error = answer.read(Error)
    except Malformed:
        return "", ""
    return error.name, server_words(error.message)


def failure(answer: Answer, method: str, http_: Http) -> NetworkError:
    """The error of ours for an answer that is not 2xx."""
    name, message = named(answer)
    words = message or name or f"HTTP {answer.status}"
    error: NetworkError
    if answer.status in (400, 401, 403) and words.startswith(BAD_METHOD):
        error = Unsupported(f"{http_.host}: this app password may not do that; make one that may read direct messages")
    elif name in LOCKED_OUT:
        way_out = "use an app password" if name == "AuthFactorTokenRequired" else "log in anew"
        error = LoginRefused(f"{http_.host} refuses the login: {words}; {way_out} with `commtui account add`")
    elif answer.status < 500 and (name in NOT_THERE or message.startswith(("Could not locate", "Profile not found"))):
        error = Gone(f"{http_.host}: {words} (deleted, blocked, or never there)")
    elif name in ("MethodNotImplemented", "XRPCNotSupported"):
        error = Unsupported(f"{http_.host} cannot do that: {words}")
    elif answer.status == 400:
        refused = Failure(f"{http_.host} refused: {words}")
        refused.name = name
        error = refused
    else:
        return refusal(answer, method, http_.clock)
    error.status = answer.status
    return error


class Xrpc:
    """One login's calls. `did` is known from the login or from its first session on."""

    def __init__(self, login: Login) -> None:
        self.login = login
        self.http = Http(
            login.server, login.clock, account=login.account, insecure_http=login.insecure_http, waits=login.waits
        )
        self.http.limited_by_token = True  # writes are counted by account
        self.did = login.user if login.user.startswith("did:") else ""
        self.handle = ""
        self._access = ""
        self._loaded = False
        self._renewing = asyncio.Lock()

    async def aclose(self) -> None:
        """Closes connections."""
        await self.http.aclose()

    @property
    def privileged(self) -> bool:
        """Whether the session may use direct messages, by its token's own word."""
        return claims(self._access).scope in PRIVILEGED

    async def ready(self) -> None:
        """Has a session, by what is stored or by a new one. Raises LoginRefused."""
        if self._access:
            return
        async with self._renewing:
            if not self._loaded:
                self._loaded = True
                self._access = await self._stored("access")
            if not self._access:
                await self._renew()

    async def _stored(self, name: str) -> str:
        """A stored token, if it is this account's and of a session opened with the present app password."""
        if await in_thread(partial(self.login.load, "session"), "secret") != self._mark():
            return ""
        token = await in_thread(partial(self.login.load, name), "secret") or ""
        whose = claims(token).sub
        if name == "access" and whose and not self.did:  # the config has a handle, which the mark vouches for
            self.did = whose
        return token if whose == self.did else ""

    def _mark(self) -> str:
        """What tells one app password from another, and tells nothing about it."""
        return hashlib.sha256(f"{self.login.user}\x1f{self.login.secret()}".encode()).hexdigest()[:16]

    async def query(
        self, kind: type[S], name: str, *params: tuple[str, str], headers: dict[str, str] | None = None
    ) -> S:
        """A read, answered with a `kind`. `params` are pairs; one name may occur twice."""
        return (await self._call("GET", name, query=params, headers=headers)).read(kind)

    async def procedure(
        self,
        kind: type[S],
        name: str,
        body: Any = None,
        *,
        points: int = 0,
        content: bytes | None = None,
        seconds: float = CALL_SECONDS,
        headers: dict[str, str] | None = None,
    ) -> S:
        """A write, answered with a `kind`, which costs `points`. Raises AnswerLost when it may have been done."""
        if points:
            await self.ready()
            budget(self.did).spend(self.login.clock, self.http.host, points, self.login.spent)
        answer = await self._call("POST", name, body=body, content=content, seconds=seconds, headers=headers)
        try:
            return answer.read(kind) if answer.body.strip() else read({}, kind)
        except Malformed as error:
            raise AnswerLost(f"{self.http.host} took it, but its answer cannot be read: {error}") from None

    async def _call(
        self, method: str, name: str, *, query: Query = (), headers: dict[str, str] | None = None, **more: Any
    ) -> Answer:
        for attempt in range(3):
            await self.ready()
            used = self._access
            sent = {**(headers or {}), "Authorization": f"Bearer {used}"}
            answer = await self.http.exchange(method, f"/xrpc/{name}", query=query, headers=sent, **more)
            if answer.ok:
                return answer
            error, message = named(answer)
            stale = error in EXPIRED and not message.startswith(BAD_METHOD)
            if not stale or attempt == 2:
                break
            await self._replace(used, anew=attempt > 0)
        raise failure(answer, method, self.http)

    async def _replace(self, used: str, anew: bool) -> None:
        """Another access token than `used`: by the refresh token, or with `anew` by the app password."""
        async with self._renewing:
            if self._access in ("", used):
                await self._renew(anew)

    async def _renew(self, anew: bool = False) -> None:
        """Another session: one that another process has begun meanwhile, by the refresh token, or by the app password.

        `anew`: not by the refresh token. Only one process does it at a time: a refresh token is for one use.
        """
        try:
            async with self.login.turn():
                stored = await self._stored("access")
                if stored not in ("", self._access):
                    self._access = stored
                    return
                refresh = "" if anew else await self._stored("refresh")
                if not refresh or not await self._refresh(refresh):
                    await self._create()
        except TimeoutError:
            raise Unreachable(f"another commtui has been logging in to {self.http.host} for too long") from None

    async def _refresh(self, token: str) -> bool:
        """Whether the refresh token brought a session. Raises RateLimited, Unreachable."""
        try:
            await self._begin(await self._bare("com.atproto.server.refreshSession", token=token))
        except (RateLimited, Unreachable):
            raise
        except NetworkError as error:  # used up, revoked, or its answer was lost: the password makes a new one
            log.info("%s: the session could not be refreshed: %s", self.login.account, error)
            await self._save("session", OVER)  # no later start tries it
            return False
        return True

    async def _create(self) -> None:
        identifier = self.login.user.removeprefix("@")
        password = self.login.secret()
        if not password:
            raise LoginRefused(f"no app password for {identifier}: log in with `commtui account add`")
        try:
            answer = await self._bare(
                "com.atproto.server.createSession", {"identifier": identifier, "password": password}
            )
        except AnswerLost as error:
            raise error.harmless() from None  # a session that nobody uses does no harm
        except Failure as error:
            if error.name in ("InvalidRequest", ""):
                raise LoginRefused(str(error), LOG_IN_ANEW) from None
            raise
        await self._begin(answer)

    async def _bare(self, name: str, body: Any = None, token: str = "") -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = await self.http.exchange("POST", f"/xrpc/{name}", body=body, headers=headers)
        if not answer.ok:
            raise failure(answer, "POST", self.http)
        return answer

    async def _begin(self, answer: Answer) -> None:
        """Takes a session's tokens in. Raises Malformed; an empty token never replaces one."""
        session = answer.read(Session)
        if self.did and session.did != self.did:
            raise LoginRefused(f"{self.http.host} opened a session for {session.did}, not for {self.did}")
        if not session.active:
            status = server_words(session.status or "not active", 40)
            raise LoginRefused(f"{self.http.host}: this account is {status}")
        self.did, self._access = session.did, register(session.access_jwt)
        register(session.refresh_jwt)
        self.handle = session.handle or self.handle
        # what cannot be had again goes first
        for name, value in (("refresh", session.refresh_jwt), ("access", self._access), ("session", self._mark())):
            await self._save(name, value)

    async def _save(self, name: str, value: str) -> None:
        try:
            await in_thread(partial(self.login.save, name, value), "secret")
        except Exception as error:  # noqa: BLE001 - config's errors are not known here: the session holds all the same
            log.warning("%s: the session cannot be stored (%s)", self.login.account, type(error).__name__)
