"""Searches the conversations that match a query, in slices, with as few records read as possible.

Queues, indexes and the full-text index narrow the candidates. Only for what is left are records read and given to
`query.matches_conversation`, which decides.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple, TypeVar

from commtui.activity.desk import Desk
from commtui.model.records import Conversation
from commtui.model.states import Order, Queue
from commtui.store.conversations import Conversations
from commtui.triage import query, queues
from commtui.triage.query import QueryContext, Term

R = TypeVar("R")
Slices = Generator[None, None, R]
"""A search that yields every few milliseconds, so that its caller can do other work in between."""
FEW: Final = 200
"""Up to this many candidates are read at once, without the full-text index."""
AT_ONCE: Final = 10
"""Conversations that are matched between two yields."""
ROWS_AT_ONCE: Final = 10_000
"""Numbers of rows that are read between two yields."""
KEYS_AT_ONCE: Final = 200
"""Conversations that are put in order between two yields."""
HOT: Final = (Queue.OPEN, Queue.SNOOZED, Queue.WAITING, Queue.DONE, Queue.MUTED)
IN_THE_PANE: Final = (Queue.OPEN, Queue.SNOOZED)
"""The queues of the mentions pane for a query that names no status; of the snoozed ones, those that have woken."""
POSSIBLE: Final = {
    "open": (Queue.OPEN, Queue.SNOOZED),
    "waiting": (Queue.WAITING, Queue.SNOOZED),
    "snoozed": (Queue.SNOOZED,),
    "done": (Queue.DONE,),
    "archived": (Queue.DONE,),
    "muted": (Queue.MUTED, Queue.DONE),
    "overdue": (Queue.OPEN, Queue.SNOOZED),
}
"""`is:` word -> the queues that can have conversations for which it is true."""
IMPLIED: Final[Mapping[Queue, tuple[str, ...]]] = {
    Queue.OPEN: ("open",),
    Queue.WAITING: ("waiting",),
    Queue.DONE: ("done", "archived"),
    Queue.MUTED: ("muted",),
}
"""Queue -> the `is:` words that are true for all of its conversations."""


class Scope(NamedTuple):
    """The part of the store that a query searches."""

    archive: bool
    """Whether the archive is searched, too."""
    queues: tuple[Queue, ...]
    """The queues of conversations that are not archived."""


class Candidates(NamedTuple):
    """Conversations that may match, each sequence in the order that was asked for."""

    archived: Sequence[int]
    by_queue: Mapping[Queue, Sequence[int]]
    """Queue -> its conversations, archived ones left out."""


def run_to_end(slices: Slices[R]) -> R:
    """Runs a search to its end and returns its result."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            result: R = end.value
            return result


def scope_of(terms: tuple[Term, ...], default: tuple[Queue, ...] = IN_THE_PANE) -> Scope:
    """Returns where to search. `default`: the queues for a query that names no status."""
    named = () if query.asks_for(terms, "archived") else HOT if query.names_a_status(terms) else default
    possible = [
        POSSIBLE[term.value] for term in terms if term.key == "is" and not term.negated and term.value in POSSIBLE
    ]
    archive = query.asks_for(terms, "done", "archived") and all(Queue.DONE in queues for queues in possible)
    return Scope(archive, tuple(queue for queue in named if all(queue in queues for queues in possible)))


def candidates(
    desk: Desk, terms: tuple[Term, ...], scope: Scope, context: QueryContext, order: Order = Order.WAIT
) -> Slices[Candidates]:
    """Returns the conversations that the query has to be matched with."""
    conversations = desk.store.conversations
    by_queue: dict[Queue, Sequence[int]] = {}
    for queue in scope.queues:
        by_queue[queue] = yield from _sorted(conversations, order, queue)
    if Queue.OPEN in by_queue and query.asks_for(terms, "overdue") and order is Order.WAIT:
        by_queue = {**by_queue, Queue.OPEN: conversations.open_since(context.now - context.answer_within)}
    narrowed = yield from _narrowed(conversations, False, terms, by_queue, context)
    if not scope.archive:
        return Candidates((), narrowed)
    done = yield from _sorted(conversations, order, Queue.DONE, archived=True)
    archived = yield from _narrowed(conversations, True, terms, {Queue.DONE: done}, context)
    return Candidates(archived[Queue.DONE], narrowed)


def _sorted(
    conversations: Conversations, order: Order, queue: Queue, *, archived: bool = False
) -> Slices[Sequence[int]]:
    """Returns all conversations of a queue in some order."""
    ids = conversations.sorted_by(order, queue, archived=archived, at_once=ROWS_AT_ONCE)
    while conversations.is_reading(order, queue, archived=archived):
        yield
        ids = conversations.sorted_by(order, queue, archived=archived, at_once=ROWS_AT_ONCE)
    return ids


def _narrowed(
    conversations: Conversations,
    archived: bool,
    terms: tuple[Term, ...],
    by_queue: Mapping[Queue, Sequence[int]],
    context: QueryContext,
) -> Slices[Mapping[Queue, Sequence[int]]]:
    """Removes the conversations that do not match by the indexes, and then by the full-text index."""
    for term in terms:
        matching = _indexed(conversations, archived, term, by_queue, context)
        if matching is not None:
            yield
            by_queue = _restricted(by_queue, matching)
            yield
    words = query.words(terms)
    if words and _many(by_queue):
        by_queue = _restricted(by_queue, (yield from conversations.saying(words, archived=archived)))
    for tag in [term.value.lstrip("#") for term in terms if term.key == "tag" and not term.negated]:
        if _many(by_queue):
            by_queue = _restricted(by_queue, (yield from conversations.tagged(tag, archived=archived)))
    return by_queue


def _many(by_queue: Mapping[Queue, Sequence[int]]) -> bool:
    return sum(map(len, by_queue.values())) > FEW


def _restricted(by_queue: Mapping[Queue, Sequence[int]], to: Collection[int]) -> dict[Queue, Sequence[int]]:
    return {queue: [number for number in numbers if number in to] for queue, numbers in by_queue.items()}


def _indexed(
    conversations: Conversations,
    archived: bool,
    term: Term,
    by_queue: Mapping[Queue, Sequence[int]],
    context: QueryContext,
) -> set[int] | None:
    """Returns the conversations that can match a term by an index; None if there is none or it would cost more."""
    if term.negated:
        return None
    if term.key == "account":
        named = [account for account, name in context.account_names.items() if name.casefold() == term.value]
        return conversations.of_accounts({term.value, *named}, archived=archived)
    if term.key == "since" and not archived:
        moment = query.since(term.value, context.now)
        return {number for queue in by_queue for number in conversations.newer_than(queue, moment)}
    wanted = _wanted(term, context)
    if wanted is None:
        return None
    assigned = conversations.assigned_counts(archived=archived)
    chosen = {(queue, who): count for (queue, who), count in assigned.items() if queue in by_queue and wanted(who)}
    if not _pays(sum(chosen.values()), by_queue):
        return None
    return conversations.assigned(chosen, archived=archived)


def _wanted(term: Term, context: QueryContext) -> Callable[[str | None], bool] | None:
    """Returns the condition that a term sets for assignees; None if it sets none."""
    if term.key == "assigned":
        return lambda who: query.is_assigned(who, term.value, context)
    if term.key == "is" and term.value in ("mine", "unassigned"):
        return lambda who: who == (context.who if term.value == "mine" else None)
    return None


def _pays(few: int, by_queue: Mapping[Queue, Sequence[int]]) -> bool:
    """Whether it costs less to look up `few` conversations in an index than to match all candidates."""
    return 2 * few <= sum(map(len, by_queue.values()))


def search(
    desk: Desk,
    terms: tuple[Term, ...],
    context: QueryContext,
    woken: Collection[int],
    order: Order = Order.WAIT,
) -> Slices[list[int]]:
    """Returns the rows of the mentions pane for a query, in some order. `woken`: the result of queues.woken.

    By who waits longest, archived ones come first.
    """
    archived, by_queue = yield from candidates(desk, terms, scope_of(terms), context, order)
    remaining = _remaining(terms, Queue.DONE)
    rows: list[int] = []
    for begin in range(0, len(archived), AT_ONCE):
        part = archived[begin : begin + AT_ONCE]
        rows += [number for number in part if not remaining or _matches(desk, number, remaining, context)]
        yield
    matching = []
    for queue, numbers in by_queue.items():
        remaining = _remaining(terms, queue)
        if queue is Queue.SNOOZED and not query.names_a_status(terms):
            numbers = [number for number in numbers if number in woken]
        if remaining:
            matching_here: list[int] = []
            for begin in range(0, len(numbers), AT_ONCE):
                part = list(numbers[begin : begin + AT_ONCE])
                matching_here += [number for number in part if _matches(desk, number, remaining, context)]
                yield
            numbers = matching_here
        matching.append(numbers)
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


def _remaining(terms: tuple[Term, ...], queue: Queue) -> tuple[Term, ...]:
    """Returns the terms that the candidates of a queue must still be matched with."""
    implied = {("is", word) for word in IMPLIED.get(queue, ())}
    return tuple(
        term for term in terms if term.negated or (term.key != "account" and (term.key, term.value) not in implied)
    )


def _matches(desk: Desk, number: int, terms: tuple[Term, ...], context: QueryContext) -> bool:
    conversation = desk.store.at(Conversation, number)
    if conversation is None:
        return False
    mentions = partial(desk.store.mentions.of_conversation, conversation.id)
    return query.matches_conversation(terms, conversation, context, mentions)


def matches(desk: Desk, number: int, terms: tuple[Term, ...], context: QueryContext, woken: Collection[int]) -> bool:
    """Whether `search` returns this conversation."""
    queue = desk.store.conversations.queue(number)
    if queue is None:
        return False
    scope = scope_of(terms)
    if desk.store.conversations.is_archived(number):
        in_scope = scope.archive and queue is Queue.DONE
    elif queue is Queue.SNOOZED and not query.names_a_status(terms):
        in_scope = queue in scope.queues and number in woken
    else:
        in_scope = queue in scope.queues
    return in_scope and _matches(desk, number, terms, context)
