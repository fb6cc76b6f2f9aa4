"""What a query asks for beside words and times, of a mention or a conversation. Pure functions.

The store keeps it in one field, which is indexed and counted: there are few different ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from commtui.model.links import links

if TYPE_CHECKING:  # the store derives fields from these, without the types of records
    from commtui.model.content import Media, Poll

_BETWEEN: Final = "\t"
"""No text of one line has a tab."""
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,3}")


class Facets(NamedTuple):
    """Of a conversation."""

    queue: str
    account: str
    network: str
    priority: str
    unread: str
    """`unread`, or empty; so with `draft`."""
    draft: str
    muted: str
    """`muted`, also where the mute has ended by now; or empty."""
    campaign: str


class MentionFacets(NamedTuple):
    """Of a mention."""

    via: str
    language: str
    contents: str
    """The words of `has:` that are true of it, with commas between."""


def packed(facets: Facets | MentionFacets) -> str:
    """The facets as one text."""
    return _BETWEEN.join(facets)


@lru_cache(maxsize=4096)  # few different ones, looked at for many conversations
def unpacked(text: str) -> Facets:
    """The facets of a conversation from their text."""
    return Facets(*text.split(_BETWEEN, len(Facets._fields) - 1))


@lru_cache(maxsize=4096)
def unpacked_of_mention(text: str) -> MentionFacets:
    """The facets of a mention from their text."""
    return MentionFacets(*text.split(_BETWEEN))


def language(tag: str | None) -> str:
    """A language as its network has it, in lower case: `de`, `pt-br`; empty for none, and for what is no such tag."""
    low = (tag or "").lower().replace("_", "-")
    return low if _LANGUAGE.fullmatch(low) else ""


def speaks(wanted: str, tag: str | None) -> bool:
    """Whether a language is the wanted one: `pt` is also `pt-br`."""
    low = language(tag)
    return low == wanted or low.startswith(f"{wanted}-")


def contents(text: str, media: Sequence[Media], poll: Poll | None) -> tuple[str, ...]:
    """The words of `has:` that are true of a text: what it holds, each once, sorted."""
    found = {file.kind for file in media if file.kind in ("image", "video", "audio")}
    if media:
        found.add("media")
    if any(not file.alt.strip() for file in media):
        found.add("no-alt")
    if poll:
        found.add("poll")
    if links(text):
        found.add("link")
    return tuple(sorted(found))
