"""Where we are in an account's notifications: opaque to everybody else, and stored with every batch."""

from __future__ import annotations

import logging

from msgspec import Struct, json

from commtui.model.clock import from_iso

log = logging.getLogger(__name__)

KEY_LENGTH = 8
"""Characters for each item in `seen`."""


class Cursor(Struct, frozen=True):
    """Everything up to `floor` is in, and of what is newer the items in `seen`."""

    at: str = ""
    """The time of the newest item that is in."""
    floor: str = ""
    """Empty: nothing is below what was seen."""
    seen: tuple[str, ...] = ()
    """The keys of items."""
    chat: str = ""
    """The cursor of the direct messages' log."""

    def write(self) -> str:
        """The text to store."""
        return json.encode(_Stored("".join(self.seen), self.at, self.floor, self.chat)).decode()


class _Stored(Struct, frozen=True, omit_defaults=True):
    """A cursor as it is stored: all keys in one text."""

    seen: str
    at: str = ""
    floor: str = ""
    chat: str = ""


def read(text: str | None) -> Cursor | None:
    """The cursor of a stored text; None for a first sync, also after a text that cannot be read."""
    if not text:
        return None
    try:
        stored = json.decode(text, type=_Stored)
        for moment in (stored.at, stored.floor):
            if moment:
                from_iso(moment)
    except ValueError as error:
        log.warning("a cursor that cannot be read, so the first sync begins again: %s", error)
        return None
    starts = range(0, len(stored.seen), KEY_LENGTH)
    seen = tuple(stored.seen[start : start + KEY_LENGTH] for start in starts)
    return Cursor(stored.at, stored.floor, seen, stored.chat)
