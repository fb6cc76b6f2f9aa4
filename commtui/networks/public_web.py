"""Pages and files of the public web, for links that anybody may have written.

A page never comes from this machine or from the networks around it: its host is resolved here, every address is looked
at, and the connection goes to an address that was looked at; at each redirect anew. No cookie, no token, no proxy.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Final, NamedTuple

import httpx

from commtui.model.servers import is_public
from commtui.networks.decoding import ACCEPTED, TooLong, read_body
from commtui.networks.http import USER_AGENT, trust

REDIRECTS: Final = (301, 302, 303, 307, 308)
MOST_REDIRECTS: Final = 3
MOST_ADDRESSES: Final = 2
"""How many addresses of a host are tried."""


class NotPublic(Exception):
    """A host that is not on the public web, or that can't be asked without a proxy."""


class Page(NamedTuple):
    """What came, cut off at the bound."""

    status: int
    kind: str
    """The content type, as the server gave it."""
    body: bytes


async def get(link: str, most: int, seconds: float, accept: str = "text/html") -> Page:
    """The first `most` bytes of a page of the `accept`ed types, within `seconds`. Raises NotPublic, TimeoutError,
    Malformed, httpx's errors."""
    if _has_proxy():
        raise NotPublic("a proxy would resolve the name by itself")
    async with asyncio.timeout(seconds):
        url = httpx.URL(link)
        for _ in range(MOST_REDIRECTS + 1):
            response, page = await _ask(url, most, seconds, accept)
            if response.status_code not in REDIRECTS or "location" not in response.headers:
                return page
            url = url.join(response.headers["location"])
    raise NotPublic("it goes round in redirects")


async def _ask(url: httpx.URL, most: int, seconds: float, accept: str) -> tuple[httpx.Response, Page]:
    """The answer of one host, by one of its addresses."""
    if url.scheme not in ("http", "https"):
        raise NotPublic(f"no web address: {url.scheme}")
    host = url.raw_host.decode("ascii")
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    trouble: Exception | None = None
    for address in await public_addresses(host, port):
        try:
            return await _by(address, url, host, most, seconds, accept)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            trouble = error
    raise trouble or NotPublic(f"{host} has no address")


async def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of a host, a few. Raises NotPublic if one of them is not public, or is this machine's own."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotPublic(f"{host} has no address") from error
    addresses = list(dict.fromkeys(str(place[4][0]) for place in found))
    for address in addresses:
        if not is_public(address) or _is_own(address, port):
            raise NotPublic(f"{host} is not on the public web")
    return addresses[:MOST_ADDRESSES]


def _is_own(address: str, port: int) -> bool:
    """Whether an address belongs to this machine: then it is the one from which it would be reached. Sends nothing."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, port))
            return str(probe.getsockname()[0]) == address
    except OSError:  # no way there: the request will say so
        return False


async def _by(
    address: str, url: httpx.URL, host: str, most: int, seconds: float, accept: str
) -> tuple[httpx.Response, Page]:
    bare = httpx.URL(scheme=url.scheme, host=address, port=url.port, raw_path=url.raw_path)
    headers = {
        "Host": url.netloc.decode("ascii"),
        "User-Agent": USER_AGENT,
        "Accept": accept,
        "Accept-Encoding": ACCEPTED,
    }
    # the certificate must be the host's; one client for each request: no cookie goes on to the next
    extensions = {"sni_hostname": host} if host.strip("[]") != address else {}
    async with (
        httpx.AsyncClient(timeout=seconds, verify=trust(), trust_env=False) as client,
        client.stream("GET", bare, headers=headers, extensions=extensions) as response,
    ):
        try:
            body = await read_body(response, most)
        except TooLong as error:
            body = error.begun[:most]
        return response, Page(response.status_code, response.headers.get("content-type", ""), body)


def _has_proxy() -> bool:
    from urllib.request import getproxies

    return any(kind in ("http", "https", "all", "socks") for kind in getproxies())
