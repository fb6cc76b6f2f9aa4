"""A document's JSON and checksum, and what the columns of its indexed fields hold."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

Key = str | bytes | int | float | None
"""What a column can hold."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_ascii = json.JSONEncoder(separators=(",", ":")).encode


def dumps(document: Mapping[str, Any]) -> bytes:
    """Returns JSON in UTF-8; half a surrogate pair is escaped. Raises TypeError or ValueError as `json.dumps`."""
    plain = document if isinstance(document, dict) else dict(document)
    try:
        return _encode(plain).encode()
    except UnicodeEncodeError:
        return _encode_ascii(plain).encode()


def loads(raw: bytes) -> Any:
    """Returns the document of its JSON."""
    return json.loads(raw.decode())


def id_list(doc_ids: Iterable[int]) -> str:
    """Returns a JSON array of doc_ids, for SQLite's `json_each`."""
    return f"[{','.join(map(str, doc_ids))}]"


def checksum(seed: int, doc_id: int, archived: int, raw: bytes) -> int:
    """Returns the CRC-32 of a document and of where it belongs; `archived` stands above it, so that moving a document
    adds or takes 2 ** 32."""
    return zlib.crc32(raw, (seed ^ doc_id ^ doc_id >> 32) & 0xFFFFFFFF) + (archived << 32)


def at_path(document: Any, path: tuple[str, ...]) -> Any:
    """Returns what stands at a path of keys; None for nothing."""
    for part in path:
        if not isinstance(document, dict):
            return None
        document = document.get(part)
    return document


def column_value(value: Any) -> Key:
    """Returns what a column holds: equal for equal values, sorted as null, numbers, texts, anything else."""
    if isinstance(value, str):
        return value if value.isascii() or _is_utf8(value) else b"\2" + value.encode("utf-8", "surrogatepass")
    if value is None or isinstance(value, float):
        return value
    if isinstance(value, int):
        if -(1 << 63) <= value < 1 << 63:
            return int(value)
        return float(value) if abs(value) < 1 << 1023 else math.copysign(math.inf, value)
    return b"\1"


def equal_to(value: Any) -> tuple[str, Key]:
    """Returns the SQL after a column that is equal to a value, and what stands for its `?`; of a list of texts, to one
    of these."""
    if isinstance(value, list):
        return "IN (SELECT value FROM json_each(?))", _encode_ascii(value)
    return "IS ?", column_value(value)


def text_or_number(column: str) -> str:
    """Returns the SQL of a column in which what is neither a text nor a number counts as null."""
    return f"iif(typeof({column}) = 'blob', NULL, {column})"


def decoded(value: Any) -> Any:
    """Returns the value of a column that holds a text, a number or null."""
    return value.decode() if type(value) is bytes else value


def _is_utf8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
