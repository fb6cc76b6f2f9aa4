"""Sorted ids in blocks: equal to a list that is sorted anew, and a change costs what it touches."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commtui.store.tinydb_sqlite import sorted_ids
from commtui.store.tinydb_sqlite.sorted_ids import SortedIds, SortKey

CHANGE = st.lists(st.tuples(st.integers(0, 25), st.one_of(st.none(), st.integers(0, 40)), st.booleans()), max_size=12)
"""(id, its sort key or None for no such thing any more, whether it belongs to the ids)"""


class Table:
    """Ids with keys, some of which belong to a sequence."""

    def __init__(self) -> None:
        self.keys: dict[int, SortKey] = {}
        self.members: set[int] = set()
        self.asked = 0

    def keys_of(self, ids: Collection[int]) -> Mapping[int, SortKey]:
        self.asked += len(ids)
        return {doc_id: self.keys[doc_id] for doc_id in ids if doc_id in self.keys}

    def put(self, doc_id: int, key: int | None, member: bool) -> None:
        self.members.discard(doc_id)
        self.keys.pop(doc_id, None)
        if key is not None:
            self.keys[doc_id] = (key, doc_id)
            if member:
                self.members.add(doc_id)

    def sorted(self) -> list[int]:
        return sorted(self.members, key=self.keys.__getitem__)

    def updated(self, ids: SortedIds, changed: set[int], is_new=lambda key: False) -> SortedIds:
        return ids.updated(changed, changed & self.members, self.keys_of, is_new)


START = [(1, 10, True), (2, 20, True), (3, 30, True), (4, 40, True)]


@given(st.lists(CHANGE, max_size=8), st.integers(1, 6))
@example([START, [(2, None, False), (3, 5, True)]], 6)
@example([START, [(2, 25, False), (3, 5, True)]], 6)
@example([START, [(2, 50, True), (3, 5, True)]], 6)
@example([START, [(2, 3, True), (3, 5, True)]], 6)
def test_after_any_change_the_ids_are_sorted(changes, size):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sorted_ids, "BLOCK", size)
        table, ids = Table(), SortedIds()
        for change in changes:
            for doc_id, key, member in change:
                table.put(doc_id, key, member)
            before, old = ids, list(ids)
            ids = table.updated(ids, {doc_id for doc_id, _, _ in change})
            expected = table.sorted()
            assert list(ids) == expected and ids == expected and len(ids) == len(expected)
            assert list(before) == old, "what was handed out has changed"
            assert (ids is before) or old != expected or not change
            assert all(0 < len(block) <= 2 * size for block in ids._blocks)
        assert list(SortedIds.of(table.sorted(), table.keys_of)) == table.sorted()


@given(st.integers(0, 30), st.integers(1, 6), st.integers(-35, 35), st.integers(-35, 35))
def test_places_and_parts_are_those_of_a_list(count, size, first, end):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sorted_ids, "BLOCK", size)
        whole = [number * 7 % 31 for number in range(count)]
        keys = {doc_id: (place,) for place, doc_id in enumerate(whole)}
        ids = SortedIds.of(whole, lambda some: {doc_id: keys[doc_id] for doc_id in some})
        assert [ids[place] for place in range(-count, count)] == [whole[place] for place in range(-count, count)]
        assert ids[first:end] == whole[first:end] and ids[::-2] == whole[::-2]
        for place in (count, -count - 1):
            with pytest.raises(IndexError):
                ids[place]
        for doc_id in range(31):
            assert (doc_id in ids) == (doc_id in whole)
            if doc_id in whole:
                assert ids.index(doc_id) == whole.index(doc_id)
            else:
                with pytest.raises(ValueError):
                    ids.index(doc_id)
        some = {doc_id: keys[doc_id] for doc_id in whole[::2]}
        assert ids.among({**some, 99: (3,), 98: (-1,)}) == set(some)
        part = ids.part(max(0, first), min(count, max(0, end)))
        assert list(part) == whole[max(0, first) : max(0, end)]
        assert part.among(keys) == set(part)


def test_a_change_asks_for_the_keys_of_the_blocks_that_it_touches():
    table, chance = Table(), random.Random(1)
    for doc_id in range(100_000):
        table.put(doc_id, chance.randrange(10**6), True)
    ids = SortedIds.of(table.sorted(), table.keys_of)
    block = sorted_ids.BLOCK

    def asked(changed: set[int], **more) -> int:
        table.asked = 0
        nonlocal ids
        ids = table.updated(ids, changed, **more)
        assert list(ids) == table.sorted()
        return table.asked

    first = set(ids[:200])
    table.members -= first
    assert asked(first) == 200, "what goes from one place"
    table.members |= first
    assert asked(first, is_new=lambda key: True) <= 200 + 2 * block, "what comes to one place"
    some = set(chance.sample(range(100_000), 10))
    assert asked(some) <= 10 + 2 * 10, "what changes and stays"
    table.put(200_000, 10**7, True)
    assert asked({200_000}, is_new=lambda key: True) <= 1 + 2 * block, "the newest"
