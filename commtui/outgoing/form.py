"""What a person sets beside the text of a reply or a post."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from commtui.model.abilities import Visibility
from commtui.model.records import Media


class Form(Struct, frozen=True):
    """What a person sets beside the text. None: as the draft, the account and the mention have it."""

    visibility: Visibility | None = None
    spoiler: str | None = None
    media: tuple[Media, ...] | None = None
    language: str | None = None
    thread: bool = False
    """A text too long for one post goes out as several (posts only)."""
    quote: str | None = None
    """Our id of the mention, or of the reply or post of ours, that a post shows."""
    timed: bool = False
    """`at` is meant (replies only): None is then after the hold window, whatever time the draft had."""
    at: datetime | None = None


PLAIN = Form()
