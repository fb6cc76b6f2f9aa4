"""JSON texts that servers send: bounded in depth and in values, and read in pieces.

A reader in C keeps the interpreter to itself until it is through, 400 ms for 8 MB: the screen would stand still. So a
large text is read a piece at a time.
"""

from __future__ import annotations

import json
from itertools import accumulate
from typing import Any, Final

import msgspec
from msgspec import Raw

NESTING: Final = 200
"""A thread of Bluesky's with 20 parents has about 40 levels."""
VALUES: Final = 800_000
"""Values in one text: 8 MB of notifications have a third of that."""
PIECE: Final = 1 << 16
"""Bytes that are read at once: less than a millisecond."""
LONGEST: Final = 500_000
"""Characters of a text that are kept: some of them are markup."""
MOST_DIGITS: Final = 40
_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in _STEPS)


def decode(body: bytes | str) -> Any:
    """The value of a JSON text. Raises ValueError.

    Half an emoji (a lone surrogate) and bytes that are no UTF-8 become U+FFFD; control characters stay in texts.
    """
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    _check(raw)
    return _value(raw)


def _value(raw: bytes) -> Any:
    """The value of a text; a long list or object is read entry by entry."""
    try:
        if len(raw) > PIECE:
            return _in_pieces(raw)
        return msgspec.json.decode(raw)
    except ValueError:  # msgspec refuses a lone surrogate, and servers in JavaScript write one where they cut a text
        return _repaired(json.loads(raw.decode("utf-8", "replace"), strict=False, parse_int=_integer))


def _integer(digits: str) -> int | str:
    """A number; one that no field has stays a text, which costs its field and not the whole."""
    return int(digits) if len(digits) <= MOST_DIGITS else digits


def _in_pieces(raw: bytes) -> Any:
    first = raw[:PIECE].lstrip()[:1]
    if first == b"[":
        return [_value(bytes(entry)) for entry in msgspec.json.decode(raw, type=list[Raw])]
    if first == b"{":
        entries = msgspec.json.decode(raw, type=dict[str, Raw])
        return {name: _value(bytes(entry)) for name, entry in entries.items()}
    value = msgspec.json.decode(raw)
    return value[:LONGEST] if isinstance(value, str) else value


def _repaired(value: Any) -> Any:
    """A value with U+FFFD for each lone surrogate in its texts."""
    if isinstance(value, str):
        parts = (value[begin : begin + PIECE] for begin in range(0, min(len(value), LONGEST), PIECE))
        return "".join(part.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") for part in parts)
    if isinstance(value, list):
        return [_repaired(entry) for entry in value]
    if isinstance(value, dict):
        return {_repaired(name): _repaired(entry) for name, entry in value.items()}
    return value


def _check(body: bytes) -> None:
    """Raises ValueError for a text whose brackets do not close or are nested deeper than NESTING (the readers recurse),
    and for one of more than VALUES values."""
    values, depth, inside, begun = 1, 0, False, b""
    for begin in range(0, len(body), PIECE):
        part = begun + body[begin : begin + PIECE]
        begun = b"\\" if (len(part) - len(part.rstrip(b"\\"))) % 2 else b""  # an escape that goes on in the next part
        part = part[: len(part) - len(begun)]
        parts = part.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
        outside = b"".join(parts[inside::2])
        inside ^= len(parts) % 2 == 0
        brackets = outside.translate(None, _NO_BRACKETS)
        values += outside.count(b",") + len(brackets) // 2
        depths = list(accumulate(map(_STEPS.__getitem__, brackets), initial=depth))
        depth = depths[-1]
        if max(depths) > NESTING:
            raise ValueError("JSON that is nested too deep")
    if depth:
        raise ValueError("JSON that is cut off")
    if values > VALUES:
        raise ValueError(f"JSON of more than {VALUES:,} values")
