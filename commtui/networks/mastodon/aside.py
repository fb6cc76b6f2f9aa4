"""Messages that the server keeps aside (Mastodon's notification requests): how many, and what comes of accepted ones.

They are told when they are accepted, here or elsewhere, and stand in the list where they came: below the cursor. So the
notifications of people whose request is gone are asked for by themselves, for a while: accepting takes a server time.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from operator import itemgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from commtui.model.clock import from_iso, to_iso
from commtui.networks.base import Batch, EventKind, Filtered, Gone, Incoming, LoginRefused, NetworkError
from commtui.networks.http import Http
from commtui.networks.mastodon import pages
from commtui.networks.mastodon.cursor import Cursor
from commtui.networks.mastodon.parse import Us, segment
from commtui.networks.payloads import Count, Id, read_known

log = logging.getLogger(__name__)
ASK_EVERY: Final = timedelta(minutes=10)
ACCEPTED_TRIES: Final = 6
"""How often the notifications of somebody whose request is gone are asked for."""
MOST: Final = 80
"""Requests that are asked for at a time; a server may list fewer."""
WHOLE: Final = 20
"""A list that is shorter is whole, also where the server counts more."""
MOST_PEOPLE: Final = 400
"""Whose requests are remembered, to see when they are gone."""
MOST_ASKED: Final = 40
"""Of how many people the notifications are asked for at a time."""
MOST_LISTS: Final = 50
POLICY: Final = "/api/v2/notifications/policy"
REQUESTS: Final = "/api/v1/notifications/requests"


class Summary(Struct, frozen=True):
    """What is kept aside."""

    pending_requests_count: Count = 0
    pending_notifications_count: Count = 0


class Policy(Struct, frozen=True):
    """Whose notifications are kept aside."""

    summary: Summary = Summary()


class Author(Struct, frozen=True):
    """Whose messages a request is about."""

    id: Id


class NotificationRequest(Struct, frozen=True):
    """The messages of one person that are kept aside."""

    id: Id
    account: Author


async def requests(http: Http) -> list[NotificationRequest]:
    """The newest requests. Raises Gone where the server has no such thing."""
    return read_known((await http.get(REQUESTS, (("limit", str(MOST)),))).json(), NotificationRequest)


async def accept_all(http: Http) -> None:
    """Accepts every request: those of these people are told as others are from now on. Can be repeated."""
    done: set[str] = set()
    for _ in range(MOST_LISTS):  # what is accepted goes out of the list
        new = [request.id for request in await requests(http) if request.id not in done]
        if not new:
            return
        for request in new:
            try:
                await http.call("POST", f"{REQUESTS}/{segment(request)}/accept")
            except Gone:  # accepted or dismissed in between
                continue
        done.update(new)


async def news(http: Http, cursor: Cursor, us: Us) -> tuple[Batch, Cursor]:
    """How much is kept aside, and what was accepted. What fails is asked for the next time. Raises LoginRefused."""
    now = http.clock.now()
    if cursor.aside_at and now - from_iso(cursor.aside_at) < ASK_EVERY:
        return Batch((), cursor.write()), cursor
    filtered: Filtered | None = None
    items: list[Incoming] = []
    waiting, gone = cursor.aside, dict(cursor.accepted)
    try:
        summary = (await http.get(POLICY)).read(Policy).summary
        filtered = Filtered(summary.pending_notifications_count, summary.pending_requests_count)
        if filtered.people or waiting:
            there = tuple(request.account.id for request in await requests(http)) if filtered.people else ()
            if len(there) >= filtered.people or len(there) < WHOLE:
                gone |= {person: 0 for person in waiting if person not in there}
                waiting = there
            else:  # there may be more of them, below
                waiting = tuple(dict.fromkeys((*there, *waiting)))[:MOST_PEOPLE]
        for person, tries in sorted(gone.items(), key=itemgetter(1))[:MOST_ASKED]:
            found = await _of(http, person, us, cursor)
            items += found
            gone[person] = tries + 1
            if found or tries + 1 >= ACCEPTED_TRIES:
                del gone[person]
    except LoginRefused:
        raise
    except NetworkError as error:
        log.info("%s does not say what it keeps aside: %s", http.host, error)
    cursor = replace(cursor, aside_at=to_iso(now), aside=waiting, accepted=gone)
    return Batch(tuple(items), cursor.write(), filtered=filtered), cursor


async def _of(http: Http, person: str, us: Us, cursor: Cursor) -> list[Incoming]:
    """The mentions by one person that the server tells of."""
    query = (("account_id", person), ("types[]", "mention"), ("limit", str(MOST)))
    page = pages.page(await http.get("/api/v1/notifications", query), 1, us, http.clock.now())
    since = from_iso(cursor.since)
    return [item for item in page.items if item.kind is EventKind.MENTION and item.at and item.at >= since]
