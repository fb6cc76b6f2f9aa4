"""The options of a reply or a post, such as visibility and media."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from commtui.model.abilities import Visibility
from commtui.model.records import Media


class Form(Struct, frozen=True):
    """The options of a reply or a post. None: the value of the draft, the account or the mention is used."""

    visibility: Visibility | None = None
    spoiler: str | None = None
    media: tuple[Media, ...] | None = None
    language: str | None = None
    thread: bool | None = None
    """Split a text that is too long into several posts (posts only)."""
    quote: str | None = None
    """The id, as it is here, of the item that a post quotes (posts only)."""
    others: tuple[str, ...] | None = None
    """Handles of those whom a reply keeps beside the author (replies only)."""
    campaign: str | None = None
    """The id of the campaign of a post; empty: none (posts only)."""
    timed: bool = False
    """Whether `at` replaces the draft's time (replies only); None is then the end of the hold window."""
    at: datetime | None = None
    """The time to send it at."""
    zone: str | None = None
    """The IANA zone in which that was meant; None: the person's."""


PLAIN = Form()
