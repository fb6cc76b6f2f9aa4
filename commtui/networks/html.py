"""The HTML of a status as plain text: links whole, mentions with their host, quotes and lists as people type them.

A tokenizer of our own, since html.parser needs quadratic time for some garbage: every pattern here consumes what it
looked at, nothing recurses, and what is no tag is text. The result is plain but not yet gated (model/text.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote, urlsplit

DEEPEST: Final = 8
"""Levels of quotes and lists that are shown; deeper ones look like this one, so that output stays linear."""

_TOKEN: Final = re.compile(
    r"(?is)<!--.*?(?:-->|\Z)"
    r"|<(script|style|title|iframe)(?=[\s/>]).*?(?:</\1[^>]*+(?:>|\Z)|\Z)"
    r"|<[!?][^<>]*+>"
    r"|</(?P<close>[a-z][^\s/<>]*+)[^<>]*+>"
    r"""|<(?P<open>[a-z][^\s/<>]*+)(?P<attributes>(?:[^<>=]++|=\s*+(?:"[^"<]*+"|'[^'<]*+')?+)*+)>"""
    r"|(?P<text>[^<]++|<)"
)
_ATTRIBUTE: Final = re.compile(r"""(?<![^\s=/"'])([^\s=/"']++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"']*+))""")
_WHITE: Final = re.compile(r"[ \t\n\r\f]+")
_HUGE_REFERENCE: Final = re.compile(r"(?i)&#(?:\d{8,}|x[0-9a-f]{8,});?")  # int() refuses the longest
_LINK: Final = re.compile(r"(?i)(?:https?|mailto|xmpp|gemini|gopher|ipfs|ipns|dat|ssb|matrix|magnet|tel):")

_APART: Final = "p blockquote pre ul ol dl h1 h2 h3 h4 h5 h6 table hr"
_LINES: Final = "div li dt dd tr section article header footer figure figcaption details summary"
_GAPS: Final = {
    **dict.fromkeys(_APART.split(), 2),
    **dict.fromkeys(_LINES.split(), 1),
}
"""Line ends that a block wants around it: 2 is a blank line."""

_NO_MENTIONS: Final[Mapping[str, str]] = MappingProxyType({})


def to_text(html: str, mentions: Mapping[str, str] = _NO_MENTIONS, server: str = "") -> str:
    """`html` as plain text, in time and size linear in its own.

    `mentions` gives the name (`brand` or `brand@host`, Mastodon's `acct`) for the href of a mention (its `url`). One
    that is not there gets the href's host, unless that is `server`, our own. A link whose text isn't its address is
    `text (address)`.
    """
    writer = _Writer(mentions, server.lower())
    for token in _TOKEN.finditer(html):
        if (text := token["text"]) is not None:
            writer.text(text)
        elif name := token["open"]:
            writer.open(name.lower(), token["attributes"])
        elif name := token["close"]:
            writer.close(name.lower())
    return writer.result()


def _plain(text: str) -> str:
    return unescape(_HUGE_REFERENCE.sub("\ufffd", text)) if "&" in text else text


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), _plain(double or single or bare))
    return found


class _Writer:
    """Gathers the text; `gap` line ends are owed before the next of it."""

    def __init__(self, mentions: Mapping[str, str], server: str) -> None:
        self.mentions = mentions
        self.server = server
        self.out: list[str] = []
        self.gap = 0
        self.gap_quotes = 0  # the least depth of quotes while the gap was made
        self.fresh = True  # nothing on this line yet
        self.spaced = True  # white space would be the second
        self.quotes = 0
        self.pre = 0
        self.lists: list[int] = []  # 0: bullets, n: the next number is n
        self.bullet = ""
        self.link: dict[str, str] | None = None
        self.link_text: list[str] = []

    def open(self, name: str, attributes: str) -> None:
        if name == "a":
            self.end_link()
            self.link = _attributes(attributes)
        elif name == "img":
            self.put(_attributes(attributes).get("alt", ""))
        elif name == "br":
            self.line_end()
        elif name in _GAPS:
            self.block(name)
            if name == "blockquote":
                self.quotes += 1
            elif name == "pre":
                self.pre += 1
            elif name in ("ul", "ol"):
                self.lists.append(int(name == "ol"))
            elif name == "hr":
                self.put("---")
                self.block(name)
            elif name == "li":
                self.bullet = self.next_bullet()

    def close(self, name: str) -> None:
        if name == "a":
            self.end_link()
        elif name == "br":
            self.line_end()
        elif name in _GAPS:
            self.block(name)
            if name == "blockquote":
                self.quotes = max(self.quotes - 1, 0)
            elif name == "pre":
                self.pre = max(self.pre - 1, 0)
            elif name in ("ul", "ol") and self.lists:
                self.lists.pop()

    def text(self, raw: str) -> None:
        text = _plain(raw)
        if self.link is not None:
            self.link_text.append(text)
        else:
            self.put(text)

    def next_bullet(self) -> str:
        if not self.lists:
            return "- "
        number = self.lists[-1]
        if number:
            self.lists[-1] += 1
        return "  " * (min(len(self.lists), DEEPEST) - 1) + (f"{number}. " if number else "- ")

    def block(self, name: str) -> None:
        self.end_link()
        self.gap_quotes = min(self.gap_quotes, self.quotes) if self.gap else self.quotes
        self.gap = max(self.gap, 1 if self.lists else _GAPS[name])

    def line_end(self) -> None:
        if self.link is not None:
            self.link_text.append(" ")
            return
        self.pay_gap()
        self.start_line()
        self.out.append("\n")
        self.fresh = self.spaced = True

    def pay_gap(self) -> None:
        if self.gap and self.out:
            if not self.fresh:
                self.out.append("\n")
            if self.gap == 2:
                self.out.append("> " * min(self.gap_quotes, self.quotes, DEEPEST) + "\n")
            self.fresh = self.spaced = True
        self.gap = 0

    def start_line(self) -> None:
        if self.fresh:
            self.out.append("> " * min(self.quotes, DEEPEST) + self.bullet)
            self.bullet = ""
            self.fresh = False

    def put(self, text: str) -> None:
        if self.pre:
            for index, line in enumerate(text.split("\n")):
                if index:
                    self.line_end()
                if line:
                    self.write(line)
            return
        text = _WHITE.sub(" ", text)
        if self.spaced or self.gap:
            text = text.removeprefix(" ")
        if text:
            self.write(text)

    def write(self, text: str) -> None:
        self.pay_gap()
        self.start_line()
        self.out.append(text)
        self.spaced = text.endswith(" ")

    def end_link(self) -> None:
        if self.link is None:
            return
        link, text = self.link, "".join(self.link_text)
        self.link, self.link_text = None, []
        inner = _WHITE.sub(" ", text).strip(" ")
        if text[:1] in " \t\n\r\f":
            self.put(" ")
        self.put(self.linked(link.get("href", "").strip(), inner, link))
        if inner and text[-1:] in " \t\n\r\f":
            self.put(" ")

    def linked(self, href: str, text: str, link: dict[str, str]) -> str:
        classes = link.get("class", "").lower().split()
        if text.startswith("#") and ("hashtag" in classes or "tag" in link.get("rel", "").lower().split()):
            return text
        if text.startswith("@") and ("mention" in classes or href in self.mentions):
            return self.mention(href, text)
        if not _LINK.match(href):
            return text
        shown = text.removesuffix("…").removesuffix("...")
        whole = href.removeprefix("mailto:")
        if shown in whole or shown in unquote(whole):
            return whole
        return f"{text} ({whole})"

    def mention(self, href: str, text: str) -> str:
        if href in self.mentions:
            return "@" + self.mentions[href].removeprefix("@")
        try:
            host = (urlsplit(href).hostname or "").lower()
        except ValueError:  # such as an unclosed [ of an IPv6 address
            host = ""
        return f"{text}@{host}" if host and host != self.server and "@" not in text[1:] else text

    def result(self) -> str:
        self.end_link()
        return "\n".join(line.rstrip() for line in "".join(self.out).split("\n")).strip("\n")
