"""Facets: which bytes of a text are a mention, a link or a tag. Pure functions; places are UTF-8 bytes on the wire.

The rules are those of Bluesky's own client, except that only links with http(s):// are links: telling a bare domain
from the end of a sentence needs a list of all top-level domains.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from commtui.model.links import links
from commtui.networks.bluesky.lexicon import Facet

FACET: Final = "app.bsky.richtext.facet"
TAG_MOST: Final = 64
"""Graphemes of a tag."""

_MENTION: Final = (
    r"(?<![^\s(])@(?P<handle>[a-zA-Z0-9](?:[a-zA-Z0-9-]*\.)*[a-zA-Z0-9-]*\.[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)"
)
_INVISIBLE: Final = "\u00ad\u2060\u200a\u200b\u200c\u200d\u20e2"
_TAG: Final = rf"(?<!\S)[#＃](?P<tag>(?!\ufe0f)[^\s{_INVISIBLE}]*[^\d\s\p{{P}}{_INVISIBLE}]+[^\s{_INVISIBLE}]*)"


class Span(Struct, frozen=True):
    """A stretch of a text that means something: [start, end) in code points."""

    start: int
    end: int
    kind: str
    """link, mention or tag."""
    value: str
    """The address, the handle without @, the tag without #."""


def spans(text: str) -> list[Span]:
    """What a text has of links, mentions and tags, in order; none overlaps another."""
    if not any(mark in text for mark in ("://", "@", "#", "＃")):
        return []
    import regex  # 20 ms; only texts with such a mark need it

    candidates: list[Span] = []
    candidates += [Span(start, end, "link", text[start:end]) for start, end in links(text)]
    for match in regex.finditer(_MENTION, text):
        candidates.append(Span(match.start(), match.end(), "mention", match["handle"].lower()))
    for match in regex.finditer(_TAG, text):
        tag = regex.sub(r"\p{P}+$", "", match["tag"])
        if tag and len(regex.findall(r"\X", tag)) <= TAG_MOST:
            candidates.append(Span(match.start(), match.start() + 1 + len(tag), "tag", tag))
    chosen: list[Span] = []
    for span in sorted(candidates, key=lambda span: (span.start, -span.end)):
        if not chosen or span.start >= chosen[-1].end:
            chosen.append(span)
    return chosen


def handles(text: str) -> list[str]:
    """The handles that a text mentions, each once."""
    return list(dict.fromkeys(span.value for span in spans(text) if span.kind == "mention"))


def make(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """The facets of a text; a handle without a DID in `dids` stays plain text."""
    facets = []
    for span in spans(text):
        if span.kind == "link":
            feature = {"$type": f"{FACET}#link", "uri": span.value}
        elif span.kind == "tag":
            feature = {"$type": f"{FACET}#tag", "tag": span.value}
        elif span.value in dids:
            feature = {"$type": f"{FACET}#mention", "did": dids[span.value]}
        else:
            continue
        start = len(text[: span.start].encode())
        index = {"byteStart": start, "byteEnd": start + len(text[span.start : span.end].encode())}
        facets.append({"index": index, "features": [feature]})
    return facets


def expanded(text: str, facets: Sequence[Facet]) -> str:
    """A text as it came, with the address of every link to be seen: a shortened one in full, a hidden one behind it.

    Facets that do not fit the text are passed over, as the protocol wants.
    """
    facet_links = sorted(_links(facets), key=lambda link: link[0])
    if not facet_links:
        return text
    data = text.encode("utf-8", "surrogatepass")
    parts: list[bytes] = []
    at = 0
    for start, end, uri in facet_links:
        if not at <= start < end <= len(data):
            continue
        try:
            before, shown = data[at:start].decode(), data[start:end].decode()
        except UnicodeDecodeError:
            continue
        parts += [before.encode(), _shown(shown, uri).encode("utf-8", "replace")]
        at = end
    return b"".join([*parts, data[at:]]).decode("utf-8", "replace")


def _links(facets: Sequence[Facet]) -> Iterator[tuple[int, int, str]]:
    for facet in facets:
        uri = next((feature.uri for feature in facet.features if feature.uri), "")
        if uri:
            yield facet.index.byte_start, facet.index.byte_end, uri


def _shown(shown: str, uri: str) -> str:
    """What stands for a link: its address where the text is that address or the beginning of it."""
    bare = uri.partition("://")[2].removeprefix("www.")
    start = shown.partition("://")[2] if "://" in shown else shown
    start = start.removeprefix("www.").rstrip("….")
    if start and bare.startswith(start):
        return uri
    return f"{shown} <{uri}>"
