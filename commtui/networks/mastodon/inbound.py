"""Fetches notifications: down from the newest at first, then up page by page.

Every batch carries a cursor from which the next request can be repeated, so a kill between two batches loses nothing.
A page read twice brings the same items, and repeats are harmless.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import datetime

from msgspec.structs import replace

from commtui.model.clock import from_iso
from commtui.networks.answers import Unreadable
from commtui.networks.base import (
    FIRST_SYNC_MOST,
    Batch,
    EventKind,
    Gone,
    Incoming,
    Malformed,
    NetworkError,
    RateLimited,
    Refused,
    Unreachable,
)
from commtui.networks.http import Http
from commtui.networks.mastodon import paging
from commtui.networks.mastodon.cursor import Cursor
from commtui.networks.mastodon.pages import Floor, Page, Pairs
from commtui.networks.mastodon.paging import Known, Lister
from commtui.networks.mastodon.parse import Us

log = logging.getLogger(__name__)


async def down(http: Http, cursor: Cursor, us: Us, known: Known) -> AsyncIterator[tuple[Batch, Cursor]]:
    """The first sync: down from the newest to `cursor.since` or to FIRST_SYNC_MOST mentions; then these, oldest first.

    On the way down the batches are empty and their cursors resume it. A restart loses the pages read so far: they lie
    above the cursor at which this ends, where `up` finds them. One that resumes at the list's end reads all in one go.
    """
    since = from_iso(cursor.since)
    met: list[Page] = []
    used: set[object] = set()
    left, walked, missed, in_one = 0, 0, False, False
    lister = Lister(http, us, cursor.version, known)
    while True:
        page = await lister.ask(cursor.next, not cursor.everything)
        if cursor.next and not page.length and not met:  # resumed just where the list ends: what is above has moved
            cursor, in_one = replace(cursor, next=(), count=0), True
            continue
        items, beyond = _within(page.items, since, FIRST_SYNC_MOST - cursor.count)
        met.append(replace(page, items=items))
        walked += page.length
        left = -1 if beyond else left
        if (beyond and not items) or not page.next or page.next in used:
            # where it goes on from what was in already, the list should have reached down to that
            missed = cursor.since == cursor.at and not beyond and walked >= paging.SHORT_LIST
            break
        if len(used) >= paging.MOST_PAGES:
            left = -1
            break
        used.add(page.next)
        mentions = sum(item.kind is EventKind.MENTION for item in items)
        cursor = replace(cursor, next=page.next, count=cursor.count + mentions)
        if not in_one:
            yield Batch((), cursor.write()), cursor
    since_then = since if missed else None
    cursor = replace(cursor, next=(), count=0, everything=True)
    for page in reversed([page for page in met if page.length] or met[:1]):
        cursor = replace(cursor, min=page.top or cursor.min).seen(page)
        yield Batch(page.items, cursor.write(), page.skipped, left, since_then), cursor


def _within(items: tuple[Incoming, ...], since: datetime, most: int) -> tuple[tuple[Incoming, ...], bool]:
    """The newest of a page that are wanted, and whether some were left out.

    One that is dated wrongly is left out alone: those that come after it in the list are looked at.
    """
    wanted: list[Incoming] = []
    for item in reversed(items):
        if item.at is not None and item.at < since:
            continue
        if item.kind is EventKind.MENTION:
            most -= 1
            if most < 0:
                break
        wanted.append(item)
    return tuple(reversed(wanted)), len(wanted) != len(items)


async def up(
    http: Http, cursor: Cursor, us: Us, known: Known, from_above: bool = False
) -> AsyncIterator[tuple[Batch, Cursor]]:
    """What lies above `cursor.min`, a page at a time, until the server has no more: min_id, since since_id skips.

    After MOST_PAGES it ends: the next fetch goes on. `from_above`: it begins at the newest page and goes down first; so
    it goes on where nothing is found of what was announced, or of what a server hides above a deleted notification.
    """
    seen: set[str | None] = {cursor.min}
    pages, known.has_more = 0, cursor.min is not None
    announced, known.announced = known.announced, False
    lister = Lister(http, us, cursor.version, known)
    while cursor.min is not None and pages < paging.MOST_PAGES:
        before = from_iso(cursor.at) if cursor.at else None
        floor = Floor(frozenset(identity for identity in seen if identity), before)
        most = known.most
        query: Pairs = () if from_above or known.refuses(cursor.min) else (("min_id", cursor.min),)
        try:
            page, from_above = await lister.ask(query, floor=floor), False
        except NetworkError as error:
            if not query or not _is_of_place(error, cursor):
                raise
            page = await lister.ask(floor=floor)
            # where a smaller page is given now, the min_id was not what the server refused
            if known.most == most and known.failed(cursor.min, error):
                log.warning("%s: what lies above our last notification is asked for from above: %s", http.host, error)
        else:
            if query:
                known.given()
        if query and page.top is None and (known.hides or (announced and not pages)):
            from_above = True  # some servers give nothing above what is deleted
            continue
        if page.top is None or page.top in seen:  # a server that ignores min_id would never end
            if page.items and page.top != cursor.min:
                yield Batch(page.items, cursor.write(), page.skipped), cursor
            known.has_more = False
            return
        below, missed = await lister.walk_down(page, floor)
        pages += 1 + len(below)
        for part in reversed([page, *below]):
            seen |= {part.top, part.newest}
            cursor = replace(cursor, min=part.top or cursor.min).seen(part)
            yield Batch(part.items, cursor.write(), part.skipped, missed_since=before if missed else None), cursor


def _is_of_place(error: NetworkError, cursor: Cursor) -> bool:
    """Whether the newest page may be readable where that above the cursor is not.

    A notification there may be too large, or the server does not know `min_id`, or not this one any more.
    """
    if isinstance(error, Unreadable):
        return cursor.version == 1
    if isinstance(error, Gone | RateLimited):
        return False
    return isinstance(error, Refused | Unreachable) and error.status is not None


async def catch_up(http: Http, cursor: Cursor, us: Us, known: Known) -> AsyncIterator[tuple[Batch, Cursor]]:
    """Down at the first sync, then up. Uses v1 on a server without v2, and time where the server forgot our id.

    Uses v1, too, where v2 has something that cannot be read: what that is can be told in v1 alone.
    """
    for _ in range(3):
        try:
            if cursor.min is None:
                async for batch, reached in down(http, cursor, us, known):
                    cursor = reached
                    yield batch, cursor
            async for batch, reached in up(http, cursor, us, known):
                cursor = reached
                yield batch, cursor
            return
        except Gone as error:
            if cursor.version == 2:
                log.info("%s has no grouped notifications: using the plain ones", http.host)
                cursor = replace(cursor, version=1) if cursor.min is None and not cursor.next else cursor.lost(1)
            elif cursor.min is not None or cursor.next:
                log.warning("%s no longer knows our last id, so time decides: %s", http.host, error)
                cursor = cursor.lost(1)
            else:
                raise Malformed(f"{http.host} has no notifications: is it a Mastodon server?") from None
        except Unreadable as error:
            if cursor.version == 1:
                raise
            log.warning("%s: using the plain notifications, for one that cannot be read: %s", http.host, error)
            cursor = cursor.lost(1)
    raise Malformed(f"{http.host} keeps forgetting our place in its notifications")
