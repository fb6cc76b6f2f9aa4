"""Pages of a list: by the Link header, or by ids where a server sends none.

Only the query of a link is used, on our own address: a server behind a proxy names itself wrongly, and the token must
not go anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

from commtui.model.clock import to_iso
from commtui.networks.answers import Answer, TooLarge
from commtui.networks.base import Incoming, Malformed, Refused
from commtui.networks.http import Http
from commtui.networks.mastodon import entities, parse
from commtui.networks.mastodon.parse import Us
from commtui.networks.payloads import read_known

LIMIT = 80
"""What is asked for at a time; servers give fewer (40, 30) if that is their most."""
PATHS = {1: "/api/v1/notifications", 2: "/api/v2/notifications"}
Pairs = tuple[tuple[str, str], ...]


def query_of(links: Mapping[str, str], relation: str) -> Pairs:
    """The query of the address that a Link header gives for `relation` (next, prev); empty if there is none."""
    try:
        return tuple(parse_qsl(urlsplit(links.get(relation, "")).query, keep_blank_values=True))
    except ValueError:
        return ()


class Page(Struct, frozen=True):
    """A page of notifications."""

    items: tuple[Incoming, ...]
    """Oldest first; those of kinds that aren't ours are not among them."""
    skipped: int
    length: int
    """How many entries the server sent, whatever they were."""
    top: str | None
    """The id to give as min_id for what is newer."""
    next: Pairs
    """The query for what is older; empty: no more."""


def _ends(entries: list[Any]) -> tuple[str | None, str | None]:
    """(newest id, oldest id), by the order in the list, or by most of its times if a server sends the oldest first."""
    known = [entry for entry in read_known(entries, entities.ListEntry) if entry.newest]
    if not known:
        return None, None
    first, last = known[0], known[-1]
    times = [entry.time for entry in known if entry.time is not None]
    rising = sum(one < other for one, other in pairwise(times))
    falling = sum(one > other for one, other in pairwise(times))
    if rising > falling:
        first, last = last, first
    return first.newest, last.oldest


def page(answer: Answer, version: int, us: Us, now: datetime) -> Page:
    """Reads an answer. Raises Malformed for what is no page at all."""
    if version == 2:
        grouped = answer.read(entities.GroupedNotifications)
        entries = grouped.notification_groups
        items, skipped = parse.groups(grouped, us, now)
    else:
        entries = answer.json()
        if not isinstance(entries, list):
            raise Malformed(f"{answer.where} answered something that is no list of notifications")
        items, skipped = parse.notifications(entries, us, now)
    top, bottom = _ends(entries)
    newer, older = dict(query_of(answer.links, "prev")), query_of(answer.links, "next")
    top = newer.get("min_id") or newer.get("since_id") or top
    if not older and not answer.links and bottom is not None:
        older = (("max_id", bottom),)
    items.reverse()  # they came newest first, and those of one moment keep their order
    return Page(tuple(sorted(items, key=_when)), skipped, len(entries), top, older)


def _when(item: Incoming) -> str:
    return to_iso(item.at) if item.at else ""


async def ask(http: Http, version: int, query: Pairs, us: Us, mentions_only: bool = False) -> Page:
    """One page. `limit` is always sent: one server's default is 1. An answer too large is asked for in smaller parts.

    Raises Gone where the server has no such version.
    """
    limit = LIMIT
    more: Pairs = (("types[]", "mention"), ("types[]", "quote")) if mentions_only else ()
    if version == 2:
        # ungrouped, every like comes once; in groups, an old like would come again with every new one
        more += (("grouped_types[]", "mention"),)
    while True:
        pairs = tuple(pair for pair in query if pair[0] != "limit" or limit == LIMIT)
        if not any(name == "limit" for name, _ in pairs):
            pairs += (("limit", str(limit)),)
        try:
            answer = await http.get(PATHS[version], tuple(dict.fromkeys(pairs + more)))
        except TooLarge:
            if limit == 1:
                raise
            limit = max(1, limit // 5)
            continue
        except Refused as error:
            if not mentions_only or error.status not in (400, 422):
                raise
            mentions_only, more = False, tuple(pair for pair in more if pair[0] != "types[]")
            continue
        return page(answer, version, us, http.clock.now())
