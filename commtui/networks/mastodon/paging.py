"""Pages of a list: by the Link header, or by ids where a server sends none.

Only the query of a link is used, on our own address: a server behind a proxy names itself wrongly, and the token must
not go anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

from commtui.model.clock import to_iso
from commtui.networks.answers import TooLarge
from commtui.networks.base import Incoming, Malformed, Refused
from commtui.networks.http import Http
from commtui.networks.mastodon import parse
from commtui.networks.mastodon.parse import Us

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


def _ends(entries: list[dict[str, Any]], version: int) -> tuple[str | None, str | None]:
    """(newest id, oldest id), by the order in the list, or by time if a server sends the oldest first."""
    newest, oldest = ("page_max_id", "page_min_id") if version == 2 else ("id", "id")
    time = "latest_page_notification_at" if version == 2 else "created_at"
    known = [each for each in entries if parse.reference(each.get(newest) or each.get("most_recent_notification_id"))]
    if not known:
        return None, None
    first, last = known[0], known[-1]
    if str(first.get(time) or "") < str(last.get(time) or ""):
        first, last = last, first
    top = parse.reference(first.get(newest) or first.get("most_recent_notification_id"))
    bottom = parse.reference(last.get(oldest) or last.get("most_recent_notification_id"))
    return top, bottom


def page(body: Any, links: Mapping[str, str], version: int, us: Us, where: str) -> Page:
    """Reads an answer. Raises Malformed for what is no page at all."""
    entries = body.get("notification_groups") if version == 2 and isinstance(body, dict) else body
    if not isinstance(entries, list):
        raise Malformed(f"{where} answered something that is no list of notifications")
    items, skipped = parse.groups(body, us) if version == 2 else parse.notifications(entries, us)
    top, bottom = _ends(parse.dicts(entries), version)
    newer, older = dict(query_of(links, "prev")), query_of(links, "next")
    top = newer.get("min_id") or newer.get("since_id") or top
    if not older and not links and bottom is not None:
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
        given = tuple(pair for pair in query if pair[0] != "limit" or limit == LIMIT)
        if not any(name == "limit" for name, _ in given):
            given += (("limit", str(limit)),)
        try:
            answer = await http.get(PATHS[version], tuple(dict.fromkeys(given + more)))
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
        return page(answer.json(), answer.links, version, us, answer.where)
