"""The HTML of a status as plain text: links whole, mentions with their host; quotes, lists and tables as typed text.

The result is plain but not yet cleaned (model/text.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commtui.networks.html_links import Links
from commtui.networks.html_lists import List, list_of
from commtui.networks.html_math import Formula
from commtui.networks.html_tokens import GAPS, TOKEN, attributes_of, plain

DEEPEST: Final = 8
"""Levels of quotes and lists that are shown; deeper ones look like this one, so that output stays linear."""

_WHITE: Final = re.compile(r"[ \t\n\r\f]+")

_STRUCK: Final = frozenset(("del", "s", "strike"))
_RAISED: Final = {"sup": "^", "sub": "_"}
_TERM: Final = re.compile(r"[-+]?[^\s()+*/=,^_-]*|\(.*\)|\[.*\]", re.DOTALL)
"""What needs no brackets when it is raised or lowered."""

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
        self.links = Links(mentions, server)
        self.out: list[str] = []
        self.gap = 0
        self.gap_quotes = 0  # the least depth of quotes while the gap was made
        self.fresh = True  # nothing on this line yet
        self.spaced = True  # white space would be the second
        self.quotes = 0
        self.pre = 0
        self.lists: list[List] = []
        self.bullet = ""
        self.struck = 0  # levels of del and s
        self.striking = False  # the mark of what is struck out is open
        self.struck_in_link = 0
        self.cells = 0  # in this row of a table
        self.in_cell = False
        self.own_brackets = True  # a ruby without rp
        self.raised: list[tuple[list[str], int]] = []  # where the mark of each sup and sub stands
        self.quoted = 0  # levels of q
        self.math: Formula | None = None
        self.link: dict[str, str] | None = None
        self.link_text: list[str] = []

    def open(self, name: str, attributes: str) -> None:
        if self.math is not None and name not in GAPS:
            self.math.open(name, attributes_of(attributes).get("encoding", ""))
        elif name == "a":
            self.end_link()
            self.link = attributes_of(attributes)
        elif name == "img":
            self.put(attributes_of(attributes).get("alt", ""))
        elif name == "br":
            self.line_end()
        elif name in GAPS:
            self.block(name)
            if name == "blockquote":
                self.quotes += 1
            elif name == "pre":
                self.pre += 1
            elif name in ("ul", "ol"):
                self.lists.append(list_of(name, attributes_of(attributes)))
            elif name == "hr":
                self.put("---")
                self.block(name)
            elif name == "li":
                self.bullet = self.next_bullet(attributes_of(attributes).get("value", ""))
            elif name == "tr":
                self.cells = 0
        else:
            self.open_inline(name, attributes)

    def open_inline(self, name: str, attributes: str) -> None:
        """Marks that keep the meaning: what is struck out, raised or quoted, cells of a table, readings, formulas."""
        if name in _STRUCK:
            if self.link is not None:
                self.struck_in_link += 1
                self.link_text.append("~~")
            else:
                self.struck += 1
        elif name in _RAISED:
            self.mark(_RAISED[name])
            pieces = self.pieces()
            if len(self.raised) < DEEPEST:
                self.raised.append((pieces, len(pieces)))
        elif name == "q":
            self.quoted += 1
            self.mark("“")
        elif name in ("td", "th"):
            if self.cells:
                self.mark(" | ")
            self.cells += 1
            self.in_cell = True
        elif name == "input" and attributes_of(attributes).get("type", "").lower() == "checkbox":
            self.mark("[x] " if "checked" in attributes_of(attributes) else "[ ] ")
        elif name == "rp":
            self.own_brackets = False
        elif name == "rt" and self.own_brackets:
            self.mark("(")
        elif name == "math":
            self.math = Formula(attributes_of(attributes).get("alttext", ""))

    def close(self, name: str) -> None:
        if name == "math":
            self.end_formula()
        elif self.math is not None and name not in GAPS:
            self.math.close(name)
        elif name == "a":
            self.end_link()
        elif name == "br":
            self.line_end()
        elif name in GAPS:
            self.block(name)
            if name == "blockquote":
                self.quotes = max(self.quotes - 1, 0)
            elif name == "pre":
                self.pre = max(self.pre - 1, 0)
            elif name in ("ul", "ol") and self.lists:
                self.lists.pop()
        else:
            self.close_inline(name)

    def close_inline(self, name: str) -> None:
        if name in _STRUCK and self.struck_in_link:
            self.struck_in_link -= 1
            self.link_text.append("~~")
        elif name in _STRUCK and self.struck:
            self.struck -= 1
            if not self.struck:
                self.end_strike()
        elif name in _RAISED and self.raised:
            self.end_raised()
        elif name == "q" and self.quoted:
            self.quoted -= 1
            self.mark("”")
        elif name in ("td", "th", "tr"):
            self.in_cell = False
        elif name == "rt" and self.own_brackets:
            self.mark(")")
        elif name == "ruby":
            self.own_brackets = True

    def end_strike(self) -> None:
        """Ends what is struck out: at its closing tag, and at the end of each line of it."""
        if self.striking:
            self.out.append("~~")
            self.striking = False

    def end_raised(self) -> None:
        """Puts brackets around what is raised if it has several parts; a mark with nothing behind it goes."""
        pieces, place = self.raised.pop()
        if pieces is not self.pieces() or len(pieces) < place:
            return
        inner = "".join(pieces[place:])
        if not inner.strip():
            del pieces[place - 1 :]
        elif not _TERM.fullmatch(inner):
            pieces[place:] = [f"({inner})"]

    def end_formula(self) -> None:
        if self.math is not None:
            text, self.math = self.math.text(), None
            self.mark(text)

    def text(self, raw: str) -> None:
        if self.math is not None:
            self.math.said(plain(raw))
        else:
            self.mark(plain(raw))

    def pieces(self) -> list[str]:
        """Where the next text goes: into the link that is open, or into the result."""
        return self.out if self.link is None else self.link_text

    def mark(self, text: str) -> None:
        if self.link is not None:
            self.link_text.append(text)
        else:
            self.put(text)

    def next_bullet(self, value: str) -> str:
        if not self.lists:
            return "- "
        return "  " * (min(len(self.lists), DEEPEST) - 1) + self.lists[-1].label(value) + " "

    def block(self, name: str) -> None:
        self.end_formula()
        self.end_link()
        if name in ("table", "tr"):
            self.in_cell = False
        if self.in_cell:  # a cell stays on its line
            self.put(" ")
            return
        self.end_strike()
        self.gap_quotes = min(self.gap_quotes, self.quotes) if self.gap else self.quotes
        self.gap = max(self.gap, 1 if self.lists else GAPS[name])

    def line_end(self) -> None:
        if self.link is not None:
            self.link_text.append(" ")
            return
        if self.in_cell:
            self.put(" ")
            return
        self.end_strike()
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
        if self.struck and not self.striking and text.strip():
            self.out.append("~~")
            self.striking = True
        self.out.append(text)
        self.spaced = text.endswith(" ")

    def end_link(self) -> None:
        if self.link is None:
            return
        link, text = self.link, "".join(self.link_text)
        self.link, self.link_text, self.struck_in_link = None, [], 0
        inner = _WHITE.sub(" ", text).strip(" ")
        struck = len(inner) > 4 and inner.startswith("~~") and inner.endswith("~~")
        inner = inner[2:-2] if struck else inner
        if text[:1] in " \t\n\r\f":
            self.put(" ")
        shown = self.links.shown(inner, link)
        self.put(f"~~{shown}~~" if struck else shown)
        if inner and text[-1:] in " \t\n\r\f":
            self.put(" ")

    def result(self) -> str:
        self.end_formula()
        self.end_link()
        self.end_strike()
        self.out.append("”" * min(self.quoted, DEEPEST))
        return "\n".join(line.rstrip() for line in "".join(self.out).split("\n")).strip("\n")
