"""What meets a query: found in slices, and little is read of what can't be meant.

Where the places of the queue, an index or the index of words can tell that a conversation is not meant, no record of it
is made. What is left is measured by `query.matches_conversation`, the one rule there is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple, TypeVar

from commtui.activity.desk import Desk
from commtui.model.records import Conversation
from commtui.model.states import Queue
from commtui.store.conversations import Conversations
from commtui.triage import query, queues
from commtui.triage.query import Setting, Term

R = TypeVar("R")
Slices = Generator[None, None, R]
"""Work that pauses every millisecond or few, for who has other things to do in between."""
FEW: Final = 200
"""So many conversations are read at once rather than looked for."""
AT_ONCE: Final = 10
"""Conversations that are measured between two pauses."""
HOT: Final = (Queue.OPEN, Queue.SNOOZED, Queue.WAITING, Queue.DONE, Queue.MUTED)
IN_THE_PANE: Final = (Queue.OPEN, Queue.SNOOZED)
"""Where the mentions pane looks for a query that names no status: of the snoozed ones, those that are awake."""
MAY: Final = {
    "open": (Queue.OPEN, Queue.SNOOZED),
    "waiting": (Queue.WAITING, Queue.SNOOZED),
    "snoozed": (Queue.SNOOZED,),
    "done": (Queue.DONE,),
    "archived": (Queue.DONE,),
    "muted": (Queue.MUTED, Queue.DONE),
    "overdue": (Queue.OPEN, Queue.SNOOZED),
}
"""`is:` word -> the places of the queue of which it may be true."""
MUST: Final[Mapping[Queue, tuple[str, ...]]] = {
    Queue.OPEN: ("open",),
    Queue.WAITING: ("waiting",),
    Queue.DONE: ("done", "archived"),
    Queue.MUTED: ("muted",),
}
"""Place of the queue -> the `is:` words that are true of all there."""


class Where(NamedTuple):
    """Where a query looks."""

    cold: bool
    """In the archive, too."""
    places: tuple[Queue, ...]
    """Places of the queue, the archive left out."""


class Candidates(NamedTuple):
    """Conversations among which are all that are meant, each part in the order in which people wait."""

    cold: Sequence[int]
    """In the archive."""
    hot: Mapping[Queue, Sequence[int]]
    """Place of the queue -> its conversations."""


def whole(slices: Slices[R]) -> R:
    """All slices, one after the other."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            found: R = end.value
            return found


def where(terms: tuple[Term, ...], unnamed: tuple[Queue, ...] = IN_THE_PANE) -> Where:
    """In the archive only if it is asked for what is done; `unnamed`: the places, where no status is named."""
    named = () if query.asks_for(terms, "archived") else HOT if query.names_a_status(terms) else unnamed
    asked = [MAY[term.value] for term in terms if term.key == "is" and not term.negated and term.value in MAY]
    cold = query.asks_for(terms, "done", "archived") and all(Queue.DONE in may for may in asked)
    return Where(cold, tuple(place for place in named if all(place in may for may in asked)))


def candidates(desk: Desk, terms: tuple[Term, ...], looked: Where, measure: Setting) -> Slices[Candidates]:
    """What is to be measured by the query."""
    conversations = desk.store.conversations
    hot: Mapping[Queue, Sequence[int]] = {place: conversations.by_wait(place) for place in looked.places}
    if Queue.OPEN in hot and query.asks_for(terms, "overdue"):
        hot = {**hot, Queue.OPEN: conversations.open_since(measure.now - measure.answer_within)}
    hot = yield from _narrowed(conversations, False, terms, hot, measure)
    if not looked.cold:
        return Candidates((), hot)
    done = conversations.by_wait(Queue.DONE, archived=True)
    cold = yield from _narrowed(conversations, True, terms, {Queue.DONE: done}, measure)
    return Candidates(cold[Queue.DONE], hot)


def _narrowed(
    conversations: Conversations,
    archived: bool,
    terms: tuple[Term, ...],
    places: Mapping[Queue, Sequence[int]],
    measure: Setting,
) -> Slices[Mapping[Queue, Sequence[int]]]:
    """Leaves out what indexes, and then the words, show not to be meant."""
    for term in terms:
        known = _indexed(conversations, archived, term, places, measure)
        if known is not None:
            yield
            places = _among(places, known)
            yield
    words = query.words(terms)
    if words and _many(places):
        places = _among(places, (yield from conversations.saying(words, archived=archived)))
    for tag in [term.value.lstrip("#") for term in terms if term.key == "tag" and not term.negated]:
        if _many(places):
            places = _among(places, (yield from conversations.tagged(tag, archived=archived)))
    return places


def _many(places: Mapping[Queue, Sequence[int]]) -> bool:
    return sum(map(len, places.values())) > FEW


def _among(places: Mapping[Queue, Sequence[int]], known: Collection[int]) -> dict[Queue, Sequence[int]]:
    return {place: [number for number in numbers if number in known] for place, numbers in places.items()}


def _indexed(
    conversations: Conversations,
    archived: bool,
    term: Term,
    places: Mapping[Queue, Sequence[int]],
    measure: Setting,
) -> set[int] | None:
    """The conversations that may be meant, where an index can tell and it pays."""
    if term.negated:
        return None
    if term.key == "account":
        named = [each for each, name in measure.account_names.items() if name.casefold() == term.value]
        accounts, known = {term.value, *named}, conversations.account_counts(archived=archived)
        if not _pays(sum(known.get(account, 0) for account in accounts), places):
            return None
        return conversations.of_accounts(accounts, archived=archived)
    wanted = _wanted(term, measure)
    if wanted is None:
        return None
    counts = conversations.assigned_counts(archived=archived)
    desks = {(place, who): count for (place, who), count in counts.items() if place in places and wanted(who)}
    if not _pays(sum(desks.values()), places):
        return None
    return conversations.assigned(desks, archived=archived)


def _wanted(term: Term, measure: Setting) -> Callable[[str | None], bool] | None:
    """Which assignees a term asks for; None for one that asks for none."""
    if term.key == "assigned":
        return lambda who: query.is_assigned(who, term.value, measure)
    if term.key == "is" and term.value in ("mine", "unassigned"):
        return lambda who: who == (measure.who if term.value == "mine" else None)
    return None


def _pays(few: int, places: Mapping[Queue, Sequence[int]]) -> bool:
    """Whether it costs less to look up `few` conversations than to measure all."""
    return 2 * few <= sum(map(len, places.values()))


def search(desk: Desk, terms: tuple[Term, ...], measure: Setting, awake: Collection[int]) -> Slices[list[int]]:
    """The rows of the mentions pane for a query, as of the moment of `measure`; `awake`: as queues.awake."""
    looked = where(terms)
    cold, hot = yield from candidates(desk, terms, looked, measure)
    left = _left(terms, Queue.DONE)
    found: list[int] = []
    for begin in range(0, len(cold), AT_ONCE):
        part = cold[begin : begin + AT_ONCE]
        found += [number for number in part if not left or _meets(desk, number, left, measure)]
        yield
    meant = []
    for place, numbers in hot.items():
        left = _left(terms, place)
        if place is Queue.SNOOZED and not query.names_a_status(terms):
            numbers = [number for number in numbers if number in awake]
        if left:
            kept: list[int] = []
            for begin in range(0, len(numbers), AT_ONCE):
                part = list(numbers[begin : begin + AT_ONCE])
                kept += [number for number in part if _meets(desk, number, left, measure)]
                yield
            numbers = kept
        meant.append(numbers)
    return [*found, *(yield from in_order(desk, meant))]


def in_order(desk: Desk, several: Iterable[Sequence[int]]) -> Slices[Sequence[int]]:
    """Several parts, each in the order in which people wait, as one."""
    parts = sorted((part for part in several if part), key=len)
    if not parts:
        return ()
    longest = parts.pop()
    few = [number for part in parts for number in part]
    if len(few) * AT_ONCE < len(longest):
        return queues.merged(desk, longest, few)
    keys = []
    for number in (*longest, *few):
        keys.append((desk.store.conversations.since(number), number))
        if not len(keys) % AT_ONCE:
            yield
    return [number for _, number in sorted(keys)]


def _left(terms: tuple[Term, ...], place: Queue) -> tuple[Term, ...]:
    """What is still to be measured of conversations that stand at a place of the queue."""
    must = MUST.get(place, ())
    return tuple(term for term in terms if term.key != "is" or term.negated or term.value not in must)


def _meets(desk: Desk, number: int, terms: tuple[Term, ...], measure: Setting) -> bool:
    conversation = desk.store.at(Conversation, number)
    if conversation is None:
        return False
    mentions = partial(desk.store.mentions.of_conversation, conversation.id)
    return query.matches_conversation(terms, conversation, measure, mentions)


def is_meant(desk: Desk, number: int, terms: tuple[Term, ...], measure: Setting, awake: Collection[int]) -> bool:
    """Whether a conversation is among what `search` finds."""
    place = desk.store.conversations.queue(number)
    if place is None:
        return False
    looked = where(terms)
    if desk.store.conversations.is_archived(number):
        meant = looked.cold and place is Queue.DONE
    elif place is Queue.SNOOZED and not query.names_a_status(terms):
        meant = place in looked.places and number in awake
    else:
        meant = place in looked.places
    return meant and _meets(desk, number, terms, measure)
