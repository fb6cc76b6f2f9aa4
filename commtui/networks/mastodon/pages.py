"""A page of notifications as it came: what it says to us, and where it stands in the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from commtui.model.arrival import bounded
from commtui.networks.answers import Answer
from commtui.networks.base import Incoming, Malformed
from commtui.networks.json_texts import decode
from commtui.networks.mastodon import entities, parse
from commtui.networks.mastodon.parse import Us
from commtui.networks.payloads import read

Pairs = tuple[tuple[str, str], ...]
OF_PLACES = frozenset(("max_id", "min_id", "since_id", "limit"))
IDS = ("id", "page_max_id", "page_min_id", "most_recent_notification_id")
BEGINNING = 600
"""Bytes in which the id of an entry stands that is too large to be read."""


def query_of(links: Mapping[str, str], relation: str) -> Pairs:
    """The query of the address that a Link header gives for `relation` (next, prev); empty if there is none."""
    try:
        return tuple(parse_qsl(urlsplit(links.get(relation, "")).query, keep_blank_values=True))
    except ValueError:
        return ()


class Floor(Struct, frozen=True):
    """How far down the list is in already."""

    ids: frozenset[str]
    """The notification up to which everything is in, which may be deleted since; and some before it."""
    at: datetime | None
    """The time of the newest that is in, where it is known."""


class Page(Struct, frozen=True):
    """A page of notifications."""

    items: tuple[Incoming, ...] = ()
    """Oldest first; those of kinds that aren't ours are not among them."""
    skipped: int = 0
    length: int = 0
    """How many entries the server sent, whatever they were."""
    top: str | None = None
    """The id to give as min_id for what is newer."""
    newest: str | None = None
    """The id of the newest entry that has one."""
    top_at: datetime | None = None
    """The time of the newest entry."""
    bottom_at: datetime | None = None
    """The time of the oldest entry."""
    next: Pairs = ()
    """The query for what is older; empty: the server says that there is no more."""
    below: Pairs = ()
    """The same, whatever the server says; empty: no entry has an id."""
    reached: bool = False
    """It reaches down to the floor that was given. What is at or below that is not among its items."""


def page(answer: Answer, version: int, us: Us, now: datetime, floor: Floor | None = None) -> Page:
    """Reads an answer; without what is in already, where a floor is given. Raises Malformed for what is no page."""
    grouped = answer.read(entities.GroupedNotifications) if version == 2 else None
    entries = grouped.notification_groups if grouped else answer.json()
    if not isinstance(entries, list):
        raise Malformed(f"{answer.where} answered something that is no list of notifications")
    places = [_place(entry, now) for entry in entries]
    if _is_oldest_first(places):
        entries, places = entries[::-1], places[::-1]
    kept = _count_above(places, floor) if floor else len(places)
    if grouped:
        items, skipped = parse.groups(replace(grouped, notification_groups=entries[:kept]), us, now)
    else:
        items, skipped = parse.notifications(entries[:kept], us, now)
    known = [place for place in places if place.newest]
    top, bottom = (known[0].newest, known[-1].oldest) if known else (None, None)
    newer, older = dict(query_of(answer.links, "prev")), query_of(answer.links, "next")
    by_id: Pairs = (("max_id", bottom),) if bottom else ()
    if not older and not answer.links:
        older = by_id
    times = [place.time for place in places if place.time]
    items.reverse()  # they came newest first, and those of one moment keep their order
    return Page(
        items=tuple(sorted(items, key=lambda item: item.at or now)),
        skipped=skipped,
        length=len(entries),
        top=newer.get("min_id") or newer.get("since_id") or top,
        top_at=times[0] if times else None,
        bottom_at=times[-1] if times else None,
        next=older,
        below=tuple(pair for pair in older if pair[0] not in OF_PLACES or pair[0] == "max_id") or by_id,
        newest=top,
        reached=kept < len(places),
    )


def _place(entry: Any, now: datetime) -> entities.ListEntry:
    """What places an entry; without a time that cannot be right, and without ids that no server would know again."""
    try:
        place = read(entry, entities.ListEntry)
    except Malformed:
        return entities.ListEntry()
    return replace(
        place,
        **{name: None for name in IDS if not _is_usable(getattr(place, name))},
        created_at=bounded(place.created_at, now),
        latest_page_notification_at=bounded(place.latest_page_notification_at, now),
    )


def _is_usable(identity: str | None) -> bool:
    return identity is not None and identity.isprintable() and "\ufffd" not in identity


def _is_oldest_first(places: list[entities.ListEntry]) -> bool:
    """Whether a list goes up in time: by most of its times, since one may be wrong."""
    times = [place.time for place in places if place.time]
    return sum(one < other for one, other in pairwise(times)) > sum(one > other for one, other in pairwise(times))


def _count_above(places: list[entities.ListEntry], floor: Floor) -> int:
    """How many of the entries, newest first, stand above the floor: above its id, else above all that is older."""
    for number, place in enumerate(places):
        if not floor.ids.isdisjoint((place.id, place.most_recent_notification_id, place.page_max_id)):
            return number
    count = len(places)
    while floor.at is not None and count and (at := places[count - 1].time) is not None and at < floor.at:
        count -= 1
    return count


def first_id(begun: bytes) -> str | None:
    """The id of the first entry of a list of notifications (v1) of which only the beginning can be read."""
    text = begun.lstrip()[:BEGINNING]
    if not text.startswith(b"["):
        return None
    for cut in (at for at in range(len(text)) if text[at : at + 1] == b","):
        try:
            entry = read(decode(text[1:cut] + b"}"), entities.ListEntry)
        except (ValueError, Malformed):
            continue
        if _is_usable(entry.id):
            return entry.id
    return None
