"""The bytes of the store: the version line, the record line, JSON, and how values are hashed and sorted.

Every file begins with a version line, `#tinydb-journal 1 log 00000003 <crc>`. Every record is one line, in the
journal and in the snapshot:

    <crc32, 8 hex digits> <transaction, hex> <flag>[<count>] TAB <table> TAB <id> TAB <JSON> LF

The crc covers all that stands after it. Flags: p put, d delete, c clear (the table exists and is empty), x drop. A
capital letter ends the transaction and is followed by its number of lines if there are more than one, so that a
transaction counts whole or not at all. S ends a journal and names the next generation; E ends a snapshot.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Iterable, Mapping
from typing import Any
from zlib import crc32

import orjson

from commtui.store.journal.errors import NewerFormat, StoreDamaged

VERSION = 1
HEADER = re.compile(rb"#tinydb-journal (\d+) .* ([0-9a-f]{8})\n")

Op = tuple[str, str, int, bytes]
"""(flag in lower case, table, document id, JSON or nothing)."""

MISSING: Any = object()
"""Stands for a field that a document does not have."""

_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_NULL_HASH = crc32(b"null")


def header(kind: str, generation: int) -> bytes:
    """The version line of a file of `kind` (log, snap, index). Always of the same length for one kind."""
    text = b"#tinydb-journal %d %s %08d" % (VERSION, kind.encode(), generation)
    return text + b" %08x\n" % crc32(text)


LOG_HEADER_SIZE = len(header("log", 0))


def check_header(line: bytes, path: object) -> bool:
    """True if `line` is a version line that can be read; False if it is damaged.

    Raises NewerFormat if a newer program wrote it. A newer format keeps the shape of this line.
    """
    found = HEADER.fullmatch(line)
    if found is None or b"%08x" % crc32(line[:-10]) != found[2]:
        return False
    if int(found[1]) > VERSION:
        raise NewerFormat(
            f"{path} was written by a newer version of this program (format {int(found[1])}; "
            f"this one reads {VERSION}): install the newer version, or restore a backup that this one made"
        )
    return True


def _quote(name: str) -> bytes:
    """A table's name without what separates fields; `{` must not occur before the JSON."""
    if name.isascii() and name.isidentifier():
        return name.encode()
    return "".join(
        c if c.isalnum() else "".join(f"%{b:02X}" for b in c.encode("utf-8", "surrogatepass")) for c in name
    ).encode("utf-8", "surrogatepass")


def _unquote(name: bytes) -> str:
    if b"%" not in name:
        return name.decode()
    from urllib.parse import unquote  # rarely needed

    return unquote(name.decode("utf-8", "surrogatepass"), errors="surrogatepass")


class _Names(dict[bytes, str]):
    def __missing__(self, key: bytes) -> str:
        name = self[key] = _unquote(key)
        return name


class _Quoted(dict[str, bytes]):
    def __missing__(self, key: str) -> bytes:
        quoted = self[key] = _quote(key)
        return quoted


NAMES = _Names()
QUOTED = _Quoted()


def line(transaction: int, flag: bytes, table: str, key: int, raw: bytes = b"") -> bytes:
    """One record as it stands in a file."""
    body = b"%x %s\t%s\t%d\t%s" % (transaction, flag, QUOTED[table], key, raw)
    return b"%08x %s\n" % (crc32(body), body)


def sound(text: bytes) -> bool:
    """Whether the CRC of a line (without its LF) is right."""
    return text[:9] == b"%08x " % crc32(text[9:])


def encode(transaction: int, ops: list[Op]) -> bytes:
    """A whole transaction as lines; the last one ends it."""
    lines: list[bytes] = []
    before = "", ""
    head = b""
    for flag, table, key, raw in ops[:-1]:
        if (flag, table) != before:
            before = flag, table
            head = b"%x %s\t%s\t" % (transaction, flag.encode(), QUOTED[table])
        begin = b"%s%d\t" % (head, key)
        lines += (b"%08x " % crc32(raw, crc32(begin)), begin, raw, b"\n")
    flag, table, key, raw = ops[-1]
    count = b"%d" % len(ops) if len(ops) > 1 else b""
    lines.append(line(transaction, flag.upper().encode() + count, table, key, raw))
    return b"".join(lines)


_FINITE = frozenset((str, int, bool, type(None)))


def _not_finite(values: Iterable[Any]) -> bool:
    """Whether a NaN or an infinity is among them, at any depth; orjson writes those as null."""
    for value in [value for value in values if type(value) not in _FINITE]:
        if isinstance(value, float):
            if not math.isfinite(value):
                return True
        elif isinstance(value, dict):
            if _not_finite(value.values()):
                return True
        elif isinstance(value, list | tuple) and _not_finite(value):
            return True
    return False


def dumps(document: Mapping[str, Any]) -> bytes:
    """A document as one line of JSON.

    What orjson refuses or would change (keys that are not texts, numbers over 64 bits, lone surrogates, NaN) is
    written by the standard library and marked by a space in front, so that it is read by the standard library again.
    Raises TypeError as JSON does.
    """
    plain = document if isinstance(document, dict) else dict(document)
    try:
        raw = orjson.dumps(plain, option=_OPTIONS)
    except TypeError:
        return b" " + json.dumps(plain).encode()
    nulls = raw.count(b"null")
    # As many as there are Nones outside of lists and objects: then none of them was a NaN.
    if nulls and nulls != list(plain.values()).count(None) and _not_finite(plain.values()):
        return b" " + json.dumps(plain).encode()
    return raw


def loads(raw: bytes) -> Any:
    """The document of a line's JSON."""
    return orjson.loads(raw) if raw[:1] != b" " else json.loads(raw)


def json_of(text: bytes) -> bytes:
    """The JSON of a sound record line (without its LF): from the first brace on, with the mark in front of it if
    there is one."""
    start = text.index(b"{")
    return text[start - 1 :] if text[start - 1] == 32 else text[start:]


def path_of(field: str) -> tuple[str, ...]:
    """`author.handle` is the field `handle` of the field `author`."""
    return tuple(field.split("."))


def value_at(document: Any, path: Iterable[str]) -> Any:
    """What stands at `path`; MISSING if there is nothing."""
    for part in path:
        if type(document) is not dict:
            return MISSING
        document = document.get(part, MISSING)
    return document


def hash_of(value: Any) -> int | None:
    """32 bits, equal for equal JSON scalars (1 == 1.0 == True) and the same on every machine; None for what is not
    indexed."""
    if type(value) is str:
        return crc32(value.encode("utf-8", "surrogatepass"))
    if value is None:
        return _NULL_HASH
    if isinstance(value, float):
        if not value.is_integer():
            return None if value != value else crc32(b"#" + repr(value).encode())
        value = int(value)
    if isinstance(value, int):
        return crc32(b"#%d" % value)
    return None


def sort_key(value: Any) -> bytes:
    """Bytes that sort as the values do: nothing and null first, then numbers (as doubles), then texts by code point,
    then the rest."""
    if type(value) is str:
        return b"\x02" + value.encode("utf-8", "surrogatepass")
    if value is None or value is MISSING:
        return b"\x00"
    if isinstance(value, int | float):
        try:
            bits = struct.pack(">d", float(value) + 0.0)
        except OverflowError:
            bits = struct.pack(">d", math.inf if value > 0 else -math.inf)
        if bits[0] & 0x80:
            return b"\x01" + bytes(b ^ 0xFF for b in bits)
        return b"\x01" + bytes([bits[0] | 0x80]) + bits[1:]
    return b"\x03"


def damaged(path: object, what: str) -> StoreDamaged:
    """The error for a file that cannot be read."""
    return StoreDamaged(f"{path} {what}: {StoreDamaged.repair}, or restore a backup")
