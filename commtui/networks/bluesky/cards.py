"""The card of a link: its page's title and description, fetched when the text goes out.

The page is anybody's: it is read up to a bound and within seconds, from the public web only (networks/public_web.py),
and whatever is wrong with it leaves the card with the bare address.
"""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlsplit

from commtui.model.text import message_line
from commtui.networks import public_web

MOST_BYTES: Final = 256 * 1024
SECONDS: Final = 5.0
TITLE: Final = 300
DESCRIPTION: Final = 1000
ENCODINGS: Final = ("utf-8", "utf-16", "ascii", "iso8859", "cp125", "cp874", "koi8", "shift_jis", "euc", "gb", "big5")
"""Beginnings of Python's names for them. Others, such as punycode, take quadratic time or are no encodings of texts."""


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
        title, description = read(await _page(link))
    except Exception:  # noqa: BLE001, S110 - a foreign page: nothing in it may keep the text from going out
        pass
    parts = urlsplit(link)
    external = {"uri": link, "title": title or f"{parts.netloc}{parts.path}".rstrip("/"), "description": description}
    return {"$type": "app.bsky.embed.external", "external": external}


async def _page(link: str) -> str:
    """The text of an HTML page; empty for anything else. Raises as `public_web.get`."""
    page = await public_web.get(link, MOST_BYTES, SECONDS)
    if page.status != 200 or "html" not in page.kind:
        return ""
    return page.body.decode(_encoding(page.kind), "replace")


def _encoding(kind: str) -> str:
    """The encoding that a content type names, where it is one of texts on the web; else UTF-8."""
    name = re.search(r"(?i)charset=[\"']?([\w-]+)", kind)
    try:
        known = codecs.lookup(name[1]).name if name else "utf-8"
    except LookupError:
        return "utf-8"
    return known if known.startswith(ENCODINGS) else "utf-8"
