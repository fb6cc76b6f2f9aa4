"""What a query found, as a sequence that decodes documents when they are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, overload

from tinydb.table import Document

from commtui.store.journal.base import Base
from commtui.store.journal.state import Row

if TYPE_CHECKING:
    from commtui.store.journal.table import JournalTable


class Found(Sequence[Document]):
    """Documents that matched, as they were then; each is decoded, anew, when it is taken out."""

    def __init__(self, table: JournalTable, base: Base, rows: Sequence[Row]) -> None:
        self._table = table
        self._base = base
        self._rows = rows[:]

    @property
    def ids(self) -> list[int]:
        """Their ids, without decoding anything."""
        return [row[1] for row in self._rows]

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Document: ...
    @overload
    def __getitem__(self, at: slice) -> Found: ...
    def __getitem__(self, at: int | slice) -> Document | Found:
        if isinstance(at, slice):
            return Found(self._table, self._base, self._rows[at])
        return self._table.documents(self._base, [self._rows[at]])[0]

    def __iter__(self) -> Iterator[Document]:
        for row in self._rows:
            yield from self._table.documents(self._base, [row])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]
