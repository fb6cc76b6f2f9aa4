"""Searches the conversations that match a query, in slices, with as few records read as possible.

Queues, indexes and the full-text index narrow the candidates (narrowing.py). Only for what they leave open are records
read and given to `query.matches_conversation`, which decides.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple

from commtui.activity.desk import Desk
from commtui.model.query_terms import Query, Term, asks_for, names_a_status, required
from commtui.model.records import Conversation
from commtui.model.states import Order, Queue
from commtui.store.conversations import Conversations
from commtui.triage import query, queues
from commtui.triage.narrowing import IMPLIED, POSSIBLE, Narrowed, Narrowing, R, Slices
from commtui.triage.query import QueryContext

AT_ONCE: Final = 10
"""Conversations that are matched between two yields."""
ROWS_AT_ONCE: Final = 10_000
"""Numbers of rows that are read between two yields."""
KEYS_AT_ONCE: Final = 200
"""Conversations that are put in order between two yields."""
SORTED_MOST: Final = 1_000
"""Up to this many that are overdue or at risk are put in order at once; of more, all open ones are matched."""
HOT: Final = (Queue.OPEN, Queue.SNOOZED, Queue.WAITING, Queue.DONE, Queue.MUTED)
IN_THE_PANE: Final = (Queue.OPEN, Queue.SNOOZED)
"""The queues of the mentions pane for a query that names no status; of the snoozed ones, those that have woken."""


class Scope(NamedTuple):
    """The part of the store that a query searches."""

    archive: bool
    """Whether the archive is searched, too."""
    queues: tuple[Queue, ...]
    """The queues of conversations that are not archived."""


class Candidates(NamedTuple):
    """Conversations that may match, each sequence in the order that was asked for."""

    archived: Narrowed
    """All of them are done."""
    hot: Narrowed
    """Those that are not archived."""


def run_to_end(slices: Slices[R]) -> R:
    """Runs a search to its end and returns its result."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            result: R = end.value
            return result


def scope_of(terms: Query, default: tuple[Queue, ...] = IN_THE_PANE) -> Scope:
    """Returns where to search. `default`: the queues for a query that names no status."""
    queues = HOT if names_a_status(terms) else default
    archive = asks_for(terms, "done", "archived")
    for clause in terms:
        if all(term.key == "is" and not term.negated and term.value in POSSIBLE for term in clause):
            places = {queue for term in clause for queue in POSSIBLE[term.value]}
            archive = archive and (Queue.DONE in places or asks_for((clause,), "archived"))
            queues = tuple(queue for queue in queues if queue in places)
    return Scope(archive, queues)


def candidates(
    desk: Desk,
    terms: Query,
    scope: Scope,
    context: QueryContext,
    order: Order = Order.WAIT,
    *,
    of_mentions: bool = False,
) -> Slices[Candidates]:
    """Returns the conversations that the query has to be matched with. `of_mentions`: mention by mention."""
    conversations = desk.store.conversations
    by_queue: dict[Queue, Sequence[int]] = {}
    ended = {queue: desk.store.away.mute_ended(context.now, queue) for queue in (Queue.OPEN, Queue.WAITING)}
    for queue in scope.queues:
        by_queue[queue] = yield from _sorted(conversations, order, queue, also=ended.get(queue, ()))
    late = Term("is", "overdue") in required(terms)
    by_due = late or Term("is", "at-risk") in required(terms)
    if Queue.OPEN in by_queue and by_due and not ended[Queue.OPEN]:
        before = conversations.due_before if late else conversations.at_risk_before
        due = before(context.now, most=SORTED_MOST + 1)
        if len(due) <= SORTED_MOST:
            keys = conversations.sort_keys(order, due)
            by_queue = {**by_queue, Queue.OPEN: sorted(due, key=keys.__getitem__)}
    if Queue.MUTED in by_queue and any(ended.values()):
        away = {number for numbers in ended.values() for number in numbers}
        by_queue[Queue.MUTED] = [number for number in by_queue[Queue.MUTED] if number not in away]
    narrowing = Narrowing(conversations, context, archived=False, of_mentions=of_mentions)
    hot = yield from narrowing.narrowed(terms, by_queue)
    if not scope.archive:
        return Candidates(Narrowed({}, ()), hot)
    done = yield from _sorted(conversations, order, Queue.DONE, archived=True)
    narrowing = Narrowing(conversations, context, archived=True, of_mentions=of_mentions)
    return Candidates((yield from narrowing.narrowed(terms, {Queue.DONE: done})), hot)


def _sorted(
    conversations: Conversations, order: Order, queue: Queue, *, archived: bool = False, also: Sequence[int] = ()
) -> Slices[Sequence[int]]:
    """Returns all conversations of a queue, and a few others, in some order."""
    ids = conversations.sorted_by(order, queue, archived=archived, at_once=ROWS_AT_ONCE, also=also)
    while conversations.is_reading(order, queue, archived=archived):
        yield
        ids = conversations.sorted_by(order, queue, archived=archived, at_once=ROWS_AT_ONCE, also=also)
    return ids


def search(
    desk: Desk,
    terms: Query,
    context: QueryContext,
    woken: Collection[int],
    order: Order = Order.WAIT,
) -> Slices[list[int]]:
    """Returns the rows of the mentions pane for a query, in some order. `woken`: the result of queues.woken.

    By who waits longest, archived ones come first.
    """
    archived, hot = yield from candidates(desk, terms, scope_of(terms), context, order)
    done, remaining = archived.by_queue.get(Queue.DONE, ()), _not_implied(archived.remaining, ("done", "archived"))
    rows = yield from _matching(desk, done, remaining, context, archived=True)
    matching = []
    for queue, numbers in hot.by_queue.items():
        if queue is Queue.SNOOZED and not names_a_status(terms):
            numbers = [number for number in numbers if number in woken]
        remaining = _not_implied(hot.remaining, IMPLIED.get(queue, ()))
        matching.append((yield from _matching(desk, numbers, remaining, context, archived=False)))
    if order is not Order.WAIT:
        return list((yield from in_order(desk, [rows, *matching], order)))
    return [*rows, *(yield from in_order(desk, matching, order))]


def in_order(desk: Desk, several: Iterable[Sequence[int]], order: Order = Order.WAIT) -> Slices[Sequence[int]]:
    """Merges several sequences, each in that order, into one."""
    parts = sorted((part for part in several if part), key=len)
    if not parts:
        return ()
    longest, few = parts[-1], sum(len(part) for part in parts[:-1])
    if few * AT_ONCE < len(longest):
        return queues.merged(desk, longest, [number for part in parts[:-1] for number in part], order)
    keyed: list[list[tuple[tuple[Any, int], int]]] = []
    for part in parts:
        keyed.append([])
        for begin in range(0, len(part), KEYS_AT_ONCE):
            some = part[begin : begin + KEYS_AT_ONCE]
            keys = desk.store.conversations.sort_keys(order, some)
            keyed[-1] += [(keys[number], number) for number in some if number in keys]
            yield
    merging = heapq.merge(*keyed)
    numbers: list[int] = []
    while merged := list(islice(merging, KEYS_AT_ONCE)):
        numbers += [number for _, number in merged]
        yield
    return numbers


def _not_implied(terms: Query, implied: Sequence[str]) -> Query:
    """Returns the clauses that some `is:` words, which are true, do not make true."""
    known = {Term("is", word) for word in implied}
    return tuple(clause for clause in terms if known.isdisjoint(clause))


def _matching(
    desk: Desk, numbers: Sequence[int], terms: Query, context: QueryContext, *, archived: bool
) -> Slices[Sequence[int]]:
    """Returns those conversations that meet a query, in their order."""
    if not terms:
        return numbers
    matching: list[int] = []
    for begin in range(0, len(numbers), AT_ONCE):
        part = list(numbers[begin : begin + AT_ONCE])
        matching += [number for number in part if _matches(desk, number, terms, context, archived=archived)]
        yield
    return matching


def _matches(desk: Desk, number: int, terms: Query, context: QueryContext, *, archived: bool) -> bool:
    conversation = desk.store.at(Conversation, number)
    if conversation is None:
        return False
    mentions = partial(desk.store.mentions.of_conversation, conversation.id)
    return query.matches_conversation(terms, conversation, context, mentions, archived=archived)


def matches(desk: Desk, number: int, terms: Query, context: QueryContext, woken: Collection[int]) -> bool:
    """Whether `search` returns this conversation."""
    queue = desk.store.conversations.queue(number, context.now)
    if queue is None:
        return False
    scope, archived = scope_of(terms), desk.store.conversations.is_archived(number)
    if archived:
        in_scope = scope.archive and queue is Queue.DONE
    elif queue is Queue.SNOOZED and not names_a_status(terms):
        in_scope = queue in scope.queues and number in woken
    else:
        in_scope = queue in scope.queues
    return in_scope and _matches(desk, number, terms, context, archived=archived)
