"""Links of HTML as text: whole addresses, mentions with their host, tags as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

from msgspec import Struct

_LINK: Final = re.compile(r"(?i)(?:https?|mailto|xmpp|gemini|gopher|ipfs|ipns|dat|ssb|matrix|magnet|tel):")


class Links(Struct, frozen=True):
    """What is needed to write links: the names of mentions by their href, and the host of our server."""

    mentions: Mapping[str, str]
    server: str

    def shown(self, text: str, link: Mapping[str, str]) -> str:
        """What stands for a link of that text: its address, or `text (address)` where the text is another.

        `link`: the attributes. A mention has the name that `mentions` gives, or the host of its href.
        """
        href, classes = link.get("href", "").strip(), link.get("class", "").lower().split()
        if text.startswith("#") and ("hashtag" in classes or "tag" in link.get("rel", "").lower().split()):
            return text
        if text.startswith("@") and ("mention" in classes or href in self.mentions):
            return self._mention(href, text)
        href = f"https:{href}" if href.startswith("//") else href
        if not _LINK.match(href):
            return text
        begin = text.removesuffix("…").removesuffix("...")
        whole = href.removeprefix("mailto:")
        if begin in whole or begin in unquote(whole):
            return whole
        return f"{text} ({whole})"

    def _mention(self, href: str, text: str) -> str:
        if href in self.mentions:
            return "@" + self.mentions[href].removeprefix("@")
        try:
            host = (urlsplit(href).hostname or "").lower()
        except ValueError:  # such as an unclosed [ of an IPv6 address
            host = ""
        return f"{text}@{host}" if host and host != self.server and "@" not in text[1:] else text
