"""The stream of what happens: server-sent events, or a WebSocket where that is all the server has.

A stream is an addition to polling: it only says that something came, and a reconnect replays nothing.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
from msgspec import Struct, json

from commtui.model.clock import Clock
from commtui.model.servers import is_loopback
from commtui.networks.answers import server_words
from commtui.networks.base import LoginRefused, Malformed, RateLimited, Unreachable, Unsupported
from commtui.networks.decoding import decoded
from commtui.networks.gates import wait_told
from commtui.networks.http import MOST_BYTES, USER_AGENT, Http, origin, trust
from commtui.networks.json_texts import decode
from commtui.networks.mastodon.entities import Instance, StreamMessage
from commtui.networks.payloads import read

PATH = "/api/v1/streaming"
SILENCE = 120.0
"""Seconds without a sign of life after which a stream counts as cut; Mastodon sends one every 15."""

MOST_EVENTS = 100
"""How many events are read in a second."""
LINE_COST = 50
"""Bytes that a line takes beside its letters, so that a million empty ones are too large as well."""

_quiet = logging.getLogger("commtui.websocket")
_quiet.disabled = True  # its debug lines would show the token


class Event(Struct, frozen=True):
    """Something happened. Without a name: connected."""

    name: str = ""
    payload: str = ""

    def json(self) -> Any:
        """The payload as JSON. Raises Malformed."""
        try:
            return decode(self.payload)
        except ValueError:
            raise Malformed("an event that is no JSON") from None


def stated(instance: Instance) -> list[str]:
    """The addresses that a server's description (v2 or v1) gives for its stream."""
    addresses = []
    for urls in (instance.configuration.urls, instance.urls):
        addresses += [urls.streaming, urls.streaming_api]
    return [address for address in addresses if address]


def bases(http: Http, instance: Instance) -> list[str]:
    """Where to look for the stream, as http addresses: what the server states, then the server itself.

    A server may state wss:// although it speaks plain http itself; then its own scheme holds.
    """
    own = http.server
    good = []
    for address in stated(instance):
        try:
            scheme, host, port = origin(address)
        except ValueError:
            continue
        named = urlsplit(address).port
        if host == http.host and (named or http.port) == http.port:
            good.append(own)
        elif is_loopback(host) and not is_loopback(http.host):
            continue  # a server elsewhere has no say about this machine, and the token would go there
        elif host and scheme in ("wss", "https", "ws", "http"):
            secure = scheme in ("wss", "https") or not is_loopback(host)
            good.append(f"http{'s' if secure else ''}://{host}" + (f":{port}" if named else ""))
    return list(dict.fromkeys([*good, own]))


async def events(http: Http, instance: Instance) -> AsyncGenerator[Event, None]:
    """Events of the user's stream, an unnamed one first. Raises Unreachable when it is cut, Unsupported without one."""
    trouble: Unreachable | None = None
    for base in bases(http, instance):
        for way in (_by_sse, _by_websocket):
            try:
                async with aclosing(way(http, base)) as arriving, aclosing(slowed(arriving, http.clock)) as stream:
                    async for event in stream:
                        yield event
            except Unsupported:
                continue
            except Cut:
                raise
            except Unreachable as error:
                trouble = error
                break
    raise trouble or Unsupported(f"{http.host} has no stream: it is polled")


class Cut(Unreachable):
    """A stream that was up has ended."""


def _refused(http: Http, status: int, headers: Mapping[str, str]) -> Exception:
    if status == 401:
        return LoginRefused(f"{http.host} does not accept the login for its stream")
    if status == 429:
        wait = wait_told(headers, http.clock.now())
        if wait is None:
            return Unreachable(f"{http.host} asks to wait before streaming")
        return RateLimited(f"{http.host} asks to wait {wait:.0f} s before streaming", wait)
    if status >= 500:
        return Unreachable(f"{http.host} is in trouble: its stream answers HTTP {status}")
    return Unsupported(f"{http.host} has no such stream (HTTP {status})")


async def _by_sse(http: Http, base: str) -> AsyncGenerator[Event, None]:
    up = False
    try:
        async with http.open_stream(f"{base}{PATH}/user", SILENCE) as response:
            if response.status_code != 200:
                raise _refused(http, response.status_code, response.headers)
            if "text/event-stream" not in response.headers.get("content-type", ""):
                raise Unsupported(f"{http.host} has no server-sent events")
            up = True
            yield Event()
            parts = cast(AsyncGenerator[bytes, None], response.aiter_raw())
            pieces = decoded(parts, response.headers.get("content-encoding", ""))
            async with aclosing(parts), aclosing(read_sse(pieces)) as stream:
                async for event in stream:
                    yield event
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
        why = "nothing came for too long" if isinstance(error, httpx.TimeoutException) else server_words(str(error))
        kind = Cut if up else Unreachable
        raise kind(f"the stream of {http.host} broke off: {why}") from None
    raise Cut(f"{http.host} ended its stream")


async def read_sse(parts: AsyncIterator[bytes]) -> AsyncGenerator[Event, None]:
    """Events of a text/event-stream; comments (signs of life) and unnamed ones are passed over.

    Raises Malformed when one is longer than any answer may be.
    """
    name, length = "", 0
    data: list[str] = []
    async for line in _lines(parts):
        if not line:
            if name:
                yield Event(name, "\n".join(data))
            name, data, length = "", [], 0
            continue
        length += len(line) + LINE_COST
        if length > MOST_BYTES:
            raise Malformed("an event that is too large")
        key, _, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        if key == "event":
            name = value
        elif key == "data":
            data.append(value)


async def _lines(parts: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Lines without their ends. Raises Malformed for one that is longer than any answer may be."""
    rest = bytearray()
    async for part in parts:
        rest += part
        if len(rest) > MOST_BYTES:
            raise Malformed("an event that is too large")
        if b"\n" in part:
            *lines, last = bytes(rest).split(b"\n")
            for line in lines:
                yield line.rstrip(b"\r")
            rest = bytearray(last)


async def slowed(stream: AsyncGenerator[Event, None], clock: Clock) -> AsyncGenerator[Event, None]:
    """The stream's events, at most MOST_EVENTS in a second. Until more are wanted nothing is read: the server waits."""
    since, count = clock.monotonic(), 0
    async for event in stream:
        now = clock.monotonic()
        if now - since >= 1.0:
            since, count = now, 0
        count += 1
        if count > MOST_EVENTS:
            await clock.sleep(since + 1.0 - now)
            since, count = clock.monotonic(), 1
        yield event


async def _by_websocket(http: Http, base: str) -> AsyncGenerator[Event, None]:
    from websockets.asyncio.client import connect  # 60 ms, and most servers don't need it
    from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI, WebSocketException

    class Connect(connect):
        """One that follows no redirect: the token is for this address."""

        def process_redirect(self, exc: Exception) -> Exception | str:
            return exc

    url = f"ws{base.removeprefix('http')}{PATH}?stream=user"
    http.check_scheme(url)
    up = False
    try:
        async with Connect(
            url,
            additional_headers=http.authorization(),
            ssl=trust() if url.startswith("wss") else None,
            max_size=MOST_BYTES,
            logger=_quiet,
            user_agent_header=USER_AGENT,
            open_timeout=30,
            proxy=None if is_loopback(origin(url)[1]) else True,
            ping_timeout=SILENCE,
        ) as socket:
            up = True
            yield Event()
            async for message in socket:
                if event := read_message(message):
                    yield event
    except InvalidStatus as error:
        raise _refused(http, error.response.status_code, error.response.headers) from None
    except (InvalidHandshake, InvalidURI):
        raise Unsupported(f"{http.host} has no WebSocket") from None
    except (WebSocketException, OSError, TimeoutError) as error:
        kind = Cut if up else Unreachable
        raise kind(f"the stream of {http.host} broke off: {server_words(str(error))}") from None
    raise Cut(f"{http.host} ended its stream")


def read_message(message: str | bytes) -> Event | None:
    """An event of a WebSocket's message: its payload is JSON in a string, or a bare id."""
    try:
        entity = read(decode(message), StreamMessage)
    except (ValueError, Malformed):
        return None
    if entity.payload is None or isinstance(entity.payload, str):
        return Event(entity.event, entity.payload or "")
    return Event(entity.event, json.encode(entity.payload).decode())
