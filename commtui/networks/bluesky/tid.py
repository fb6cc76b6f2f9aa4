"""TIDs, the record keys of Bluesky: thirteen characters that sort by time (53 bits of microseconds, 10 bits of clock).

The key of a text is derived from its draft, so every try writes to the same place; the key of a like or a block is
derived from what it is about, so doing it twice is doing it once.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Final

ALPHABET: Final = "234567abcdefghijklmnopqrstuvwxyz"
PATTERN: Final = "[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
BEFORE_BLUESKY: Final = 1_640_995_200_000_000
"""Microseconds of 2022-01-01: a key derived from a hash lies in the year after."""


def encode(micros: int, clock: int) -> str:
    """The TID of a moment (microseconds since 1970, 53 bits) and a clock's number (10 bits). Raises ValueError."""
    if not (0 <= micros < 1 << 53 and 0 <= clock < 1 << 10):
        raise ValueError(f"out of a TID's range: {micros}, {clock}")
    number = micros << 10 | clock
    return "".join(ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))


def decode(text: str) -> tuple[int, int]:
    """Microseconds and clock of a TID. Raises ValueError."""
    if not re.fullmatch(PATTERN, text):
        raise ValueError(f"no TID: {text!r}")
    number = 0
    for character in text:
        number = number << 5 | ALPHABET.index(character)
    return number >> 10, number & 1023


def of_draft(created_at: datetime, key: str) -> str:
    """The key of a text's record.

    Of the time only whole milliseconds count, since that is what the store keeps.
    """
    number = _hash(key)
    millis = (created_at - EPOCH) // timedelta(milliseconds=1)
    return encode(millis * 1000 + number % 1000, number >> 20 & 1023)


def of_subject(*parts: str) -> str:
    """The key of a record that there is to be once for these (`like`, the uri of a post): within 2022."""
    number = _hash("\x1f".join(parts))
    return encode(BEFORE_BLUESKY + (number & (1 << 44) - 1), number >> 50 & 1023)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
