"""How servers change the texts that they are given: each of these was met on a server that people use."""

from __future__ import annotations

import html
import re
from collections.abc import Collection

from tests.servers.quirks.things import render

_PICTURES = {":smile:": "\U0001f604", ":heart:": "\u2764\ufe0f", ":coffee:": "\u2615"}
_SMILEYS = {">:(": "\U0001f620", ":)": "\U0001f642", ":(": "\U0001f641", ";)": "\U0001f609", "<3": "\u2764\ufe0f"}
_TAGS = "b|i|u|s|em|strong|br|code|del|sup|a|p|blockquote"
_MARKDOWN = (
    (r"&lt;!--.*?--&gt;", ""),
    (r"!\[([^\]]*)\]\(([^)\s]*)\)", r'<img alt="\1" src="\2">'),
    (r"\[\^(\w+)\]", r'<sup><a href="#fn-\1">\1</a></sup>'),
    (r"\[([^\]]*)\]\(([^)\s]*)\)", r'<a href="\2">\1</a>'),
    (r"\*\*(\S(?:.*?\S)?)\*\*", r"<strong>\1</strong>"),
    (r"(?<!\w)_(\S(?:.*?\S)?)_(?!\w)", r"<em>\1</em>"),
    (r"`([^`]+)`", r"<code>\1</code>"),
    (r"<p>#+ ([^<]*)", r"<p><strong>\1</strong>"),
    (r"<p>&gt; ([^<]*)", r"<p><q>\1</q>"),
)


def rewritten(text: str, ways: Collection[str]) -> str:
    """The text that the server keeps: changed before it is made HTML."""
    if "strips" in ways:
        text = re.sub(r"<[^<>]*>", "", text)
    if "shortcodes" in ways:
        text = _replaced(text, _PICTURES)
    if "smileys" in ways:
        text = _replaced(text, _SMILEYS)
    if "typography" in ways:
        text = re.sub(r'"([^"]*)"', "\u201c\\1\u201d", text).replace("'", "\u2019")
        text = text.replace("...", "\u2026").replace("--", "\u2014")
    if "appends" in ways:
        text += "\n\nRE: https://elsewhere.example/notes/1"
    return text


def _replaced(text: str, table: dict[str, str]) -> str:
    for old, new in table.items():
        text = text.replace(old, new)
    return text


def content(text: str, ways: Collection[str], cards: bool, host: str) -> str:
    """The HTML that the server makes of a text that came through the interface."""
    made = render(rewritten(text, ways), cards, host)
    if "renders" in ways:
        made = re.sub(rf"&lt;(/?(?:{_TAGS})\b[^&]*?)&gt;", r"<\1>", made)
        made = re.sub(r"&lt;!--.*?--&gt;", lambda found: html.unescape(found[0]), made)
    if "markdown" in ways:
        for pattern, by in _MARKDOWN:
            made = re.sub(pattern, by, made)
    if "entities" in ways:
        made = re.sub(r"&amp;(#?\w+;)", r"&\1", made)
    if "www" in ways:
        made = re.sub(r"(?<![\w/.@])(www\.[\w-]+\.[\w./-]+\w)", r'<a href="http://\1">\1</a>', made)
    return made
