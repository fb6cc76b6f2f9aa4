"""The card of a link: its page's title and description, fetched when the text goes out.

The page is anybody's: it is read up to a bound and within seconds, without cookies or tokens, and whatever is wrong
with it leaves the card with the bare address.
"""

from __future__ import annotations

import asyncio
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlsplit

from commtui.model.text import message_line
from commtui.networks import http

MOST_BYTES: Final = 256 * 1024
SECONDS: Final = 5.0
TITLE: Final = 300
DESCRIPTION: Final = 1000


class _Head(HTMLParser):
    """The title and the `og:` and `description` meta elements of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.properties: dict[str, str] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title" and "title" not in self.properties
        if tag == "meta":
            attributes = {name: value or "" for name, value in attrs}
            name = (attributes.get("property") or attributes.get("name") or "").lower()
            if name and attributes.get("content"):
                self.properties.setdefault(name, attributes["content"])

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.properties["title"] = self.properties.get("title", "") + data


def read(page: str) -> tuple[str, str]:
    """(title, description) of an HTML page; empty where it has none."""
    head = _Head()
    head.feed(page)
    properties = head.properties
    title = properties.get("og:title") or properties.get("twitter:title") or properties.get("title", "")
    description = properties.get("og:description") or properties.get("description", "")
    return message_line(title, TITLE), message_line(description, DESCRIPTION)


async def card(link: str) -> dict[str, Any]:
    """The embed for a link. Never raises: without its page, the title is the address."""
    title, description = "", ""
    try:
        async with asyncio.timeout(SECONDS):
            title, description = read(await _page(link))
    except Exception:  # noqa: BLE001, S110 - a foreign page: nothing in it may keep the text from going out
        pass
    parts = urlsplit(link)
    external = {"uri": link, "title": title or f"{parts.netloc}{parts.path}".rstrip("/"), "description": description}
    return {"$type": "app.bsky.embed.external", "external": external}


async def _page(link: str) -> str:
    import httpx

    headers = {"User-Agent": http.USER_AGENT, "Accept": "text/html", "Accept-Encoding": http.ACCEPTED}
    async with (
        httpx.AsyncClient(headers=headers, timeout=SECONDS, verify=http.trust(), follow_redirects=True) as client,
        client.stream("GET", link) as response,
    ):
        if response.status_code != 200 or "html" not in response.headers.get("content-type", ""):
            return ""
        try:
            data = await http.read_body(response, MOST_BYTES)
        except http.TooLong as error:
            data = error.begun
        return data.decode(response.encoding or "utf-8", "replace")
