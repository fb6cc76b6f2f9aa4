"""HTTP for every network: answers of bounded size, and errors that say whether the server may have acted.

Redirects are followed within one origin, so that a token never reaches another. Reads use kept-alive connections and
are repeated once when a connection was reset; writes open a connection of their own and are never repeated here.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from msgspec import Struct, json
from msgspec.structs import replace

from commtui import __version__
from commtui.model.clock import Clock
from commtui.model.servers import is_loopback, is_unencrypted
from commtui.networks import gates
from commtui.networks.answers import READS, Answer, Unreadable, refusal, server_words, transport_error, with_status
from commtui.networks.base import AnswerLost, LoginRefused, Malformed, RateLimited, Refused, Waits
from commtui.networks.decoding import ACCEPTED as ACCEPTED
from commtui.networks.decoding import TooLong, read_body
from commtui.system.masking import register

MOST_BYTES = 8 * 1024 * 1024
"""The longest answer that is read; a page of 80 posts has about 300 kB."""
MOST_REDIRECTS = 5
CALL_SECONDS = 60.0
"""The longest time of a call in all, however slowly the answer arrives."""
TIMEOUT = httpx.Timeout(30.0, connect=15.0)
USER_AGENT = f"commtui/{__version__}"

SECRET_FIELDS = frozenset(("password", "client_secret", "code", "token", "access_token", "refresh_token"))
"""Fields of requests whose values are masked from then on."""

Query = tuple[tuple[str, str], ...]


@functools.cache
def trust() -> ssl.SSLContext:
    """The certificates to trust: read once for all logins."""
    return httpx.create_ssl_context()


def origin(url: str) -> tuple[str, str, int]:
    """(scheme, host, port) of an address. Raises ValueError."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "wss": 443, "http": 80, "ws": 80}.get(parts.scheme, 0)
    return parts.scheme, (parts.hostname or "").lower(), port


def place(scheme: str, host: str, port: int) -> str:
    """A host for messages, with its port if that is not the usual one."""
    usual = {"https": 443, "http": 80}.get(scheme)
    return host if port == usual else f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def links_of(response: httpx.Response) -> dict[str, str]:
    """Relation, in lower case -> address, of an answer's Link header."""
    return {relation.lower(): link["url"] for relation, link in response.links.items() if relation}


class Sending(Struct, frozen=True):
    """The content of a request."""

    method: str
    query: Query
    form: Mapping[str, str] | None
    files: Mapping[str, Any] | None
    content: bytes | None
    headers: Mapping[str, str]
    seconds: float


class Http:
    """The requests of one login to its server. `token` is called once: another one may be another account's."""

    def __init__(
        self,
        server: str,
        clock: Clock,
        *,
        account: str = "",
        token: Callable[[], str] | None = None,
        insecure_http: bool = False,
        waits: Waits | None = None,
    ) -> None:
        self.server = server.rstrip("/")
        self.clock = clock
        self.account = account
        self.limited_by_token = False
        """Whether the server limits each token by itself, so that a 429 stops this account alone."""
        self.dates_off: Callable[[], float] = float
        """See Login."""
        self.scheme, self.host, self.port = origin(self.server)
        self.place = place(self.scheme, self.host, self.port)
        self.insecure_http = insecure_http
        self._waits = waits
        self._ask_token = token
        self._token = ""
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": ACCEPTED}
        # a proxy has no way to this machine, and would see the token
        proxies = not is_loopback(self.host)
        clients = functools.partial(
            httpx.AsyncClient, headers=headers, timeout=TIMEOUT, verify=trust(), trust_env=proxies
        )
        self._reads = clients()
        # on a kept-alive connection that is dead already nobody could tell whether a post was accepted
        alone = httpx.Limits(max_keepalive_connections=0)
        self._writes = httpx.AsyncClient(
            headers=headers, timeout=TIMEOUT, verify=trust(), limits=alone, trust_env=proxies
        )

    async def aclose(self) -> None:
        """Closes connections."""
        await self._reads.aclose()
        await self._writes.aclose()

    async def get(self, path: str, query: Query = ()) -> Answer:
        """A GET. Raises as `call` does."""
        return await self.call("GET", path, query=query)

    async def call(self, method: str, path: str, **more: Any) -> Answer:
        """Like `exchange`, but an answer that is not 2xx is raised as the error that `refusal` makes of it."""
        answer = await self.exchange(method, path, **more)
        if not answer.ok:
            raise refusal(answer, method, self.clock)
        return answer

    async def exchange(
        self,
        method: str,
        path: str,
        *,
        query: Query = (),
        body: Any = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = CALL_SECONDS,
    ) -> Answer:
        """Sends a request and returns its answer of any status but 429.

        `body` is sent as JSON, `content` unchanged; `path` begins with a slash and is percent-encoded. Raises
        RateLimited, also without a request while a limit is used up, LoginRefused, Unreachable, AnswerLost, Malformed,
        Refused.
        """
        for name, value in [*(body if isinstance(body, dict) else {}).items(), *(form or {}).items()]:
            if name in SECRET_FIELDS:
                register(str(value))
        if body is not None:
            content, headers = json.encode(body), {"Content-Type": "application/json", **(headers or {})}
        sent = Sending(method, query, form, files, content, headers or {}, seconds)
        url = self.server + path
        answer = await self._once(url, sent)
        for _ in range(MOST_REDIRECTS):
            if answer.status not in (301, 302, 303, 307, 308) or "location" not in answer.headers:
                return answer
            url, sent = self._next_address(url, answer, method), replace(sent, query=())
            answer = await self._once(url, sent)
        raise Malformed(f"{answer.where} goes round in redirects")

    def _next_address(self, url: str, answer: Answer, method: str) -> str:
        if method not in READS and answer.status in (302, 303):  # how forms are answered that were taken
            raise AnswerLost(f"{answer.where} answered with a redirect: it may have been done")
        try:
            where = httpx.URL(url).join(answer.headers["location"])
            is_elsewhere = origin(str(where)) != origin(url)
        except (httpx.InvalidURL, ValueError) as error:
            raise Malformed(f"{answer.where} redirects to what is no address") from error
        if is_elsewhere:
            other = f"{where.scheme}://{server_words(where.host, 100)}"
            raise Refused(f"{self.host} redirects to {other}: if that is your server, use its address")
        if method not in READS and answer.status == 301:
            raise Refused(f"{answer.where} has moved: is {self.server} the right address?")
        return str(where)

    def token(self) -> str:
        """The token. Raises LoginRefused if there is none or it has characters that no token has."""
        if not self._token and self._ask_token:
            token = self._ask_token().strip()
            if not token:
                raise LoginRefused(f"no token for {self.host}: log in with `commtui account add`")
            if not (token.isascii() and token.isprintable()) or " " in token:
                raise LoginRefused(f"the token for {self.host} has spaces or control characters")
            self._token = register(token)
        return self._token

    def authorization(self) -> dict[str, str]:
        """The header that carries the token; none without one."""
        return {"Authorization": f"Bearer {token}"} if (token := self.token()) else {}

    def check_scheme(self, url: str) -> None:
        """Raises Refused for plain http to another machine, unless `insecure_http` allows it."""
        if not self.insecure_http and is_unencrypted(url):
            host = origin(url)[1]
            raise Refused(f"{host} would be spoken to without encryption: use https, or --insecure-http")

    def _gates(self, method: str, path: str) -> dict[str, gates.Gate]:
        """The gates of a request by name: first the whole host's, then the account's for this family of requests.

        Servers count reads and each kind of write apart.
        """
        place = f"{self.scheme}://{self.host}:{self.port}"
        parts = path.split("/")
        family = "read" if method in READS else f"{method} {parts[3] if len(parts) > 3 else path}"
        names = (place, f"{place} {self.account} {family}")
        return {name: gates.gate(name, self.clock, self._waits) for name in names}

    async def _once(self, url: str, sent: Sending) -> Answer:
        self.check_scheme(url)
        method, path = sent.method, urlsplit(url).path
        where = f"{method} {self.place}{path}"
        passes = self._gates(method, path)
        host, own = passes.values()
        client = self._reads if method in READS else self._writes
        headers = {**sent.headers, **self.authorization()}
        register(headers.get("Authorization", "").rpartition(" ")[2])
        request = client.build_request(
            method,
            url,
            params=sent.query or None,
            data=sent.form,
            files=sent.files,
            content=sent.content,
            headers=headers,
        )
        for last in (False, True):
            gates.check(self.clock, self.host, host, own)
            own.leave()
            try:
                answer = await self._answer(client, request, where, sent.seconds)
                break
            except (httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError) as error:
                if last or method not in READS:
                    raise transport_error(error, method, where) from None
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError) as error:
                raise transport_error(error, method, where) from None
            finally:
                own.enter()
        own.learn(self.clock, answer.headers)
        if answer.status != 429:
            host.refusals = own.refusals = 0
            gates.keep(self.clock, passes, self._waits)
            return answer
        told = gates.wait_told(answer.headers, self.clock.now())
        host_wide = not self.limited_by_token or "capacity" in answer.error_text()
        wait = (host if host_wide else own).refuse(self.clock, told)
        gates.keep(self.clock, passes, self._waits)
        raise with_status(RateLimited(f"{self.host} asks to wait {wait:.0f} s", wait, host_wide), answer)

    async def _answer(self, client: httpx.AsyncClient, request: httpx.Request, where: str, seconds: float) -> Answer:
        async with asyncio.timeout(seconds):
            response = await client.send(request, stream=True)
            try:
                body = await read_body(response, MOST_BYTES)
            except TooLong as error:
                too_much = f"{where} answered with more than {MOST_BYTES // 1024**2} MiB"
                if request.method in READS:
                    raise Unreadable(too_much, error.begun) from None
                if response.is_success:
                    raise AnswerLost(too_much) from None
                body = error.begun
            except Malformed as error:
                if request.method in READS:
                    raise Malformed(f"{where}: {error}") from None
                raise AnswerLost(f"{where}: {error}: it may have been done") from None
            finally:
                await response.aclose()
        return Answer(response.status_code, dict(response.headers), body, where, links_of(response))

    @asynccontextmanager
    async def open_stream(self, url: str, silence: float) -> AsyncIterator[httpx.Response]:
        """A GET whose answer is read as it arrives; `silence`: the longest pause, in seconds. Raises httpx's errors."""
        self.check_scheme(url)
        headers = {**self.authorization(), "Accept": "text/event-stream", "Cache-Control": "no-store"}
        headers["Accept-Encoding"] = "identity"
        timeout = httpx.Timeout(30.0, read=silence)
        async with self._writes.stream("GET", url, headers=headers, timeout=timeout) as response:
            yield response
