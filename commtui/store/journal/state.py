"""One table in memory: what the snapshot says, and over it what the journal changed since."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import count
from operator import itemgetter

from commtui.store.journal.base import Base

Undo = Callable[[], None]
Row = tuple[int, int, bytes | None]
"""(rank, id, JSON or None if it is the snapshot's document at that rank). Ranks grow in insertion order."""


class Tracker:
    """Collects which documents changed, for a cache that is brought up to date later."""

    __slots__ = ("everything", "ids", "lasting", "most", "version")

    def __init__(self, most: int, *, lasting: bool) -> None:
        self.most = most
        self.lasting = lasting
        """Outlives the snapshot that the table stands on."""
        self.ids: set[int] = set()
        self.everything = False
        self.version = 0
        """Grows with every change."""

    def note(self, ident: int) -> None:
        self.version += 1
        if not self.everything:
            self.ids.add(ident)
            if len(self.ids) > self.most:
                self.note_all()

    def note_many(self, idents: Collection[int]) -> None:
        self.version += len(idents)
        if not self.everything:
            self.ids.update(idents)
            if len(self.ids) > self.most:
                self.note_all()

    def note_all(self) -> None:
        self.version += 1
        self.everything = True
        self.ids.clear()

    def reset(self) -> None:
        self.everything = False
        self.ids.clear()


class TableState:
    """Documents by id, in the order in which they were inserted: an update keeps the place, removing and inserting
    again goes last."""

    def __init__(self, base: Base, highest: int, *, exists: bool) -> None:
        self.base = base
        self.changed: dict[int, bytes] = {}
        """Documents of the snapshot with another content."""
        self.gone: set[int] = set()
        """Ids of the snapshot whose document there no longer counts."""
        self.added: dict[int, bytes] = {}
        self.ranks: dict[int, int] = {}
        """Rank of each added document."""
        self.next_rank = base.length
        self.highest = highest
        """The highest id ever given out."""
        self.exists = exists
        self.trackers: list[Tracker] = []

    def __len__(self) -> int:
        return self.base.length - len(self.gone) + len(self.added)

    def rank(self, ident: int) -> int:
        """Where `ident` stands in insertion order; -1 if it is not there."""
        rank = self.ranks.get(ident)
        if rank is not None:
            return rank
        return -1 if ident in self.gone else self.base.position(ident)

    def row(self, ident: int) -> Row | None:
        raw = self.added.get(ident)
        if raw is not None:
            return self.ranks[ident], ident, raw
        if ident in self.gone:
            return None
        rank = self.base.position(ident)
        return None if rank < 0 else (rank, ident, self.changed.get(ident))

    def raw(self, ident: int) -> bytes | None:
        """The JSON of a document; None if there is none."""
        raw = self.added.get(ident)
        if raw is None and ident not in self.gone:
            raw = self.changed.get(ident)
            if raw is None:
                position = self.base.position(ident)
                if position >= 0:
                    raw = self.base.raw(position)
        return raw

    def has(self, ident: int) -> bool:
        return ident in self.added or (ident not in self.gone and self.base.position(ident) >= 0)

    def touched(self) -> list[int]:
        """Every id about which the journal says something."""
        return list({*self.changed, *self.gone, *self.added})

    def frozen(self) -> Callable[[], Iterator[Row]]:
        """All rows in order, as they are now, whatever happens later. Costs what changed since the snapshot."""
        base, changed, gone = self.base, dict(self.changed), set(self.gone)
        added = list(self.ranks.values()), list(self.added), list(self.added.values())

        def rows() -> Iterator[Row]:
            if base.length:
                for position, ident in enumerate(base.order):
                    if ident not in gone:
                        yield position, ident, changed.get(ident)
            yield from zip(*added, strict=True)

        return rows

    def lose(self, position: int) -> None:
        """The snapshot's line there is damaged: its document no longer counts."""
        ident = self.base.order[position]
        self.gone.add(ident)
        self._note(ident)

    # -- changes, each with what undoes it

    def apply(self, flag: str, ident: int, raw: bytes) -> Undo:
        """One change of a transaction."""
        if flag == "p":
            return self._put(ident, raw)
        if flag == "d":
            return self._delete(ident)
        return self._clear(exists=flag == "c")

    def _note(self, ident: int) -> None:
        for tracker in self.trackers:
            tracker.note(ident)

    def _put(self, ident: int, raw: bytes) -> Undo:
        before = self.highest, self.exists
        self.exists = True
        if ident > self.highest:
            self.highest = ident
        self._note(ident)
        target = self.added
        if ident not in target and ident not in self.gone and self.base.position(ident) >= 0:
            target = self.changed
        old = target.get(ident)
        if old is None and target is self.added:
            self.ranks[ident] = self.next_rank
            self.next_rank += 1
        target[ident] = raw

        def undo() -> None:
            self.highest, self.exists = before
            if old is not None:
                target[ident] = old
            else:
                del target[ident]
                if target is self.added:
                    del self.ranks[ident]
            self._note(ident)

        return undo

    def insert(self, documents: Mapping[int, bytes]) -> Undo:
        """Many new documents; none of the ids may be there."""
        before = self.highest, self.exists
        self.exists = True
        self.highest = max(self.highest, *documents)
        self.ranks.update(zip(documents, count(self.next_rank), strict=False))
        self.next_rank += len(documents)
        self.added.update(documents)
        for tracker in self.trackers:
            tracker.note_many(documents)

        def undo() -> None:
            self.highest, self.exists = before
            for ident in documents:
                del self.added[ident], self.ranks[ident]
                self._note(ident)

        return undo

    def _delete(self, ident: int) -> Undo:
        self._note(ident)
        raw = self.added.pop(ident, None)
        if raw is not None:
            rank = self.ranks.pop(ident)
            again = raw

            def undo_added() -> None:
                self.ranks[ident] = rank
                self.added[ident] = again
                items = sorted(self.added.items(), key=lambda item: self.ranks[item[0]])
                self.added.clear()
                self.added.update(items)  # the same dict: other undos hold it
                self.ranks = {known: self.ranks[known] for known in self.added}
                self._note(ident)

            return undo_added
        if ident in self.gone or self.base.position(ident) < 0:
            return lambda: None
        old = self.changed.pop(ident, None)
        self.gone.add(ident)

        def undo() -> None:
            self.gone.discard(ident)
            if old is not None:
                self.changed[ident] = old
            self._note(ident)

        return undo

    def _clear(self, *, exists: bool) -> Undo:
        kept = dict(self.__dict__)
        self.base = Base(self.base.wanted)
        self.changed, self.gone, self.added, self.ranks = {}, set(), {}, {}
        self.next_rank = self.highest = 0
        self.exists = exists
        for tracker in self.trackers:
            tracker.note_all()

        def undo() -> None:
            self.__dict__.update(kept)
            for tracker in self.trackers:
                tracker.note_all()

        return undo


in_order = itemgetter(0)
"""Sorts rows."""
