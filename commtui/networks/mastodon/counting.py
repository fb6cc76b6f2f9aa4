"""How a server counts a text, where that is not as it says: learned from a refusal."""

from __future__ import annotations

import re
from typing import Final

from commtui.model.abilities import Limits
from commtui.model.length import length
from commtui.networks.base import Refused, TooLong

STATUSES: Final = (400, 413, 422)
RULES: Final = ("mastodon", "graphemes", "characters")
"""With links whole: mentions without their host, then whole too, then counted by code points."""
_OF_LENGTH: Final = re.compile(r"(?i)character|\blong|length|limit|exceed|\bmax|\bsize|large|\bbig\b|^HTTP \d+")


def learned(error: Refused, text: str, spoiler: str, stated: Limits) -> Refused:
    """The error for a text that was refused: TooLong where it fits what the server states, and would not if links, or
    handles too, counted whole. A refusal that speaks of something else is left as it is."""
    words = str(error).partition(": ")[2]
    if error.status not in STATUSES or (error.status != 413 and not _OF_LENGTH.search(words)):
        return error
    most = stated.characters
    if most is None or length(text, stated, spoiler) > most:
        return error
    for rule in RULES:
        number = length(text, stated.counting_whole(rule), spoiler)
        if number > most:
            new = TooLong(f"{error}; it counts links whole, so this text has {number:,} of {most:,} characters", rule)
            new.status = error.status
            return new
    return error
