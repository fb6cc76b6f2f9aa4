"""Fetches notifications: the newest hundred at each poll, and older ones where these have something new.

The network's own cursor is the time of the last item, and skips others of that very time: so pages overlap by a
millisecond. The cursor holds the keys of the last first page, since an item may turn up late below a newer one. Pages
come newest first; batches go on oldest first, each with a cursor from which nothing is lost.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from commtui.model.arrival import EARLIEST, bounded
from commtui.model.clock import from_iso, to_iso
from commtui.networks.answers import Unreadable
from commtui.networks.base import FIRST_SYNC_MOST, Batch, EventKind, Incoming, Malformed
from commtui.networks.bluesky import parse
from commtui.networks.bluesky.cursor import Cursor
from commtui.networks.bluesky.lexicon import NotificationPlace, Notifications
from commtui.networks.bluesky.xrpc import Xrpc
from commtui.networks.payloads import read

log = logging.getLogger(__name__)

LIMIT: Final = 100
MOST_PAGES: Final = 300
"""How far a poll goes down after a long absence: 30,000 notifications."""
MENTIONS: Final = tuple(("reasons", reason) for reason in parse.VIAS)
MOST_SEEN: Final = LIMIT * 3 // 2
MILLISECOND: Final = timedelta(milliseconds=1)
LIST: Final = "app.bsky.notification.listNotifications"


class Item(Struct, frozen=True):
    """One notification: what it says to us, if anything, and where it stands."""

    key: str
    at: datetime
    what: Incoming | None
    malformed: bool = False


class Page(Struct, frozen=True):
    """Items newest first, each uri once."""

    items: tuple[Item, ...]
    next: str
    """The network's cursor; empty on the last page."""

    @property
    def end(self) -> datetime | None:
        """How far down it reaches: a page may be short or empty though more follow, when others were filtered out."""
        try:
            end = from_iso(self.next)
        except ValueError:
            return self.items[-1].at if self.items else None
        return max(end, EARLIEST)

    def below(self, before: str) -> str:
        """What to ask for next: a millisecond above the network's cursor, so that nothing of its time is skipped.

        Where that did not lead on from the page `before`, whose cursor it was, the network's own.
        """
        if self.next == before:
            return self.next
        try:
            return to_iso(from_iso(self.next) + MILLISECOND)
        except (ValueError, OverflowError):
            return self.next


def key(uri: str) -> str:
    """Eight characters for an item, 40 bits."""
    return base64.b32encode(hashlib.blake2b(uri.encode(errors="replace"), digest_size=5).digest()).decode().lower()


async def ask(xrpc: Xrpc, below: str = "", reasons: Sequence[tuple[str, str]] = ()) -> Page:
    """A page of notifications, a smaller one where it cannot be read. Raises Malformed for an answer that is none.

    A notification that cannot be read even alone is a malformed one; Unreadable where nothing tells what follows it.
    """
    limit = LIMIT
    while True:
        params = [("limit", str(limit)), *reasons, *([("cursor", below)] if below else [])]
        try:
            answer = await xrpc.query(Notifications, LIST, *params)
            break
        except Unreadable as error:
            if limit == 1:
                return _past(error, xrpc.login.clock.now())
            limit = max(1, limit // 5)
    items: dict[str, Item] = {}
    for item in _items(answer.notifications, xrpc.did, xrpc.login.clock.now()):
        items[item.key] = _folded(items.get(item.key), item)
    return Page(tuple(sorted(items.values(), key=lambda item: item.at, reverse=True)), answer.cursor)


def _past(error: Unreadable, now: datetime) -> Page:
    """A page of one notification that cannot be read: the network's cursor stands behind it. Raises `error`."""
    ends = re.findall(rb'"cursor"\s*:\s*"([^"\\]{1,100})"\s*}\s*$', error.begun[-200:])
    try:
        at = bounded(from_iso(ends[-1].decode()), now) if ends else None
    except ValueError:
        at = None
    if at is None:
        raise error
    log.warning("skipped a notification that cannot be read: %s", error)
    return Page((Item(key(repr(error.begun[:300])), at, None, malformed=True),), ends[-1].decode())


def _items(values: list[Any], us: str, now: datetime) -> list[Item]:
    """The notifications of a page. One whose time cannot be right takes that of its neighbour in the list."""
    times: list[datetime | None] = []
    places: list[NotificationPlace | None] = []
    for value in values:
        try:
            place = read(value, NotificationPlace)
        except Malformed:
            place = None
        places.append(place)
        times.append(bounded(place.indexed_at, now) if place else None)
    at = next((time for time in times if time is not None), now)
    items: list[Item] = []
    for value, place, time in zip(values, places, times, strict=True):
        at = time or at
        what, malformed = None, False
        try:
            what = parse.notification(value, us, at)
        except Malformed as error:
            log.warning("skipped a malformed notification: %s", error)
            malformed = True
        items.append(Item(key(place.uri if place else repr(value)), at, what, malformed))
    return items


def _folded(one: Item | None, other: Item) -> Item:
    """A post that came for several reasons comes once: as an answer before a quote before a mention."""
    if one is None or one.what is None or other.what is None or one.what.kind is not EventKind.MENTION:
        return one if one is not None and one.what is not None else other
    order = list(parse.VIAS.values())
    return min(one, other, key=lambda item: order.index(item.what.via) if item.what else len(order))


async def first(xrpc: Xrpc, since: datetime) -> AsyncIterator[tuple[Batch, Cursor]]:
    """The first sync: the newest page whole, below it mentions alone, to `since` or to FIRST_SYNC_MOST of them."""
    top = await ask(xrpc)
    items = list(top.items)
    met = {item.key for item in items}
    page, left, before = top, 0, ["", ""]
    for number in range(MOST_PAGES):
        if not page.next or before == [page.next] * 2:
            break
        if _mentions(items) >= FIRST_SYNC_MOST or (page.end is not None and page.end < since):
            left = -1
            break
        asked = page.below(before[-1])
        if number + 1 == MOST_PAGES or page.next == before[-1]:
            left = -1
        before = [before[-1], page.next]
        page = await ask(xrpc, asked, MENTIONS)
        fresh = [item for item in page.items if item.key not in met]
        met.update(item.key for item in fresh)
        items += fresh
    wanted, mentions = [], 0
    for item in sorted(items, key=lambda item: item.at, reverse=True):
        mentions += item.what is not None and item.what.kind is EventKind.MENTION
        if item.at < since or mentions > FIRST_SYNC_MOST:
            left = -1
            break
        wanted.append(item)
    for batch, reached in batches(Cursor(), wanted, top, left):
        yield batch, reached


def _mentions(items: Sequence[Item]) -> int:
    return sum(item.what is not None and item.what.kind is EventKind.MENTION for item in items)


async def news(xrpc: Xrpc, cursor: Cursor) -> AsyncIterator[tuple[Batch, Cursor]]:
    """What came since; one request when that is nothing, two or more when it is something.

    What cannot be reached is told: below MOST_PAGES, below what cannot be read, and beyond a page of one millisecond.
    """
    known = set(cursor.seen)
    floor = from_iso(cursor.floor) if cursor.floor else None
    mark = from_iso(cursor.at) if cursor.at else None
    top = page = await ask(xrpc)
    items: list[Item] = []
    before = ["", ""]
    missed: datetime | None = None
    for number in range(MOST_PAGES):
        fresh = [item for item in page.items if item.key not in known and (floor is None or item.at > floor)]
        known.update(item.key for item in fresh)
        items += fresh
        if not page.next or before == [page.next] * 2 or (page.items and not fresh and page is top):
            break
        # below the mark only late arrivals can be new: down to the floor, while there are any
        below = mark is not None and page.end is not None and page.end < mark
        if below and (not fresh or (floor is not None and page.end is not None and page.end < floor)):
            break
        if number + 1 == MOST_PAGES:
            missed = mark or EARLIEST
            break
        asked = page.below(before[-1])
        if page.next == before[-1] and any(item.at == page.end for item in items):
            missed = page.end  # more than a page of one millisecond: the network's cursor skips the others
        before = [before[-1], page.next]
        try:
            page = await ask(xrpc, asked)
        except Unreadable as error:
            log.warning("%s: out of reach is what came before a notification: %s", xrpc.login.account, error)
            missed = mark or EARLIEST
            break
    if items:
        for batch, reached in batches(cursor, items, top, missed=missed):
            yield batch, reached


def batches(
    cursor: Cursor, items: Sequence[Item], top: Page, left: int = 0, missed: datetime | None = None
) -> list[tuple[Batch, Cursor]]:
    """Items as batches, oldest first, each with the cursor after it; at least one batch."""
    ordered = sorted(items, key=lambda item: (item.at, item.key))
    results: list[tuple[Batch, Cursor]] = []
    for start in range(0, len(ordered), LIMIT):
        chunk = ordered[start : start + LIMIT]
        last = chunk[-1].at
        newest_so_far = tuple(item.key for item in ordered[: start + LIMIT] if item.at == last)
        behind = replace(cursor, at=to_iso(last), floor=to_iso(last - MILLISECOND), seen=newest_so_far)
        results.append((_batch(chunk, behind, left, missed), behind))
    newest = max((item.at for item in (*top.items, *ordered[-1:])), default=None)
    lowest = top.end if top.next else None
    alike = [item.key for item in ordered if lowest is not None and item.at == lowest]
    seen = dict.fromkeys([*(item.key for item in top.items), *alike, *cursor.seen])
    # the floor never sinks: what shares its time may be in, and not in `seen`
    end = replace(
        cursor,
        at=max(cursor.at, to_iso(newest) if newest else ""),
        floor=max(cursor.floor, to_iso(lowest - MILLISECOND) if lowest is not None else ""),
        seen=tuple(seen)[:MOST_SEEN],
    )
    if not results:
        return [(Batch((), end.write(), 0, left), end)]
    batch, _ = results[-1]
    results[-1] = (replace(batch, cursor=end.write()), end)
    return results


def _batch(items: Sequence[Item], cursor: Cursor, left: int, missed: datetime | None) -> Batch:
    events = tuple(item.what for item in items if item.what is not None)
    return Batch(events, cursor.write(), sum(item.malformed for item in items), left, missed)
