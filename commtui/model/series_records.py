"""The record of a series of posts."""

from __future__ import annotations

from msgspec import Struct

from commtui.model.abilities import Visibility
from commtui.model.clock import AwareDatetime
from commtui.model.content import Media
from commtui.model.strings import Id, Text


class Series(Struct, frozen=True, kw_only=True):
    """A text that goes out again and again. Its posts are made some weeks ahead (model/series.py)."""

    id: Id
    text: Text
    accounts: tuple[Id, ...]
    """The ids of those that each of its posts goes out from."""
    repeat: str
    """Its times, as they were typed."""
    rule: Text
    """The same as RRULEs (model/recurrence.py)."""
    zone: Id
    """The IANA zone of these times."""
    author: str
    created_at: AwareDatetime
    made_until: AwareDatetime
    """Its posts up to this moment were made: none of them is made again."""
    ends_at: AwareDatetime | None = None
    """From this moment on it has no posts, whatever its rule says."""
    skipped: tuple[Id, ...] = ()
    """Wall times of its rule that have no post, in ISO 8601."""
    visibility: Visibility | None = None
    """None: that of each account."""
    spoiler: str = ""
    language: Id | None = None
    media: tuple[Media, ...] = ()
    thread: bool = False
    """A text that is too long goes out as several posts."""
    campaign: Id | None = None
    """The campaign of its posts. Once that has ended, no further ones are made."""
    late: Id | None = None
    """What happens to a post when its time has passed; None: what its account says."""
