"""The rows of a query, kept up to date: searched once, in slices; after that only changed conversations are matched."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import islice
from typing import Any, Final

from commtui.activity.desk import Desk
from commtui.model.query_terms import Query, all_terms, asks_about
from commtui.model.states import Order, Queue
from commtui.store.changes import Changes
from commtui.triage import query, queues, search, views
from commtui.triage.narrowing import Slices
from commtui.triage.query import QueryContext

FEW: Final = 100
"""Changed conversations that are matched at once. With more, all rows are searched anew, in slices."""
SINGLY: Final = 8
"""Up to this many rows are removed from the list one by one; for more the list is rebuilt."""


class LiveFilter:
    """The rows that `views.queue` returns for some terms, without a new search at each change.

    Call `update` after each change; while `searching`, call `search_for` until it returns True.
    """

    def __init__(self, terms: Query, order: Order = Order.WAIT) -> None:
        self.terms = terms
        self.order = order
        self._numbers: Sequence[int] = ()
        self._members: set[int] = set()
        self._search: Slices[list[int]] | None = None
        self._missed: set[int] = set()
        """Conversations that changed while the search ran."""
        self._context: QueryContext | None = None
        """The context with which the rows were last matched."""
        self._woken: frozenset[int] = frozenset()
        """Conversations whose snooze or mute had ended then."""

    is_whole: Final = True
    """Its rows are all that there are, once they are found."""

    def more(self) -> None:
        """Wants more rows: there are none."""

    @property
    def searching(self) -> bool:
        """Whether the search is not finished. Until then `update` returns the rows of the search before, if any."""
        return self._search is not None or bool(self._missed)

    def update(self, desk: Desk, changes: Changes) -> Sequence[int]:
        """Returns the rows after these changes; the same object if they are the same rows."""
        context, before = views.query_context(desk), self._context
        conversations, mentions = changes.conversations, changes.mentions
        if before is None or conversations is None or mentions is None or not _only_later(context, before):
            self._begin(desk, context)
            return self._numbers
        woken = frozenset(queues.back(desk))
        changed = conversations | desk.store.conversations.of_mentions(mentions) | (woken ^ self._woken)
        if asks_about(self.terms, "has", "note"):
            notes = changes.notes
            if notes is None:
                self._begin(desk, context)
                return self._numbers
            changed |= desk.store.conversations.of_notes(notes)
        changed |= _crossed(desk, self.terms, before, context)
        if asks_about(self.terms, "is", "overdue") or asks_about(self.terms, "is", "at-risk"):
            changed |= woken | _newly_late(desk, before, context)
        self._woken, self._context = woken, context
        if self.searching:
            self._missed |= changed
        elif len(changed) > FEW:
            self._begin(desk, context)
        else:
            self._match_again(desk, changed)
        return self._numbers

    def _begin(self, desk: Desk, context: QueryContext) -> None:
        self._context, self._woken = context, frozenset(queues.back(desk))
        self._missed = set()
        self._search = search.search(desk, self.terms, context, self._woken, self.order)

    def search_for(self, desk: Desk, seconds: float) -> bool:
        """Continues the search for that long, and a few milliseconds more. Returns whether it is finished.

        Raises StoreError.
        """
        until = desk.clock.monotonic() + seconds
        with desk.store.view():
            while self.searching:
                self._search_on(desk)
                if self.searching and desk.clock.monotonic() >= until:
                    return False
        return True

    def _search_on(self, desk: Desk) -> None:
        """Takes the next step of the search, and after its last one some of what changed meanwhile."""
        running, self._search = self._search, None  # one that raises has ended
        if running is None:
            some = set(islice(self._missed, SINGLY))
            self._missed -= some
            self._match_again(desk, some)
            return
        try:
            next(running)
        except StopIteration as end:
            self._numbers, self._members = end.value, set(end.value)
        else:
            self._search = running

    def matches(self, desk: Desk, number: int) -> bool:
        """Whether a conversation is among the rows, or will be when the search reaches it."""
        context = self._context
        return context is not None and search.matches(desk, number, self.terms, context, self._woken)

    def _match_again(self, desk: Desk, changed: Collection[int]) -> None:
        removed = self._members.intersection(changed)
        matching = [number for number in changed if self.matches(desk, number)]
        if not removed and not matching:
            return
        if len(removed) <= SINGLY:
            numbers = list(self._numbers)
            for number in removed:
                numbers.remove(number)
        else:
            numbers = [number for number in self._numbers if number not in removed]
        for key, number in sorted((self._sort_key(desk, member), member) for member in matching):
            is_last = not numbers or self._sort_key(desk, numbers[-1]) < key  # most often: a new one waits shortest
            index = len(numbers)
            if not is_last:
                index = bisect_left(numbers, key, key=lambda other: self._sort_key(desk, other))
            numbers.insert(index, number)
        if numbers != self._numbers:
            self._numbers = numbers
            self._members.difference_update(removed)
            self._members.update(matching)

    def _sort_key(self, desk: Desk, number: int) -> tuple[bool, tuple[Any, int]]:
        """Returns the sort key of a row: by who waits longest, archived conversations come first."""
        after = self.order is not Order.WAIT or not desk.store.conversations.is_archived(number)
        return after, queues.sort_key(desk, number, self.order)


def _only_later(now: QueryContext, before: QueryContext) -> bool:
    """Whether two contexts differ in their time only, and that did not go backwards."""
    return ((now.who, now.account_names) == (before.who, before.account_names)) and now.now >= before.now


def _crossed(desk: Desk, terms: Query, before: QueryContext, now: QueryContext) -> set[int]:
    """Returns the conversations whose newest mention a `since:` or an `until:`, or whose deadline a `due:` has passed
    between two times."""
    crossed: set[int] = set()
    for term in all_terms(terms):
        if term.key == "due":
            for one, other in zip(query.due_in(term, before), query.due_in(term, now), strict=True):
                for queue in (Queue.OPEN, Queue.SNOOZED) if one != other else ():
                    crossed.update(desk.store.conversations.due_between(queue, *sorted((one, other))))
        if term.key in ("since", "until"):
            one, other = sorted((query.bound(term, before), query.bound(term, now)))
            if one != other:
                for queue, archived in (*((queue, False) for queue in search.HOT), (Queue.DONE, True)):
                    crossed.update(desk.store.conversations.newest_between(queue, one, other, archived=archived))
    return crossed


def _newly_late(desk: Desk, before: QueryContext, now: QueryContext) -> set[int]:
    """Returns the open conversations that became overdue or at risk between two times."""
    conversations = desk.store.conversations
    return {
        *conversations.due_before(now.now, at_least=before.now),
        *conversations.at_risk_before(now.now, at_least=before.now),
    }
