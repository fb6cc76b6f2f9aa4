"""Headers with values that no date, number or address has: an error of the network, never a fault of ours."""

from __future__ import annotations

import asyncio

import pytest

from commtui.networks.base import Malformed, NetworkError, RateLimited
from commtui.networks.gates import LONGEST_WAIT, seconds_until, server_time
from commtui.networks.http import Http
from tests.clock import START, FakeClock

DATES = (
    "Mon, 01 Jan 99999999999 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 -9999",
    "Mon, 01 Jan 0001 00:00:00 +9999",
    "Mon, 01 Jan 2026 00:00:00 +99999999999",
    "9999-12-31T23:59:59+14:00",
    "0001-01-01T00:00:00-14:00",
    "1e400",
    "9" * 5000,
    "",
)
ADDRESSES = ("http://x:99999999/", "http://[::1", "//\x7f", "http://exa mple/", "javascript:alert(1)", "file:///x", "")


@pytest.mark.parametrize("text", DATES, ids=lambda text: text[:30])
def test_a_time_that_is_none_is_not_read(text: str) -> None:
    server_time({"date": text})
    wait = seconds_until(text, START)
    assert wait is None or isinstance(wait, float)


def get(head: str, status: int) -> None:
    """GETs an answer with these header lines from a real server."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        lines = f"HTTP/1.1 {status} X\r\n{head}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
        writer.write(lines.encode("latin-1"))
        await writer.drain()
        writer.close()

    async def job() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        http = Http(address, FakeClock(), insecure_http=True)
        try:
            await http.get("/api/v1/x")
        finally:
            await http.aclose()
            server.close()

    asyncio.run(job())


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_redirect_to_what_is_no_address_is_an_error_of_the_network(address: str) -> None:
    with pytest.raises(NetworkError):
        get(f"Location: {address}", 302)


def test_a_redirect_to_an_impossible_port_is_malformed() -> None:
    with pytest.raises(Malformed):
        get("Location: http://x:99999999/", 302)


@pytest.mark.parametrize("name", ["Date", "Retry-After", "X-RateLimit-Reset"])
@pytest.mark.parametrize("text", DATES, ids=lambda text: text[:30])
def test_a_limit_with_odd_times_is_a_limit_with_a_bounded_wait(name: str, text: str) -> None:
    with pytest.raises(RateLimited) as limited:
        get(f"{name}: {text}", 429)
    assert 0 < limited.value.retry_after <= LONGEST_WAIT
