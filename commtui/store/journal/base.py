"""One table as it stands in a snapshot: mapped files and sorted arrays, nothing parsed until it is asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal
from zlib import crc32

from commtui.store.journal.columns import Columns, Wanted, getter
from commtui.store.journal.format import hash_of, json_of, loads, sound

Bytes = Any
"""bytes or an mmap: what can be cut into bytes."""

EMPTY_ARRAY = memoryview(b"").cast("q")


class Base:
    """The documents of one table in one snapshot. Never changes; may be used from any thread."""

    def __init__(
        self,
        wanted: Wanted,
        data: Bytes = b"",
        index: Bytes = b"",
        places: dict[str, tuple[int, int, int]] | None = None,
        made: Mapping[str, bytes | memoryview] | None = None,
        length: int = 0,
    ) -> None:
        """`places`: (offset, length, crc) of each section in `index`; `made`: sections that are not in it."""
        self.wanted = wanted
        self.length = length
        self._data = data
        self._index = index
        self._places = places or {}
        self._made: dict[str, bytes | memoryview] = dict(made or {})
        self._last: tuple[int | None, int] = (None, -1)
        self._views: dict[tuple[str, str], memoryview[int]] = {}

    def has(self, name: str) -> bool:
        return name in self._made or name in self._places

    def bytes_of(self, name: str) -> memoryview:
        """A section; one that is missing or damaged is made from the documents, which takes a scan of the table."""
        if not self.checked(name):
            if name in ("starts", "order"):
                raise LookupError(name)  # they are checked when the snapshot is opened
            self._make()
        return memoryview(self._made.get(name, b""))

    def checked(self, name: str) -> bool:
        """Whether a section is there and sound. Looks at its bytes the first time."""
        if name not in self._made:
            place = self._places.get(name)
            if place is None:
                return False
            part = memoryview(self._index)[place[0] : place[0] + place[1]]
            if len(part) != place[1] or crc32(part) != place[2]:
                return False
            self._made[name] = part
        return True

    def view(self, name: str, code: Literal["q", "Q", "I"]) -> memoryview[int]:
        """A section as an array of numbers."""
        found = self._views.get((name, code))
        if found is None:
            part = self.bytes_of(name)
            found = self._views[(name, code)] = part.cast(code) if len(part) else EMPTY_ARRAY
        return found

    def _make(self) -> None:
        columns = Columns(self.wanted)
        order = self.view("order", "q")
        for position in range(self.length):
            raw = self.raw(position)
            columns.add(order[position], loads(raw) if raw is not None else {})
        for name, section in columns.sections(lambda: None).items():
            self._made.setdefault(name, section)

    # -- documents

    @property
    def order(self) -> memoryview[int]:
        return self.view("order", "q")

    @cached_property
    def ids(self) -> memoryview[int]:
        """All ids, sorted."""
        return self.view("ids" if self.has("ids") else "order", "q")

    def position(self, ident: int) -> int:
        """Where `ident` is in insertion order; -1 if it is not here."""
        known, position = self._last
        if known == ident:
            return position
        if not self.length:
            return -1
        ids = self.ids
        position = bisect_left(ids, ident)
        if position == self.length or ids[position] != ident:
            position = -1
        elif self.has("rank"):
            position = self.view("rank", "I")[position]
        self._last = ident, position  # one change asks several times
        return position

    @property
    def starts(self) -> memoryview[int]:
        """Where each line begins, and where the last one ends."""
        return self.view("starts", "Q")

    def place(self, position: int) -> tuple[int, int]:
        """(begin, end) of a document's line in the snapshot."""
        starts = self.starts
        return starts[position], starts[position + 1]

    def text(self, position: int) -> bytes:
        """The line of a document, without its LF."""
        return self.lines(position, position + 1)[:-1]

    def lines(self, first: int, last: int) -> bytes:
        """The lines from one position to another, which is not included."""
        starts = self.starts
        lines: bytes = self._data[starts[first] : starts[last]]
        return lines

    def raw(self, position: int) -> bytes | None:
        """The JSON at `position`; None if its line is damaged."""
        text = self.text(position)
        return json_of(text) if sound(text) else None

    # -- values

    def positions(self, field: str, value: Any) -> list[int]:
        """Positions, in order, of all documents with that value (and perhaps of others: 32 bits of hash)."""
        hashed = hash_of(value)
        if hashed is None or not self.length:
            return []
        entries = self.view(f"eq:{field}", "Q")
        first = bisect_left(entries, hashed << 32)
        last = bisect_left(entries, (hashed + 1) << 32, first)
        return [entry & 0xFFFFFFFF for entry in entries[first:last]]

    def counts(self, field: str) -> dict[Any, int] | None:
        """Number of documents for each value; None if there are too many values to have been counted."""
        if not self.length:
            return {}
        self.bytes_of(f"eq:{field}")
        if not self.has(f"counts:{field}"):
            return None
        return dict(loads(bytes(self.bytes_of(f"counts:{field}")))["counts"])

    def members(self, field: str, value: Any, by: str) -> memoryview[int]:
        """ids with that value, sorted by (by, id)."""
        hashed = hash_of(value)
        if hashed is None or not self.length:
            return EMPTY_ARRAY
        groups = self.view(f"groups:{field}:{by}", "Q")
        ids = self.view(f"ids:{field}:{by}", "q")
        get = getter(field)
        at = bisect_left(groups, hashed << 32)
        while at < len(groups) and groups[at] >> 32 == hashed:
            first = groups[at] & 0xFFFFFFFF
            last = groups[at + 1] & 0xFFFFFFFF if at + 1 < len(groups) else len(ids)
            raw = self.raw(self.position(ids[first]))
            if raw is None or get(loads(raw)) == value:  # two values may share a hash
                return ids[first:last]
            at += 1
        return EMPTY_ARRAY

    def key(self, by: str, position: int) -> bytes:
        """The sort key of field `by` at `position`."""
        at = self.view(f"keyat:{by}", "I")
        return bytes(self.bytes_of(f"key:{by}")[at[position] : at[position + 1]])
