"""The HTML of a status as plain text: links whole, mentions with their host; quotes, lists and tables as typed text.

The result is plain but not yet cleaned (model/text.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote, urlsplit

from commtui.networks.html_tokens import TOKEN, attributes_of, number, plain

DEEPEST: Final = 8
"""Levels of quotes and lists that are shown; deeper ones look like this one, so that output stays linear."""

_WHITE: Final = re.compile(r"[ \t\n\r\f]+")
_LINK: Final = re.compile(r"(?i)(?:https?|mailto|xmpp|gemini|gopher|ipfs|ipns|dat|ssb|matrix|magnet|tel):")

_APART: Final = "p blockquote pre ul ol dl h1 h2 h3 h4 h5 h6 table hr"
_LINES: Final = "div li dt dd tr section article header footer figure figcaption details summary"
_GAPS: Final = {
    **dict.fromkeys(_APART.split(), 2),
    **dict.fromkeys(_LINES.split(), 1),
}
"""Line ends that a block wants around it: 2 is a blank line."""

_STRUCK: Final = frozenset(("del", "s", "strike"))
_RAISED: Final = {"sup": "^", "sub": "_"}

_NO_MENTIONS: Final[Mapping[str, str]] = MappingProxyType({})


def to_text(html: str, mentions: Mapping[str, str] = _NO_MENTIONS, server: str = "") -> str:
    """`html` as plain text, in time and size linear in its own.

    `mentions` gives the name (`brand` or `brand@host`, Mastodon's `acct`) for the href of a mention (its `url`). One
    that is not there gets the href's host, unless that is `server`, our own. A link whose text isn't its address is
    `text (address)`.
    """
    writer = _Writer(mentions, server.lower())
    for token in TOKEN.finditer(html):
        if (text := token["text"]) is not None:
            writer.text(text)
        elif name := token["open"]:
            writer.open(name.lower(), token["attributes"])
        elif name := token["close"]:
            writer.close(name.lower())
    return writer.result()


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
        self.lists: list[int | None] = []  # None: bullets, n: the next number is n
        self.bullet = ""
        self.struck = 0  # levels of del and s
        self.cells = 0  # in this row of a table
        self.own_brackets = True  # a ruby without rp
        self.math: int | None = None  # where the output of a formula begins
        self.math_spaced = True
        self.tex: list[str] | None = None  # the formula's source in TeX, while it is read
        self.muted = False  # the rest of a formula whose text is written
        self.link: dict[str, str] | None = None
        self.link_text: list[str] = []

    def open(self, name: str, attributes: str) -> None:
        if name == "a":
            self.end_link()
            self.link = attributes_of(attributes)
        elif name == "img":
            self.put(attributes_of(attributes).get("alt", ""))
        elif name == "br":
            self.line_end()
        elif name in _GAPS:
            self.block(name)
            if name == "blockquote":
                self.quotes += 1
            elif name == "pre":
                self.pre += 1
            elif name == "ul":
                self.lists.append(None)
            elif name == "ol":
                start = number(attributes_of(attributes).get("start", ""))
                self.lists.append(1 if start is None else start)
            elif name == "hr":
                self.put("---")
                self.block(name)
            elif name == "li":
                self.bullet = self.next_bullet(number(attributes_of(attributes).get("value", "")))
            elif name == "tr":
                self.cells = 0
        else:
            self.open_inline(name, attributes)

    def open_inline(self, name: str, attributes: str) -> None:
        """Marks that keep the meaning: what is struck out or raised, cells of a table, readings, formulas."""
        if name in _STRUCK:
            self.struck += 1
            if self.struck == 1:
                self.mark("~~")
        elif name in _RAISED:
            self.mark(_RAISED[name])
        elif name in ("td", "th"):
            if self.cells:
                self.mark(" | ")
            self.cells += 1
        elif name == "rp":
            self.own_brackets = False
        elif name == "rt" and self.own_brackets:
            self.mark("(")
        elif name == "math" and self.link is None:
            self.pay_gap()
            self.start_line()
            self.math, self.math_spaced = len(self.out), self.spaced
            self.formula(attributes_of(attributes).get("alttext", ""))
        elif name == "annotation" and self.math is not None and not self.muted:
            self.tex = [] if "tex" in attributes_of(attributes).get("encoding", "") else None

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
        elif name in _STRUCK and self.struck:
            self.struck -= 1
            if not self.struck:
                self.mark("~~")
        elif name == "rt" and self.own_brackets:
            self.mark(")")
        elif name == "ruby":
            self.own_brackets = True
        elif name == "math":
            self.end_formula()

    def formula(self, text: str) -> None:
        """Writes a formula's source in place of what there is of it, and leaves out the rest."""
        if text and self.math is not None:
            del self.out[self.math :]
            self.spaced = self.math_spaced
            self.put(text)
            self.muted = True

    def end_formula(self) -> None:
        if self.tex:
            self.formula("".join(self.tex).strip())
        self.math, self.muted, self.tex = None, False, None

    def text(self, raw: str) -> None:
        if self.muted:
            return
        if self.tex is not None:
            self.tex.append(plain(raw))
            return
        self.mark(plain(raw))

    def mark(self, text: str) -> None:
        if self.link is not None:
            self.link_text.append(text)
        else:
            self.put(text)

    def next_bullet(self, value: int | None) -> str:
        if not self.lists:
            return "- "
        count = self.lists[-1]
        if count is not None:
            count = count if value is None else value
            self.lists[-1] = count + 1
        return "  " * (min(len(self.lists), DEEPEST) - 1) + ("- " if count is None else f"{count}. ")

    def block(self, name: str) -> None:
        self.end_link()
        self.end_formula()
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
        struck = len(inner) > 4 and inner.startswith("~~") and inner.endswith("~~")
        inner = inner[2:-2] if struck else inner
        if text[:1] in " \t\n\r\f":
            self.put(" ")
        shown = self.linked(link.get("href", "").strip(), inner, link)
        self.put(f"~~{shown}~~" if struck else shown)
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
        self.end_formula()
        if self.struck:
            self.mark("~~")
        return "\n".join(line.rstrip() for line in "".join(self.out).split("\n")).strip("\n")
