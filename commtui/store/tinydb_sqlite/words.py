"""The full-text index: which terms a document is found by, and which terms a word asks for.

SQLite's trigram tokenizer cannot find words of one or two letters, nor pairs of Chinese characters. Here each word
gives the three letters that begin at each of its letters, fewer at its end: `order` gives ord rde der er r. Three
letters and more ask for all of their trigrams, two for every term that begins with them: FTS5 indexes these, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_SEPARATORS = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum() and not chr(code).isspace()}
"""FTS5's tokenizer `ascii` would split terms at these."""


def terms_of(document: Mapping[str, Any], fields: Sequence[str]) -> str:
    """Returns the terms of some fields (texts and lists of texts), as FTS5 takes them."""
    texts = texts_of(document, fields)
    return " ".join({word[at : at + 3]: None for text in texts for word in _words(text) for at in range(len(word))})


def texts_of(document: Mapping[str, Any], fields: Sequence[str]) -> list[str]:
    """Returns the texts of some fields."""
    texts: list[str] = []
    for field in fields:
        value = document.get(field)
        texts += [value] if isinstance(value, str) else map(str, value) if isinstance(value, list) else ()
    return texts


def match_of(word: str) -> str:
    """Returns the FTS5 query for a casefolded word; empty if the index cannot answer: nothing, or one ASCII letter."""
    asked: list[str] = []
    for part in _words(word):
        asked += [f'"{part}"*'] if len(part) < 3 else [f'"{part[at : at + 3]}"' for at in range(len(part) - 2)]
    if len(asked) == 1 and len(word) == 1 and word.isascii():
        return ""
    return " AND ".join(dict.fromkeys(asked))


def _words(text: str) -> list[str]:
    return text.casefold().encode("utf-8", "replace").decode().translate(_SEPARATORS).split()
