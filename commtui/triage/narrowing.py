"""Removes the conversations that cannot meet a query, by the indexes and the full-text index, and reads no record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from commtui.model.facets import Facets, MentionFacets, speaks
from commtui.model.query_terms import Clause, Query, Term, required, words_of
from commtui.model.records import Via
from commtui.model.states import Queue
from commtui.store.conversations import Conversations
from commtui.triage import query
from commtui.triage.query import QueryContext

R = TypeVar("R")
Slices = Generator[None, None, R]
"""A search that yields every few milliseconds, so that its caller can do other work in between."""
FEW: Final = 200
"""Up to this many candidates are read at once, without the full-text index."""
POSSIBLE: Final = {
    "open": (Queue.OPEN, Queue.SNOOZED),
    "waiting": (Queue.WAITING, Queue.SNOOZED),
    "snoozed": (Queue.SNOOZED,),
    "done": (Queue.DONE,),
    "archived": (),
    "muted": (Queue.MUTED, Queue.DONE),
    "overdue": (Queue.OPEN, Queue.SNOOZED),
    "at-risk": (Queue.OPEN, Queue.SNOOZED),
}
"""`is:` word -> the queues that can have conversations for which it is true; archived ones are in none."""
IMPLIED: Final[Mapping[Queue, tuple[str, ...]]] = {
    Queue.OPEN: ("open",),
    Queue.WAITING: ("waiting",),
    Queue.DONE: ("done",),
    Queue.MUTED: ("muted",),
}
"""Queue -> the `is:` words that are true for all of its conversations."""
ByQueue = Mapping[Queue, Sequence[int]]
_VIAS: Final = frozenset(via.value for via in Via)


class Found(NamedTuple):
    """What an index has for a term or a clause. `exact`: all of these meet it, and no others; else others do not."""

    numbers: Collection[int]
    exact: bool
    excluded: bool = False
    """Whether it is the other way round: these are the ones that do not."""


class Narrowed(NamedTuple):
    """The candidates that are left, each sequence in its order, and the clauses with which these must be matched."""

    by_queue: ByQueue
    remaining: Query


class Narrowing:
    """Of the conversations that are archived, or of the others. `of_mentions`: single mentions are asked for."""

    def __init__(
        self, conversations: Conversations, context: QueryContext, *, archived: bool, of_mentions: bool
    ) -> None:
        self._conversations = conversations
        self._context = context
        self._archived = archived
        self._of_mentions = of_mentions

    def narrowed(self, terms: Query, by_queue: ByQueue) -> Slices[Narrowed]:
        """Returns what is left of some candidates."""
        remaining: list[Clause] = []
        unknown: list[Clause] = []
        """The clauses for which only the index of words may have something."""
        for clause in terms:
            found = yield from self._of_clause(clause, by_queue, texts=False)
            if found is None or not found.exact:
                remaining.append(clause)
            if found is None:
                unknown.append(clause)
            else:
                yield
                by_queue = _restricted(by_queue, found)
                yield
        words = [word for term in required(tuple(unknown)) if (word := words_of(term))]
        if words and _many(by_queue):
            by_queue = _restricted(by_queue, Found((yield from self._saying(words)), exact=False))
        for clause in unknown:
            is_left = len(clause) > 1 or not words_of(clause[0])
            if is_left and _many(by_queue):
                found = yield from self._of_clause(clause, by_queue, texts=True)
                by_queue = by_queue if found is None else _restricted(by_queue, found)
        return Narrowed(by_queue, tuple(remaining))

    def _of_clause(self, clause: Clause, by_queue: ByQueue, *, texts: bool) -> Slices[Found | None]:
        """Returns what the indexes have for a clause; None where one of its terms has none. `texts`: look for words."""
        if len(clause) == 1:
            return (yield from self._of_term(clause[0], by_queue, texts=texts))
        numbers: set[int] = set()
        exact = True
        for term in clause:
            found = yield from self._of_term(term, by_queue, texts=texts)
            if found is None:
                return None
            numbers.update(*_restricted(by_queue, found).values())
            exact = exact and found.exact
        return Found(numbers, exact)

    def _of_term(self, term: Term, by_queue: ByQueue, *, texts: bool) -> Slices[Found | None]:
        exact = yield from self._exact(term, by_queue)
        if exact is not None:
            return Found(exact.numbers, exact=True, excluded=exact.excluded is not term.negated)
        if term.negated:
            return None
        if term.key in ("since", "until"):
            return self._of_time(term, by_queue)
        if term.key == "due":
            find, (begin, end) = self._conversations.due_between, query.due_in(term, self._context)
            stored = () if self._archived else _stored(by_queue)
            return Found({number for queue in stored for number in find(queue, begin, end)}, exact=False)
        if texts and (word := words_of(term)):
            return Found((yield from self._saying([word])), False)
        if texts and term.key == "tag":
            tag = term.value.lstrip("#")
            return Found((yield from self._conversations.tagged(tag, archived=self._archived)), False)
        return self._of_assignee(term, by_queue)

    def _saying(self, words: Sequence[str]) -> Slices[set[int]]:
        return self._conversations.saying(words, archived=self._archived)

    def _exact(self, term: Term, by_queue: ByQueue) -> Slices[Found | None]:
        """Returns the conversations that meet a term, its negation left out; None where no index knows them all."""
        if term.key == "has" and term.value == "note":
            return Found((yield from self._conversations.with_note(archived=self._archived)), exact=True)
        if wanted := wanted_facets(term, self._context):
            return (yield from self._with_facets(wanted, by_queue))
        in_a_mention = wanted_of_mention(term)
        if in_a_mention is None or (self._of_mentions and term.negated):  # another mention of it may have none
            return None
        found = yield from self._conversations.with_mention(in_a_mention, archived=self._archived)
        return Found(found, exact=True)

    def _with_facets(self, wanted: Callable[[Facets], bool], by_queue: ByQueue) -> Slices[Found]:
        """Returns the conversations whose facets are wanted, or those whose are not, whichever are fewer."""
        counts = self._conversations.facet_counts(archived=self._archived)
        stored = _stored(by_queue)
        here = {facets: count for facets, count in counts.items() if Queue(facets.queue) in stored}
        those = {facets for facets in here if wanted(facets)}
        excluded = 2 * sum(here[facets] for facets in those) > sum(here.values())
        chosen = here.keys() - those if excluded else those
        found = yield from self._conversations.with_facets(chosen, archived=self._archived)
        return Found(found, exact=True, excluded=excluded)

    def _of_time(self, term: Term, by_queue: ByQueue) -> Found | None:
        moment = query.bound(term, self._context)
        if term.key == "until" and self._of_mentions:  # older mentions than its newest one may be meant
            return None
        find = self._conversations.newer_than if term.key == "since" else self._conversations.older_than
        numbers = {number for queue in _stored(by_queue) for number in find(queue, moment, archived=self._archived)}
        return Found(numbers, exact=False)

    def _of_assignee(self, term: Term, by_queue: ByQueue) -> Found | None:
        wanted = wanted_assignee(term, self._context)
        if wanted is None:
            return None
        assigned = self._conversations.assigned_counts(archived=self._archived)
        stored = _stored(by_queue)
        chosen = {(queue, who): count for (queue, who), count in assigned.items() if queue in stored and wanted(who)}
        if not _pays(sum(chosen.values()), by_queue):
            return None
        return Found(self._conversations.assigned(chosen, archived=self._archived), exact=False)


def wanted_facets(term: Term, context: QueryContext) -> Callable[[Facets], bool] | None:
    """Returns the condition that a term, its negation left out, sets for the facets of conversations; None: none."""
    key, value = term.key, term.value
    if key == "account":
        ids = {value, *(account for account, name in context.account_names.items() if name.casefold() == value)}
        return lambda found: found.account in ids
    if key == "net":
        return lambda found: found.network == value
    if key == "priority":
        return lambda found: found.priority == value
    if key == "campaign":
        campaign = context.campaign_id(value)
        return lambda found: found.campaign == campaign
    if (key, value) == ("is", "unread"):
        return lambda found: bool(found.unread)
    if (key, value) == ("has", "draft"):
        return lambda found: bool(found.draft)
    return None


def wanted_of_mention(term: Term) -> Callable[[MentionFacets], bool] | None:
    """The same for the facets of mentions."""
    key, value = term.key, term.value
    if key == "via" or (key == "is" and value in _VIAS):
        return lambda found: found.via == value
    if key == "lang":
        return lambda found: speaks(value, found.language)
    if key == "has" and value not in ("note", "draft"):  # these are the conversation's
        return lambda found: value in found.contents.split(",")
    return None


def wanted_assignee(term: Term, context: QueryContext) -> Callable[[str | None], bool] | None:
    """Returns the condition that a term sets for assignees; None: none."""
    if term.key == "assigned":
        return lambda who: query.is_assigned(who, term.value, context)
    if term.key == "is" and term.value in ("mine", "unassigned"):
        return lambda who: who == (context.who if term.value == "mine" else None)
    return None


def _stored(by_queue: ByQueue) -> set[Queue]:
    """Returns where the store has these candidates: those whose mute has ended are still among the muted."""
    return {*by_queue, Queue.MUTED}


def _many(by_queue: ByQueue) -> bool:
    return sum(map(len, by_queue.values())) > FEW


def _restricted(by_queue: ByQueue, to: Found) -> ByQueue:
    found, excluded = to.numbers, to.excluded
    if excluded and not found:
        return by_queue
    return {
        queue: [number for number in numbers if (number in found) is not excluded]
        for queue, numbers in by_queue.items()
    }


def _pays(few: int, by_queue: ByQueue) -> bool:
    """Whether it costs less to look up `few` conversations in an index than to match all candidates."""
    return 2 * few <= sum(map(len, by_queue.values()))
