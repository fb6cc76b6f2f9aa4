"""Where we are in a server's notifications: opaque to everybody else, and stored with every batch."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Literal

from msgspec import Struct, json
from msgspec.structs import replace

from commtui.model.clock import from_iso, to_iso
from commtui.networks.mastodon.pages import Page

log = logging.getLogger(__name__)


class Cursor(Struct, frozen=True, omit_defaults=True):
    """Going up from `min` once there is one; before, going down by `next` to find where to begin."""

    version: Literal[1, 2] = 2
    """Of the notifications' interface: ids of one version mean nothing to the other."""
    min: str | None = None
    """Everything up to this notification is in."""
    next: tuple[tuple[str, str], ...] = ()
    """The query of the next page on the way down."""
    since: str = ""
    """How far down to go (ISO 8601)."""
    count: int = 0
    """Mentions met on the way down."""
    everything: bool = False
    """Likes and the like, too, on the way down: not at the first sync, where they would push mentions out."""
    at: str = ""
    """The newest thing seen (ISO 8601): where to go down to if the server no longer knows `min`."""
    me: str = ""
    """Our account's id on the server."""
    looked: str = ""
    """When our own posts were last looked at for answers that notify nobody (ISO 8601)."""
    answers: dict[str, int] = {}
    """How many answers each of our newest posts had then."""
    failed: tuple[str, ...] = ()
    """Those of them whose answers could not be read, the longest ago first."""

    aside_at: str = ""
    """When the server was last asked what it keeps aside (ISO 8601)."""
    aside: tuple[str, ...] = ()
    """The ids of the people whose messages it kept aside then."""
    accepted: dict[str, int] = {}
    """Of those whose messages were accepted since: how often they were asked for."""

    def write(self) -> str:
        """The text to store."""
        return json.encode(self).decode()

    def seen(self, page: Page) -> Cursor:
        """The same, after that page."""
        times = [item.at for item in page.items] + [page.top_at]
        return replace(self, at=max([self.at, *(to_iso(time) for time in times if time)]))

    def lost(self, version: Literal[1, 2]) -> Cursor:
        """Starting again on that version, down to what was seen last; to the first sync's end if that was not done."""
        step = self.min is not None
        since = (self.at or self.since) if step else self.since
        again = Cursor(version=version, everything=step or self.everything, since=since, at=self.at)
        again = replace(again, me=self.me, looked=self.looked, answers=self.answers, failed=self.failed)
        return replace(again, aside=self.aside, accepted=self.accepted)


def read(text: str | None, since: datetime, now: datetime) -> Cursor:
    """The cursor of a stored text; a first sync's beginning without one, or with one that cannot be read."""
    fresh = Cursor(since=to_iso(since), looked=to_iso(now))
    if not text:
        return fresh
    try:
        cursor = json.decode(text, type=Cursor)
        for moment in (cursor.since, cursor.at, cursor.looked):
            if moment:
                from_iso(moment)
    except ValueError as error:
        log.warning("a cursor that cannot be read, so the first sync begins again: %s", error)
        return fresh
    return cursor
