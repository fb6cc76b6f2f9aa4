"""What a server or a proxy gets to see of a token, and what comes of a server that says it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from commtui.networks.base import NetworkError
from commtui.networks.bluesky.xrpc import failure
from commtui.networks.http import Http
from commtui.networks.mastodon import streaming
from commtui.networks.mastodon.entities import Instance
from commtui.networks.mastodon.oauth import OAuth
from commtui.networks.payloads import read
from commtui.system import masking
from tests.clock import FakeClock

TOKEN = "tok-4711-abcdef/ghijkl+mn"
PART = "4711"
ECHOES = (
    ("400 Bad", json.dumps({"error": f"invalid token {TOKEN}"})),
    ("401 No", json.dumps({"error_description": f"Bearer {TOKEN} is used up"})),
    ("403 No", f"plain words about {TOKEN}"),
    ("404 No", json.dumps({"message": TOKEN.replace("/", "%2F").replace("+", "%2B")})),
    ("422 No", json.dumps({"error": TOKEN}).replace("/", "\\/")),
    ("429 No", json.dumps({"error": TOKEN})),
    ("500 No", "x" * 190 + TOKEN),
    ("503 No", json.dumps({"detail": "y" * 195 + TOKEN})),
    ("200 OK", f"no JSON {TOKEN}"),
)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has read no secret yet: what is sent is masked by itself."""
    monkeypatch.setattr(masking, "_known", {})


@asynccontextmanager
async def answering(status: str, body: str) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server with one answer: its address, and the heads of the requests that it gets."""
    heads: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write((head + body).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heads
    finally:
        server.close()


@pytest.mark.parametrize(("status", "body"), ECHOES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_error_says_the_token(status: str, body: str, method: str) -> None:
    async def job() -> None:
        async with answering(status, body) as (address, heads):
            http = Http(address, FakeClock(), token=lambda: TOKEN)
            try:
                with pytest.raises(NetworkError) as caught:
                    (await http.call(method, "/api/v1/x")).json()
            finally:
                await http.aclose()
        assert TOKEN.encode() in heads[0]
        assert PART not in str(caught.value)

    asyncio.run(job())


def test_nor_does_an_address_to_which_a_server_redirects() -> None:
    async def job() -> None:
        async with answering("302 Found\r\nLocation: http://Tok-4711-Abcdef.example/", "") as (address, _):
            http = Http(address, FakeClock(), token=lambda: "Tok-4711-Abcdef")
            try:
                with pytest.raises(NetworkError, match=r"redirects to http://\[secret\]\.example"):
                    await http.get("/api/v1/x")
            finally:
                await http.aclose()

    asyncio.run(job())


@pytest.mark.parametrize(("status", "body"), ECHOES)
def test_nor_do_the_errors_by_name(status: str, body: str) -> None:
    async def job() -> None:
        async with answering(status, body.replace('"error":', '"error": "Some", "message":')) as (address, _):
            http = Http(address, FakeClock(), token=lambda: TOKEN)
            try:
                with pytest.raises(NetworkError) as caught:
                    raise failure(await http.exchange("GET", "/xrpc/x"), "GET", http)
            finally:
                await http.aclose()
        assert PART not in str(caught.value)

    asyncio.run(job())


@pytest.mark.parametrize("field", ["client_secret", "code", "password"])
@pytest.mark.parametrize("way", ["form", "body"])
def test_what_is_sent_as_a_secret_is_masked(field: str, way: str) -> None:
    async def job() -> None:
        async with answering("400 Bad", json.dumps({"error": f"what is {TOKEN}?"})) as (address, _):
            http = Http(address, FakeClock())
            try:
                with pytest.raises(NetworkError, match=r"what is \[secret\]\?"):
                    await http.call("POST", "/oauth/token", **{way: {field: TOKEN}})
            finally:
                await http.aclose()

    asyncio.run(job())


def test_a_token_that_a_login_brings_is_masked_from_then_on() -> None:
    async def job() -> None:
        app = json.dumps({"client_id": "id", "client_secret": "secret-of-app", "access_token": TOKEN})
        async with answering("200 OK", app) as (address, _):
            oauth = OAuth(address, FakeClock())
            try:
                assert await oauth.exchange(await oauth.register(), "code") == TOKEN
            finally:
                await oauth.aclose()
        assert {TOKEN, "secret-of-app"} <= masking.known_secrets()

    asyncio.run(job())


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_no_proxy_is_asked_for_what_is_on_this_machine(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def job() -> list[bytes]:
        async with answering("200 OK", "{}") as (proxy, seen), answering("200 OK", "{}") as (address, heads):
            monkeypatch.setenv(name, proxy)
            for server in (address, address.replace("127.0.0.1", "localhost")):
                http = Http(server, FakeClock(), token=lambda: TOKEN)
                instance = read({}, Instance)
                try:
                    await http.get("/api/v1/x")
                    await http.call("POST", "/api/v1/x")
                    with pytest.raises(NetworkError):
                        async for _ in streaming.events(http, instance):
                            pass
                finally:
                    await http.aclose()
            assert len(heads) == 8  # two calls, a stream and a WebSocket for each
        return seen

    assert asyncio.run(job()) == []


def test_a_server_elsewhere_has_no_say_about_this_machine() -> None:
    instance = read({"configuration": {"urls": {"streaming": "ws://localhost:4000"}}}, Instance)
    http = Http("https://mastodon.example", FakeClock(), token=lambda: TOKEN)
    assert streaming.bases(http, instance) == ["https://mastodon.example"]
    own = Http("http://localhost:3000", FakeClock(), token=lambda: TOKEN)
    assert streaming.bases(own, instance) == ["http://localhost:4000", "http://localhost:3000"]
