"""What the server holds, and how its ids and its HTML are made."""

from __future__ import annotations

import hashlib
import html
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

MENTION = re.compile(r"(?<![\w/@])@([A-Za-z0-9_]+)(?:@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]+)?))?")
LINK = re.compile(r"https?://[^\s<>\"]+")
_EITHER = re.compile(f"(?P<link>{LINK.pattern})|(?P<mention>{MENTION.pattern})")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Listed(Protocol):
    """Anything that pages are made of."""

    seq: int
    id: str


T = TypeVar("T", bound=Listed)


@dataclass(eq=False)
class Account:
    """`acct` is `name` for those who live here and `name@host` for others."""

    seq: int
    id: str
    acct: str
    name: str
    muted: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    follows: set[str] = field(default_factory=set)
    accepts: set[str] = field(default_factory=set)
    """Whose direct mentions are not kept aside although they are not followed."""


@dataclass(eq=False)
class Status:
    """A status, also one that is deleted."""

    seq: int
    id: str
    account: Account
    text: str
    content: str
    created_at: datetime
    visibility: str = "public"
    in_reply_to: str | None = None
    spoiler: str = ""
    language: str | None = "en"
    media: list[str] = field(default_factory=list)
    mentions: list[Account] = field(default_factory=list)
    reblog: Status | None = None
    favourites: set[str] = field(default_factory=set)
    edited_at: datetime | None = None
    deleted: bool = False
    key: str | None = None
    """The Idempotency-Key that it came with."""
    extra: dict[str, object] = field(default_factory=dict)
    """Laid over its JSON."""
    boosted_by: Account | None = None
    pending: bool = False
    """It waits for the approval of whom it answers."""
    readable_at: datetime | None = None
    """When reads show it; None: at once."""
    address: str = ""
    """Its first id, which stays in `uri` and `url`."""


@dataclass(eq=False)
class Notification:
    """One line of the recipient's list."""

    seq: int
    id: str
    to: Account
    kind: str
    by: Account
    status: Status | None
    created_at: datetime
    odd: Callable[[dict[str, Any]], Any] | None = None
    """What is sent in place of its JSON."""


def make_id(style: str, seq: int, at: datetime, kind: str) -> str:
    """The public id of the `seq`-th thing, the same in every run."""
    if style == "snowflake":
        return str(110_000_000_000_000_000 + seq * 65_536)
    if style == "hex":
        return hashlib.sha256(f"{kind}{seq}".encode()).hexdigest()[:42]
    if style == "dated":
        stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{seq % 1000:03}Z"
        return f"{stamp}/{kind}/{uuid.uuid5(uuid.NAMESPACE_OID, f'{kind}{seq}')}"
    number, letters = (1_700_000_000_000 << 80) | seq << 40, ""
    for _ in range(26):
        number, rest = divmod(number, 32)
        letters = _CROCKFORD[rest] + letters
    return letters


def page(
    rows: Iterable[T], query: dict[str, list[str]], limit: int, extra: Sequence[T] = (), min_id: str = "next"
) -> list[T]:
    """One page, newest first, by Mastodon's rules; `rows` are oldest first.

    max_id: below it. since_id: the newest above it. min_id: those right above it, unless the server has another way
    (`Quirks.min_id`). An unknown id counts as not given; `extra` are rows that are not listed any more, whose ids still
    have their place.
    """
    listed = list(rows)
    places = {row.id: row.seq for row in (*extra, *listed)}

    def place(name: str) -> int | None:
        return places.get(query.get(name, [""])[-1])

    below, newest, above = place("max_id"), place("since_id"), place("min_id")
    if below is not None:
        listed = [row for row in listed if row.seq < below]
    if newest is not None:
        listed = [row for row in listed if row.seq > newest]
    if above is not None and min_id == "newest":
        listed = [row for row in listed if row.seq > above]
    elif above is not None and min_id == "next":
        return [row for row in listed if row.seq > above][:limit][::-1]
    return listed[-limit:][::-1] if limit else []


def render(text: str, cards: bool, host: str) -> str:
    """The text as HTML: paragraphs, breaks, h-cards and shortened links. Other characters stay raw, as they came."""

    def one(found: re.Match[str]) -> str:
        whole = html.escape(found[0], quote=False)
        if not cards:
            return whole
        if found["link"]:
            bare = whole.split("://", 1)[1]
            shown = bare if len(bare) <= 30 else f'<span class="ellipsis">{bare[:30]}</span>'
            rest = "" if len(bare) <= 30 else f'<span class="invisible">{bare[30:]}</span>'
            scheme = whole[: len(whole) - len(bare)]
            return (
                f'<a href="{html.escape(found[0])}" target="_blank" rel="nofollow noopener" translate="no">'
                f'<span class="invisible">{scheme}</span>{shown}{rest}</a>'
            )
        name, _, where = found[0][1:].partition("@")
        address = f"https://{where}/@{name}" if where else f"http://{host}/@{name}"
        anchor = f'<a href="{address}" class="u-url mention">@<span>{name}</span></a>'
        return f'<span class="h-card" translate="no">{anchor}</span>'

    def line(source: str) -> str:
        out, at = "", 0
        for found in _EITHER.finditer(source):
            out += html.escape(source[at : found.start()], quote=False) + one(found)
            at = found.end()
        return out + html.escape(source[at:], quote=False)

    blocks = re.split(r"\n{2,}", text)
    return "".join("<p>" + "<br />".join(line(row) for row in block.split("\n")) + "</p>" for block in blocks)


def length(text: str, per_url: int | None) -> int:
    """The length as Mastodon counts: a link as `per_url` (None: whole), a remote mention as its local part."""
    import regex

    if per_url is not None:
        text = LINK.sub("x" * per_url, text)
    text = MENTION.sub(lambda found: f"@{found[1]}", text)
    return len(regex.findall(r"\X", text))
