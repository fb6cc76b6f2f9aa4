"""Sorted ids in blocks. A change costs what the blocks that it touches cost: not all ids are copied for one of them."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import accumulate, chain, pairwise
from typing import Any, Final, TypeAlias, overload

BLOCK: Final = 256
"""Ids of a block; up to twice as many after additions."""
SortKey: TypeAlias = tuple[Any, ...]
"""What sorts an id: unique, so that no two ids have the same."""
KeysOf: TypeAlias = Callable[[Collection[int]], Mapping[int, SortKey]]
"""The keys of some ids as they are now; those that are gone are left out."""


class SortedIds(Sequence[int]):
    """It never changes: `updated` makes another one, which shares the blocks that are the same."""

    def __init__(
        self, blocks: Sequence[array[int]] = (), bounds: Sequence[SortKey] = (), *, is_whole: bool = True
    ) -> None:
        """`bounds`: of each block a key that is not above its first and above those of the block before.

        `is_whole`: no ids are missing at the end."""
        self._blocks, self._bounds = blocks, bounds
        self._starts = list(accumulate(map(len, blocks), initial=0))
        self.is_whole = is_whole

    @classmethod
    def of(cls, ids: Sequence[int], keys_of: KeysOf) -> SortedIds:
        """Of ids that are sorted."""
        blocks = [array("q", ids[begin : begin + BLOCK]) for begin in range(0, len(ids), BLOCK)]
        keys = keys_of([block[0] for block in blocks])
        return cls(blocks, [keys[block[0]] for block in blocks])

    def followed_by(self, other: SortedIds, *, is_whole: bool) -> SortedIds:
        """These and then others, whose keys are all above these."""
        return SortedIds([*self._blocks, *other._blocks], [*self._bounds, *other._bounds], is_whole=is_whole)

    # a sequence

    def __len__(self) -> int:
        return self._starts[-1]

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(self._blocks)

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> list[int]: ...
    def __getitem__(self, place: int | slice) -> int | list[int]:
        if isinstance(place, slice):
            return self._slice(place)
        index = place + len(self) if place < 0 else place
        if not 0 <= index < len(self):
            raise IndexError(place)
        number = bisect_right(self._starts, index) - 1
        return self._blocks[number][index - self._starts[number]]

    def _slice(self, places: slice) -> list[int]:
        first, end, step = places.indices(len(self))
        if step != 1:
            return [self[place] for place in range(first, end, step)]
        ids: list[int] = []
        number = bisect_right(self._starts, first) - 1
        while first < end:
            start = self._starts[number]
            ids += self._blocks[number][first - start : end - start]
            number, first = number + 1, start + len(self._blocks[number])
        return ids

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(int.__eq__, self, other))

    def __contains__(self, doc_id: object) -> bool:
        return any(doc_id in block for block in self._blocks)

    def index(self, doc_id: int, *_: int) -> int:
        """The place of an id. Raises ValueError."""
        for start, block in zip(self._starts, self._blocks, strict=False):
            if doc_id in block:
                return start + block.index(doc_id)
        raise ValueError(doc_id)

    def gone_and_new(self, before: SortedIds) -> tuple[set[int], set[int]]:
        """Which ids were in `before` and are not here, and the other way round. Equal blocks are passed over."""
        here, there = ({block.tobytes(): block for block in ids._blocks} for ids in (self, before))
        new = set(chain.from_iterable(block for key, block in here.items() if key not in there))
        gone = set(chain.from_iterable(block for key, block in there.items() if key not in here))
        return gone - new, new - gone

    # by keys

    def _block_of(self, key: SortKey) -> int:
        """The number of the block in which a key belongs."""
        return max(0, bisect_right(self._bounds, key) - 1)

    def among(self, keys: Mapping[int, SortKey]) -> set[int]:
        """Those of some ids that are here under these keys."""
        by_block: defaultdict[int, set[int]] = defaultdict(set)
        for doc_id, key in keys.items() if self._blocks else ():
            by_block[self._block_of(key)].add(doc_id)
        return {doc_id for number, ids in by_block.items() for doc_id in ids.intersection(self._blocks[number])}

    def part(self, first: int, end: int) -> SortedIds:
        """The ids from one place to another."""
        number, last = bisect_right(self._starts, first) - 1, bisect_right(self._starts, max(first, end - 1)) - 1
        if first >= end or not self._blocks:
            return SortedIds()
        blocks = list(self._blocks[number : last + 1])
        blocks[-1] = blocks[-1][: end - self._starts[last]]
        blocks[0] = blocks[0][first - self._starts[number] :]
        return SortedIds(blocks, self._bounds[number : last + 1])

    def updated(
        self,
        changed: Collection[int],
        present: Collection[int],
        keys_of: KeysOf,
        is_new: Callable[[SortKey], bool] | None = None,
    ) -> SortedIds:
        """These after a change; the same object where none moved.

        `changed`: the ids that may have come, gone or moved. `present`: those of them that are to be here now.
        `is_new`: whether an id with that key cannot have been here before; None: each may be anywhere, even twice.
        """
        changed, keys = set(changed), dict(keys_of(changed))
        present = set(present).intersection(keys)
        inside = set[int]() if is_new is None else self.among(keys)
        staying = self._in_order(inside, present, changed, keys, keys_of)
        unknown = changed - inside
        if is_new is not None:
            unknown = {doc_id for doc_id in unknown if doc_id not in keys or not is_new(keys[doc_id])}
        gone: defaultdict[int, set[int]] = defaultdict(set)
        for doc_id in inside - staying:
            gone[self._block_of(keys[doc_id])].add(doc_id)
        if unknown:  # an earlier key of theirs is not known: they may stand anywhere
            for number, block in enumerate(self._blocks):
                if not unknown.isdisjoint(block):
                    gone[number] |= unknown.intersection(block)
        added: defaultdict[int, list[int]] = defaultdict(list)
        for doc_id in present - staying:
            added[self._block_of(keys[doc_id])].append(doc_id)
        if not gone and not added:
            return self
        return self._with(gone, added, keys, keys_of)

    def _in_order(
        self,
        inside: set[int],
        present: Collection[int],
        changed: Collection[int],
        keys: Mapping[int, SortKey],
        keys_of: KeysOf,
    ) -> set[int]:
        """The ids `inside`, which stand in the blocks of their keys, that need not move: all of a block, or none.

        They stay if each stands between its neighbours, and none of these changed and goes."""
        blocks: defaultdict[int, set[int]] = defaultdict(set)
        for doc_id in inside:
            blocks[self._block_of(keys[doc_id])].add(doc_id)
        runs: dict[int, list[Sequence[int]]] = {}
        for number, ids in blocks.items():
            some = list(_runs(self._blocks[number], ids))
            if ids.issubset(present) and all(doc_id in ids or doc_id not in changed for run in some for doc_id in run):
                runs[number] = some
        beside = {doc_id for some in runs.values() for run in some for doc_id in run}
        all_keys = {**keys_of(beside.difference(keys)), **keys}
        return {
            doc_id
            for number, some in runs.items()
            if all(all_keys.get(one, ()) < all_keys.get(other, ()) for run in some for one, other in pairwise(run))
            for doc_id in blocks[number]
        }

    def _with(
        self,
        gone: Mapping[int, set[int]],
        added: Mapping[int, list[int]],
        keys: Mapping[int, SortKey],
        keys_of: KeysOf,
    ) -> SortedIds:
        blocks: list[array[int]] = []
        bounds: list[SortKey] = []
        for number, (block, bound) in enumerate(zip(self._blocks or [array("q")], self._bounds or [()], strict=True)):
            left, new = block, added.get(number)
            if number in gone:
                left = array("q", [doc_id for doc_id in block if doc_id not in gone[number]])
            if new:
                known = {**keys_of(left), **{doc_id: keys[doc_id] for doc_id in new}}
                ids = sorted(known, key=known.__getitem__)
                first = known[ids[0]]
                size = BLOCK if len(ids) > 2 * BLOCK else len(ids)
                blocks += [array("q", ids[begin : begin + size]) for begin in range(0, len(ids), size)]
                bounds += [
                    min(bound, first) if bound else first,
                    *(known[ids[at]] for at in range(size, len(ids), size)),
                ]
            elif blocks and len(blocks[-1]) + len(left) <= BLOCK:
                blocks[-1] = blocks[-1] + left
            elif left:
                blocks.append(left)
                bounds.append(bound)
        return SortedIds(blocks, bounds, is_whole=self.is_whole)


def _runs(block: Sequence[int], ids: Collection[int]) -> Iterator[Sequence[int]]:
    """Yields each of some ids of a block between its neighbours."""
    places = {doc_id: place for place, doc_id in enumerate(block) if doc_id in ids}
    for place in places.values():
        yield block[max(0, place - 1) : place + 2]
