"""The rows of a query, kept: found once, in slices, and after that only what changed is measured anew."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import Final

from commtui.activity.desk import Desk
from commtui.store.changes import Changes
from commtui.triage import queues, search, views
from commtui.triage.query import Setting, Term

SINGLY: Final = 8
"""Up to so many rows are taken out of a list one by one."""


class LiveFilter:
    """What `views.queue` gives for some terms, without asking for it again at each change.

    `follow` after each change; while `searching`, `go_on` until that says that it is through.
    """

    def __init__(self, terms: tuple[Term, ...]) -> None:
        self.terms = terms
        self._numbers: Sequence[int] = ()
        self._members: set[int] = set()
        self._search: search.Slices[list[int]] | None = None
        self._missed: set[int] = set()
        """What changed while the search went on."""
        self._measure: Setting | None = None
        """What the rows were last measured against."""
        self._awake: frozenset[int] = frozenset()

    @property
    def searching(self) -> bool:
        """Whether the rows are still being looked for; until then those from before stand, if there were any."""
        return self._search is not None

    def follow(self, desk: Desk, changes: Changes) -> Sequence[int]:
        """The rows after these changes (table -> doc_ids, None: anything); the same object if nothing moved."""
        measure, before = views.setting(desk), self._measure
        held, said = changes.conversations, changes.mentions
        if before is None or held is None or said is None or not _alike(measure, before):
            self._begin(desk, measure)
            return self._numbers
        awake = frozenset(queues.awake(desk))
        changed = held | desk.store.conversations.of_mentions(said) | (awake ^ self._awake)
        if any(term.key == "is" and term.value == "overdue" for term in self.terms):
            changed |= awake | set(_come_of_age(desk, before, measure))
        self._awake, self._measure = awake, measure
        if self._search is not None:
            self._missed |= changed
        else:
            self._measure_anew(desk, changed)
        return self._numbers

    def _begin(self, desk: Desk, measure: Setting) -> None:
        self._measure, self._awake = measure, frozenset(queues.awake(desk))
        self._missed = set()
        self._search = search.search(desk, self.terms, measure, self._awake)

    def go_on(self, desk: Desk, seconds: float) -> bool:
        """Searches for so long, and a few milliseconds more; True once all is found. Raises StoreError."""
        until = desk.clock.monotonic() + seconds
        with desk.store.view():
            while self._search is not None:
                try:
                    next(self._search)
                except StopIteration as end:
                    self._search = None
                    self._numbers, self._members = end.value, set(end.value)
                    self._measure_anew(desk, self._missed)
                except BaseException:
                    self._search = None
                    raise
                else:
                    if desk.clock.monotonic() >= until:
                        return False
        return True

    def means(self, desk: Desk, number: int) -> bool:
        """Whether a conversation is, or will be found to be, among the rows."""
        measure = self._measure
        return measure is not None and search.is_meant(desk, number, self.terms, measure, self._awake)

    def _measure_anew(self, desk: Desk, changed: Collection[int]) -> None:
        gone = self._members.intersection(changed)
        meant = [each for each in changed if self.means(desk, each)]
        if not gone and not meant:
            return
        if len(gone) <= SINGLY:
            numbers = list(self._numbers)
            for number in gone:
                numbers.remove(number)
        else:
            numbers = [number for number in self._numbers if number not in gone]
        for place, number in sorted((_place(desk, each), each) for each in meant):
            last = not numbers or _place(desk, numbers[-1]) < place  # as a rule: who comes now waits shortest
            at = len(numbers) if last else bisect_left(numbers, place, key=lambda other: _place(desk, other))
            numbers.insert(at, number)
        if numbers != self._numbers:
            self._numbers = numbers
            self._members.difference_update(gone)
            self._members.update(meant)


def _place(desk: Desk, number: int) -> tuple[bool, tuple[str, int]]:
    """What sorts a row: what is in the archive stands first."""
    return not desk.store.conversations.is_archived(number), queues.place(desk, number)


def _alike(one: Setting, other: Setting) -> bool:
    """Whether two measures differ in nothing but their moment, which does not run backwards."""
    return (
        (one.who, one.answer_within, one.account_names) == (other.who, other.answer_within, other.account_names)
    ) and one.now >= other.now


def _come_of_age(desk: Desk, before: Setting, now: Setting) -> Sequence[int]:
    """The open conversations that became overdue between two moments."""
    earlier, later = (each.now - each.answer_within for each in (before, now))
    return desk.store.conversations.open_since(later, at_least=earlier)
