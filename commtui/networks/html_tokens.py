"""Tags, texts and attributes of HTML.

A tokenizer of our own, since html.parser needs quadratic time for some garbage: every pattern here consumes what it
looked at, nothing recurses, and what is no tag is text.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

TOKEN: Final = re.compile(
    r"(?is)<!--.*?(?:-->|\Z)"
    r"|<(script|style|title|iframe)(?=[\s/>]).*?(?:</\1[^>]*+(?:>|\Z)|\Z)"
    r"|<[!?][^<>]*+>"
    r"|</(?P<close>[a-z][^\s/<>]*+)[^<>]*+>"
    r"""|<(?P<open>[a-z][^\s/<>]*+)(?P<attributes>(?:[^<>=]++|=\s*+(?:"[^"<]*+"|'[^'<]*+')?+)*+)>"""
    r"|(?P<text>[^<]++|<)"
)
_APART: Final = "p blockquote pre ul ol dl h1 h2 h3 h4 h5 h6 table hr"
_LINES: Final = "div li dt dd tr section article header footer figure figcaption details summary"
GAPS: Final = {
    **dict.fromkeys(_APART.split(), 2),
    **dict.fromkeys(_LINES.split(), 1),
}
"""Line ends that a block wants around it: 2 is a blank line."""
_ATTRIBUTE: Final = re.compile(r"""(?<![^\s=/"'])([^\s=/"']++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"']*+)))?+""")
_HUGE_REFERENCE: Final = re.compile(r"(?i)&#(?:\d{8,}|x[0-9a-f]{8,});?")  # int() refuses the longest


def plain(text: str) -> str:
    """`text` without character references."""
    return unescape(_HUGE_REFERENCE.sub("\ufffd", text)) if "&" in text else text


def number(text: str) -> int | None:
    """A whole number of at most nine digits; None: the text is none."""
    return int(text) if re.fullmatch(r"(?a)\s*-?\d{1,9}\s*", text) else None


def attributes_of(text: str) -> dict[str, str]:
    """The attributes of a tag, names in lower case; one without a value is empty."""
    attributes: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        attributes.setdefault(name.lower(), plain(double or single or bare))
    return attributes
