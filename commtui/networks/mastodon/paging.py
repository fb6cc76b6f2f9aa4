"""Pages of a list: Link headers followed as given, and what to do where a server sends none.

The query of a link is what is followed, on our own address: servers behind a proxy name themselves wrongly, and the
token must not go anywhere else.
"""

from __future__ import annotations

import re
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
_LINK = re.compile(r'<([^<>]*)>\s*((?:;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s",;]+)\s*)*)')
_REL = re.compile(r';\s*rel\s*=\s*"?([^";]*)', re.IGNORECASE)


Pairs = tuple[tuple[str, str], ...]


def links(header: str) -> dict[str, Pairs]:
    """rel -> the query of its address, of a Link header."""
    found: dict[str, Pairs] = {}
    for address, parameters in _LINK.findall(header[:8000]):
        rel = _REL.search(parameters)
        if rel:
            try:
                query = parse_qsl(urlsplit(address).query, keep_blank_values=True)
            except ValueError:
                continue
            for name in rel[1].lower().split():
                found[name] = tuple(query)
    return found


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


def page(body: Any, link: str, version: int, us: Us, where: str) -> Page:
    """Reads an answer. Raises Malformed for what is no page at all."""
    entries = body.get("notification_groups") if version == 2 and isinstance(body, dict) else body
    if not isinstance(entries, list):
        raise Malformed(f"{where} answered something that is no list of notifications")
    items, skipped = parse.groups(body, us) if version == 2 else parse.notifications(entries, us)
    top, bottom = _ends(parse.dicts(entries), version)
    given = links(link)
    newer, older = dict(given.get("prev", ())), given.get("next", ())
    top = newer.get("min_id") or newer.get("since_id") or top
    if not older and not link and bottom is not None:
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
        return page(answer.json(), answer.headers.get("link", ""), version, us, answer.where)
