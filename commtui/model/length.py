"""How long a text is for the network that is to take it, and how a long one becomes a thread.

The rules: `characters` (code points), `graphemes` (Bluesky), `mastodon`. The last is Mastodon's StatusLengthValidator:
graphemes of the content warning and the text together, a link with http(s) as per_url of them, a mention without its
host. Which texts are links and mentions follows its twitter_regex and Account::MENTION_RE, but any two-letter ending
counts as a top-level domain; the server has the last word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from commtui.model.abilities import Limits
from commtui.model.text import boundary

COUNTINGS: Final = ("characters", "mastodon", "graphemes")

# Patterns stay text until they are used: most commands count nothing.
_PATH: Final = r"/(?:[^\s<>()?]|\((?:[^\s<>()?]|\([^\s<>()?]++\))++\))*+"
_URL: Final = (
    r"(?<![A-Za-z0-9@＠$#＃])https?://(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}(?::\d+)?"
    rf"""(?P<path>{_PATH})?(?P<query>\?[^\s<>"`{{}}\\]*+)?"""
)
_MENTION: Final = (
    r"(?<![=/\w])@(?P<name>[a-zA-Z0-9_]+(?:[a-zA-Z0-9_.-]+[a-zA-Z0-9_])?)(?:@[\w.-]+\w)?(?![@＠\u00c0-\u024f]|://)"
)
_COUNTED: Final = f"{_URL}|{_MENTION}"
_NOT_AT_A_PATHS_END: Final = "!*\"'「」;:=,.$%[]~&|@"
_NOT_AT_A_QUERYS_END: Final = "!?*'();:+$%[].,~|@^"

_PARAGRAPH: Final = r"\n[^\S\n]*\n\s*"
_LINE: Final = r"\n\s*"
_SENTENCE: Final = r"""[.!?…][)\]"'”’»]*\s+|[。！？]\s*"""


def length(text: str, limits: Limits, spoiler: str = "") -> int:
    """How much of `limits.characters` the text and its content warning take. Raises ValueError for an unknown rule."""
    if limits.counting not in COUNTINGS:
        raise ValueError(f"unknown counting rule {limits.counting!r}: {', '.join(COUNTINGS)}")
    if limits.counting == "mastodon" or limits.per_url is not None:
        text = _countable(text, limits)
    return len(spoiler + text) if limits.counting == "characters" else _graphemes(spoiler + text)


class Excess(NamedTuple):
    """More than a limit allows. `unit`: character, byte or attachment."""

    number: int
    limit: int
    unit: str

    def __str__(self) -> str:
        plural = "" if self.number == 1 else "s"
        return f"{self.number:,} {self.unit}{plural}, {self.number - self.limit:,} too many (limit {self.limit:,})"


def excess(text: str, limits: Limits, spoiler: str = "", media: int = 0) -> tuple[Excess, ...]:
    """Each limit that a text, its content warning and the number of its attachments exceed; empty if all fits."""
    counts = []
    if limits.characters is not None:
        counts.append(Excess(length(text, limits, spoiler), limits.characters, "character"))
    if limits.bytes is not None:
        counts.append(Excess(_bytes(spoiler + text), limits.bytes, "byte"))
    counts.append(Excess(media, limits.media, "attachment"))
    return tuple(count for count in counts if count.number > count.limit)


def split(text: str, limits: Limits, spoiler: str = "", head: str = "") -> tuple[str, ...]:
    """The text as a thread, each part within `limits`, cut between paragraphs, lines, sentences or words.

    Each kind of cut goes before the next, unless it uses less than half of what would fit; a word that is too long for
    a part is cut between graphemes. White space at the cuts goes, nothing else. `head` (`@user `) begins every part,
    `spoiler` goes with each. Raises ValueError where not even one character fits.
    """
    rest, parts = text.strip(), []
    while excess(head + rest, limits, spoiler):
        end = _cut(rest, limits, spoiler, head)
        parts.append(head + rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return (*parts, head + rest) if rest or not parts else tuple(parts)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _graphemes(text: str) -> int:
    if text.isascii():
        return len(text) - text.count("\r\n")
    import regex  # 20 ms; plain ASCII does without

    return sum(1 for _ in regex.finditer(r"\X", text))


def _countable(text: str, limits: Limits) -> str:
    """The text with what is counted instead of its links and mentions."""

    def counted(match: re.Match[str]) -> str:
        if match["name"]:
            return f"@{match['name']}" if limits.counting == "mastodon" else match[0]
        if limits.per_url is None:
            return match[0]
        return "x" * limits.per_url + match[0][_url_end(match) :]

    return re.sub(_COUNTED, counted, text, flags=re.IGNORECASE) if "@" in text or "://" in text else text


def _url_end(match: re.Match[str]) -> int:
    """Where the link ends in what the pattern took: marks at its end belong to the sentence."""
    path, query = match["path"] or "", match["query"] or ""
    end = len(match[0]) - len(path) - len(query)
    inside = path.rstrip(_NOT_AT_A_PATHS_END)
    if len(inside) < len(path):
        return end + len(inside)
    return end + len(path) + len(query.rstrip(_NOT_AT_A_QUERYS_END))


def _cut(rest: str, limits: Limits, spoiler: str, head: str) -> int:
    """Where the next part ends, at least one character in."""

    def fits(end: int) -> bool:
        return not excess(head + rest[:end].rstrip(), limits, spoiler)

    # The furthest end of a word that fits: in strides that double, then by halves.
    ends = [match.end() for match in re.finditer(r"\S+", rest[: _window(limits)])]
    low, high = 0, 1  # the first `low` words fit
    while high <= len(ends) and fits(ends[high - 1]):
        low, high = high, high * 2
    high = min(high, len(ends) + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(ends[middle - 1]) else (low, middle)
    if not low:
        return _cut_word(rest, fits)
    far = ends[low - 1]
    reach = far + 1  # the white space after the last word shows that a sentence ends there
    for pattern in (_PARAGRAPH, _LINE, _SENTENCE):
        at = max((match.end() for match in re.finditer(pattern, rest[:reach])), default=0)
        if at * 2 >= far and at and rest[:at].strip() and fits(at):
            return at
    return far


def _cut_word(rest: str, fits: Callable[[int], bool]) -> int:
    match = re.match(r"\S+", rest)
    low, high = 0, match.end() if match else len(rest)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    end = boundary(rest, low) if low else 0
    while end > 0 and not fits(end):
        end = boundary(rest, end - 1) if end > 1 else 0
    if end < 1:
        raise ValueError("no room for a single character beside what stands in every part")
    marks = [match.end() for match in re.finditer("[。！？]", rest[:end])]  # scripts that put no spaces between words
    return next((mark for mark in reversed(marks) if mark * 2 >= end and fits(mark)), end)


def _window(limits: Limits) -> int:
    """How many code points a part can come from, links that count for less and long graphemes included."""
    return 64 * (limits.characters or limits.bytes or 1) + 4096
