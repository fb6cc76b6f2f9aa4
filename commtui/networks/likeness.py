"""Whether two texts are one, the second as a server changed it: links, entities, emoji, markup, handles, blanks, case.

A text is reduced to its letters and digits, in each form that a server may have made of it. Two texts are the same
where one of them as it is has a form of the other. Letters, digits and their order always count: `10 EUR` is not
`100 EUR`.
"""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import unquote

Change = Callable[[str], Iterable[str]]
MOST: Final = 20_000
"""Characters that are compared: more than any server lets a post have."""
MOST_FORMS: Final = 128
LISTED: Final = 2
"""So many lines with numbers are a list, which servers number anew."""
MOST_UNESCAPES: Final = 3
"""A server may escape what it was given escaped."""

_COMMENT = re.compile("<!--"), re.compile("-->")
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE), re.compile(r"</script\s*>", re.IGNORECASE)
_STYLE = re.compile(r"<style\b", re.IGNORECASE), re.compile(r"</style\s*>", re.IGNORECASE)
"""Where that begins and ends of which browsers show nothing."""
_TAG = re.compile(r"</?(?!(?:https?|mailto|ftp):)[a-zA-Z][^<>]*>")
_ANGLED = re.compile(r"<[^<>]*>|<[a-zA-Z][^<>]*\Z")
"""What careless removal of tags takes."""
_BLOCK = re.compile(r"\[/?[a-zA-Z]+(?:=[^\[\]]*)?\]|\$\[[\w.=,]+ ")
"""BBCode, and the functions of Misskey's markup."""
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\(([^()\s]*)(?:\s[^()]*)?\)")
_LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\(([^()\s]*)(?:\s[^()]*)?\)")
_BBCODE_LINK = re.compile(r"\[url=([^\[\]\s]*)\]", re.IGNORECASE), re.compile(r"\[/url\]", re.IGNORECASE)
_TRACKER = re.compile(r"[?&](?:utm_\w+|fbclid|gclid|igshid|mc_[ce]id|yclid|msclkid)=[^&\s#]*", re.IGNORECASE)
"""Parameters of links that servers take away."""
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[\w+#.-]*[ \t]*$", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^[\w-]+\]:?")
_NUMBER_OF_LINE = re.compile(r"^[ \t]*\d+[.)][ \t]", re.MULTILINE)
_SCHEME = re.compile(r"\b(?:https?://)?(?:www\.)|\b(?:https?|ftp)://", re.IGNORECASE)
_ENCODED_HOST = re.compile(r"\bxn--[a-z0-9-]+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w/])@([\w.-]*\w)(?:@[\w.-]*\w(?::\d+)?)?")
_LEADING_HANDLES = re.compile(r"^\s*(?:@[\w.-]*\w(?:@[\w.-]*\w(?::\d+)?)?[\s,:]+)+")
_SHORTCODE = re.compile(r":(?=[\w+-]*[a-z])[\w+-]{1,64}:|:[+-]1:", re.IGNORECASE)
_SMILEY = re.compile(
    r"</?3+|\((?:c|r|tm|p)\)"
    r"|(?<!\S)(?:>?[:;=]['’]?[-o^]?[a-z0-9]{1,2}|[8bx][-']?[)(dp]|[o0]_[o0]|\\?o/|d:)(?=\s|$|[^\w/])",
    re.IGNORECASE,
)
"""Those with a letter or a digit in them."""
_SYMBOL = re.compile("[0-9#*]\ufe0f?\u20e3|[\u00a9\u00ae\u2120\u2122\u2139\u24c2\u3297\u3299\U0001f100-\U0001f2ff]")
"""Emoji of which compatibility forms would be letters or digits."""
_SIGNS = str.maketrans({"\u00d7": "x", "\u0640": None})
"""The sign of multiplication; the stroke that lengthens Arabic words."""
_SELECTORS = frozenset(chr(code) for code in range(0xFE00, 0xFE10))


def same_text(one: str, other: str) -> bool:
    """Whether the texts are the same but for what servers change. Two of symbols alone must be equal."""
    first, second = _plain(one[:MOST]), _plain(other[:MOST])
    if _symbols(first) == _symbols(second):
        return True
    common = (_forms(first) & _forms(second, MOVED)) | (_forms(first, MOVED) & _forms(second))
    return bool(common - {""})


def is_letterless(text: str) -> bool:
    """Whether a text is of symbols alone, which servers show as they like."""
    return not any(_forms(_plain(text[:MOST])) - {""})


def _symbols(text: str) -> str:
    """The characters of a text, without the handles that were put before it."""
    return "".join(_LEADING_HANDLES.sub("", text).split())


def _plain(text: str) -> str:
    """The text without its levels of escaping."""
    for _ in range(MOST_UNESCAPES):
        unescaped = html.unescape(text)
        if unescaped == text:
            break
        text = unescaped
    return text


def _forms(text: str, changes: Iterable[Change] | None = None) -> frozenset[str]:
    """The letters and digits of the text, in each form that a server may have made of it by these changes, or all."""
    texts = {text}
    for change in CHANGES if changes is None else changes:
        if len(texts) < MOST_FORMS:
            texts = {form for source in texts for form in change(source)}
    return frozenset(_letters(form) for form in texts)


def _either(pattern: re.Pattern[str], *replacements: str) -> Change:
    """A change that a server may make or not."""
    return lambda text: (text, *(pattern.sub(put, text) for put in replacements)) if pattern.search(text) else (text,)


def _renumbered(text: str) -> Iterable[str]:
    """The text, and the same with the numbers of its lines as lists have them: 1, 2, 3."""
    if len(_NUMBER_OF_LINE.findall(text)) < LISTED:
        return (text,)
    numbers = itertools.count(1)
    return text, _NUMBER_OF_LINE.sub(lambda _: f"{next(numbers)}. ", text)


def _pairs(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> list[tuple[re.Match[str], re.Match[str]]]:
    """Each opening with the first closing after it.

    One pattern for both would search for the closing to the text's end from each opening.
    """
    pairs: list[tuple[re.Match[str], re.Match[str]]] = []
    at = 0
    while (begin := opening.search(text, at)) and (end := closing.search(text, begin.end())):
        pairs.append((begin, end))
        at = end.end()
    return pairs


def _between(ends: tuple[re.Pattern[str], re.Pattern[str]], *replacements: Callable[[str, str], str]) -> Change:
    """A change that a server may make or not of what stands between two patterns.

    A replacement gets that and what the opening says.
    """

    def change(text: str) -> Iterable[str]:
        pairs = _pairs(text, *ends)
        return (text, *(_replaced(text, pairs, put) for put in replacements)) if pairs else (text,)

    return change


def _replaced(text: str, pairs: Iterable[tuple[re.Match[str], re.Match[str]]], put: Callable[[str, str], str]) -> str:
    parts, at = [], 0
    for begin, end in pairs:
        parts += [text[at : begin.start()], put(text[begin.end() : end.start()], begin[begin.re.groups])]
        at = end.end()
    return "".join([*parts, text[at:]])


def _nothing(_between: str, _opening: str) -> str:
    return ""


MOVED: Final = (_either(_LEADING_HANDLES, ""),)
"""The change that both texts may have undergone: we put a handle before a reply, and servers put others there."""
CHANGES: Final = (
    *MOVED,
    _between(_SCRIPT, _nothing),
    _between(_STYLE, _nothing),
    _between(_COMMENT, _nothing),
    _either(_TAG, ""),
    _either(_ANGLED, ""),
    _either(_IMAGE, "", r"\1", r"\2"),
    _either(_LINK, r"\1", r"\2", r"\1 \2"),
    _between(_BBCODE_LINK, lambda text, _: text, lambda text, address: f"{text} {address}"),
    _either(_TRACKER, ""),
    _either(_FENCE, ""),
    _either(_FOOTNOTE, ""),
    _either(_BLOCK, ""),
    _either(_NUMBER_OF_LINE, ""),
    _renumbered,
)


def _letters(text: str) -> str:
    """The letters and digits that are neither an emoji's nor a host's."""
    text = _SHORTCODE.sub(" ", _SYMBOL.sub(" ", text))
    text = _SCHEME.sub("", unquote(_SMILEY.sub(" ", text))).translate(_SIGNS)
    text = _ENCODED_HOST.sub(_decoded, text)
    text = _HANDLE.sub(lambda match: f"@{match[1]}", unicodedata.normalize("NFKC", text)).casefold()
    return "".join(letter for letter in text if letter.isalnum() or _is_mark(letter))


def _decoded(label: re.Match[str]) -> str:
    """A part of a host in its own letters."""
    try:
        return label[0].encode().decode("idna")
    except UnicodeError:
        return label[0]


def _is_mark(letter: str) -> bool:
    """Whether it is a vowel or tone of a script that writes these as marks."""
    return letter not in _SELECTORS and unicodedata.category(letter) in ("Mn", "Mc")
