"""Content codings of answers (RFC 9110 8.4), undone here in pieces of bounded size.

httpx decodes each part that arrives as a whole, and codings within codings: 5 kB become gigabytes before anybody can
count.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Final

from commtui.networks.base import Malformed

if TYPE_CHECKING:
    import httpx

ACCEPTED: Final = "gzip, deflate"
"""For the header Accept-Encoding."""
PIECE: Final = 64 * 1024
"""The longest piece that is decoded at a time."""
MOST_MEMBERS: Final = 100
"""How many members of gzip an answer may have: an empty one costs more than its 20 bytes."""
_ZLIB, _GZIP, _RAW = zlib.MAX_WBITS, zlib.MAX_WBITS | 16, -zlib.MAX_WBITS
_MAGIC = b"\x1f"
"""The first byte of a member of gzip."""


class Decoder:
    """Undoes one coding; `pieces` is called with each part that arrives."""

    def __init__(self, coding: str) -> None:
        """`coding` is the header Content-Encoding. Raises Malformed for what was not asked for, or for two codings."""
        names = [name.strip().lower() for name in coding.split(",")]
        named = [name for name in names if name not in ("", "identity")]
        if len(named) > 1 or (named and named[0] not in ("gzip", "x-gzip", "deflate")):
            raise Malformed(f"an answer packed as {', '.join(named)[:100]!r}, which was not asked for")
        self._coding = named[0] if named else ""
        self._inflate = zlib.decompressobj(_ZLIB if self._coding == "deflate" else _GZIP)
        self._begun = False
        self._members = 1

    def pieces(self, part: bytes) -> Iterator[bytes]:
        """What the part stands for, in pieces of at most PIECE bytes. Raises Malformed."""
        if not self._coding:
            yield from (part[start : start + PIECE] for start in range(0, len(part), PIECE))
            return
        try:
            yield from self._decoded(part)
        except zlib.error as error:
            raise Malformed(f"an answer whose packing is damaged: {error}") from None

    def _decoded(self, part: bytes) -> Iterator[bytes]:
        if part and not self._begun:
            self._begun = True
            if self._coding == "deflate" and part[0] & 0x0F != 8:  # some servers leave out the header of zlib
                self._inflate = zlib.decompressobj(_RAW)
        while part:
            if self._inflate.eof:  # gzip may have several members; what follows and is none is padding
                if self._coding == "deflate" or part[:1] != _MAGIC:
                    return
                self._members += 1
                if self._members > MOST_MEMBERS:
                    raise Malformed("an answer packed in too many parts")
                self._inflate = zlib.decompressobj(_GZIP)
            piece = self._inflate.decompress(part, PIECE)
            part = self._inflate.unconsumed_tail or self._inflate.unused_data
            if piece:
                yield piece


async def decoded(parts: AsyncIterator[bytes], coding: str) -> AsyncIterator[bytes]:
    """The pieces of an answer that arrives in `parts`. Raises Malformed."""
    decoder = Decoder(coding)
    async for part in parts:
        for piece in decoder.pieces(part):
            yield piece


class TooLong(Exception):
    """A body is longer than its reader wants; `begun` is what came of it."""

    def __init__(self, begun: bytes) -> None:
        super().__init__()
        self.begun = begun


async def read_body(response: httpx.Response, most: int) -> bytes:
    """The decoded body of an answer that was begun. Raises TooLong, Malformed and httpx's errors.

    Bytes are counted as they arrive and as they are decoded: many empty members of gzip never end either.
    """
    decoder = Decoder(response.headers.get("content-encoding", ""))
    body, arrived = bytearray(), 0
    async for part in response.aiter_raw():
        arrived += len(part)
        for piece in decoder.pieces(part):
            body += piece
            if len(body) > most:
                raise TooLong(bytes(body))
        if arrived > most:
            raise TooLong(bytes(body))
    return bytes(body)
