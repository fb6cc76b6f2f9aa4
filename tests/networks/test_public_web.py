"""Pages that anybody's link names: never from this machine or the networks around it, and bounded."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from commtui.networks import public_web
from commtui.networks.bluesky import cards
from commtui.networks.public_web import NotPublic, Page

PAGE = b"<title>A page</title>"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
Respond = Callable[[str], tuple[str, bytes]]
"""The path that is asked for -> status and header lines, body."""


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def as_if_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes 127.0.0.1 for an address of the public web, and `page.example` for its name; the rest is as it is."""
    monkeypatch.setattr(public_web, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(public_web, "_is_own", lambda address, port: False)
    real = asyncio.BaseEventLoop.getaddrinfo

    async def resolved(loop: asyncio.BaseEventLoop, host: Any, *rest: Any, **more: Any) -> Any:
        return await real(loop, "127.0.0.1" if host == "page.example" else host, *rest, **more)

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolved)


@asynccontextmanager
async def serving(
    respond: Respond, host: str = "127.0.0.1", context: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server: its port, and the heads of the requests that it gets."""
    heads: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heads.append(head)
        lines, body = respond(head.split()[1].decode())
        writer.write(f"HTTP/1.1 {lines}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, host, 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1], heads
    finally:
        server.close()


def html(path: str) -> tuple[str, bytes]:
    return "200 OK\r\nContent-Type: text/html", PAGE


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "[::ffff:127.0.0.1]", "127.9.9.9"],
)
def test_this_machine_is_asked_for_nothing(host: str) -> None:
    async def job() -> list[bytes]:
        async with serving(html, "0.0.0.0") as (port, heads):
            with pytest.raises(NotPublic):
                await public_web.get(f"http://{host}:{port}/", 1000, 5)
            assert (await cards.card(f"http://{host}:{port}/secret"))["external"]["title"].endswith("/secret")
        return heads

    assert run(job()) == []


@pytest.mark.parametrize(
    "link",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://x.invalid/",
    ],
)
def test_nor_are_the_networks_around_it(link: str) -> None:
    with pytest.raises(NotPublic):
        run(public_web.get(link, 1000, 5))


def test_an_address_of_this_machine_is_its_own_though_it_may_look_public() -> None:
    assert public_web._is_own("127.0.0.1", 80)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no way to a network")
        assert public_web._is_own(probe.getsockname()[0], 80)
    assert not public_web._is_own("192.0.2.1", 80)


@pytest.mark.usefixtures("as_if_public")
def test_a_page_is_asked_by_the_address_that_was_looked_at_and_by_its_name() -> None:
    async def job() -> tuple[Page, bytes]:
        async with serving(html) as (port, heads):
            page = await public_web.get(f"http://user:pw@page.example:{port}/a?b#c", 1000, 5)
            return page, heads[0]

    page, head = run(job())
    assert page == Page(200, "text/html", PAGE)
    assert head.startswith(b"GET /a?b HTTP/1.1\r\nHost: page.example:") and b"uthorization" not in head


@pytest.mark.usefixtures("as_if_public")
@pytest.mark.parametrize("host", ["127.0.0.2", "[::1]", "localhost.localdomain", "10.0.0.1"])
def test_a_redirect_leads_nowhere_else(host: str) -> None:
    async def job() -> list[bytes]:
        async with serving(html, "127.0.0.2") as (inner, heads):
            redirect = f"302 Found\r\nLocation: http://{host}:{inner}/"
            async with serving(lambda path: (redirect, b"")) as (port, _):
                with pytest.raises((NotPublic, httpx.HTTPError)):
                    await public_web.get(f"http://page.example:{port}/", 1000, 5)
        return heads

    assert run(job()) == []


@pytest.mark.usefixtures("as_if_public")
@pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://page.example/", "http://[", "//", "http://\x7f/"])
def test_a_redirect_to_what_is_no_page(location: str) -> None:
    async def job() -> None:
        async with serving(lambda path: (f"302 Found\r\nLocation: {location}", b"")) as (port, _):
            card = await cards.card(f"http://page.example:{port}/x")
            assert card["external"]["title"] == f"page.example:{port}/x"

    run(job())


@pytest.mark.usefixtures("as_if_public")
def test_redirects_end_and_carry_no_cookie_on() -> None:
    async def job() -> list[bytes]:
        async with serving(lambda path: (f"302 Found\r\nSet-Cookie: a=b\r\nLocation: {path}x", b"")) as (port, heads):
            with pytest.raises(NotPublic):
                await public_web.get(f"http://page.example:{port}/", 1000, 5)
        return heads

    heads = run(job())
    assert len(heads) == 1 + public_web.MOST_REDIRECTS
    assert not any(b"ookie" in head for head in heads)


@pytest.mark.usefixtures("as_if_public")
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_a_page_is_cut_at_the_bound_after_it_is_unpacked(coding: str) -> None:
    body = PAGE + b" " * 50_000_000
    sent = gzip.compress(body, 1) if coding == "gzip" else body
    lines = f"200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {coding}"

    async def job() -> tuple[Page, dict[str, Any]]:
        async with serving(lambda path: (lines, sent)) as (port, _):
            link = f"http://page.example:{port}/"
            return await public_web.get(link, 100_000, 20), await cards.card(link)

    page, card = run(job())
    assert len(page.body) == 100_000
    assert card["external"]["title"] == "A page"


@pytest.mark.usefixtures("as_if_public")
def test_time_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "SECONDS", 0.5)

    async def job() -> None:
        server = await asyncio.start_server(lambda reader, writer: asyncio.sleep(60), "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            card = await cards.card(f"http://page.example:{port}/slow")
            assert card["external"]["title"] == f"page.example:{port}/slow"
            server.close()

    run(job())


@pytest.mark.usefixtures("as_if_public")
def test_the_certificate_must_be_the_hosts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=page.example"]
    command += ["-addext", "subjectAltName=DNS:page.example", "-keyout", str(key), "-out", str(certificate)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    trusted = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(public_web, "trust", lambda: trusted)

    async def job() -> None:
        async with serving(html, context=context) as (port, _):
            assert (await public_web.get(f"https://page.example:{port}/", 1000, 5)).body == PAGE
            with pytest.raises(httpx.ConnectError):
                await public_web.get(f"https://127.0.0.1:{port}/", 1000, 5)

    run(job())


@pytest.mark.usefixtures("as_if_public")
def test_behind_a_proxy_no_page_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def job() -> list[bytes]:
        async with serving(html) as (port, heads):
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
            card = await cards.card("http://page.example/x")
            assert card["external"]["title"] == "page.example/x"
        return heads

    assert run(job()) == []


@pytest.mark.parametrize(
    ("kind", "encoding"),
    [
        ("text/html", "utf-8"),
        ("text/html; charset=ISO-8859-1", "iso8859-1"),
        ('text/html; charset="windows-1252"', "cp1252"),
        ("text/html; charset=Shift_JIS", "shift_jis"),
        ("text/html; charset=punycode", "utf-8"),
        ("text/html; charset=zlib", "utf-8"),
        ("text/html; charset=idna", "utf-8"),
        ("text/html; charset=nowhere", "utf-8"),
    ],
)
def test_the_encodings_are_those_of_texts(kind: str, encoding: str) -> None:
    assert cards._encoding(kind) == encoding
