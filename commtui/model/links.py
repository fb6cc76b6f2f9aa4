"""Where the links of a text begin and end."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# A link ends at white space, at quotes, at a backtick or bar, and at the punctuation of scripts that may put no space
# there: Arabic, Indic, Ethiopic, Burmese, Khmer, East Asian. It begins after anything but a letter or digit of ASCII.
_LINK: Final = (
    r"(?<![A-Za-z0-9/@])https?://[^\s<>\"`|“”«»"
    "\u060c\u061b\u061f\u06d4\u0964\u0965\u104a\u104b\u1362-\u1368\u17d4-\u17da\u2026"
    "\u3001-\u3004\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+"
)
_TAIL: Final = ".,;:!?'*_~"
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}


def links(text: str) -> list[tuple[int, int]]:
    """(start, end) of each address with http(s)://, without the punctuation of the sentence around it.

    A closing bracket belongs to a link that opens it.
    """
    if "://" not in text:
        return []
    spans = []
    for match in re.finditer(_LINK, text, re.IGNORECASE):
        end = match.start() + _length(match[0])
        if text[match.start() : end].partition("://")[2]:
            spans.append((match.start(), end))
    return spans


def _length(address: str) -> int:
    """How much of `address` is the link; in time linear in it."""
    unopened = {mark: address.count(mark) - address.count(opening) for mark, opening in _BRACKETS.items()}
    end = len(address)
    while end:
        last = address[end - 1]
        if unopened.get(last, 0) > 0:
            unopened[last] -= 1
        elif not _ends_sentence(last):
            break
        end -= 1
    return end


def _ends_sentence(mark: str) -> bool:
    # Po, Pf, Pi, Pd: full stops, quotes and dashes of every script
    return mark in _TAIL or (not mark.isascii() and unicodedata.category(mark) in ("Po", "Pf", "Pi", "Pd"))
