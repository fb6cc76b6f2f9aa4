"""Which of the mentions that say the words of a query can meet it: by what the indexes know of them, unread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from commtui.model.clock import to_iso
from commtui.model.facets import Facets, MentionFacets
from commtui.model.query_terms import Query, Term
from commtui.model.states import Queue
from commtui.store.store import Store
from commtui.triage import query
from commtui.triage.narrowing import IMPLIED, POSSIBLE, wanted_facets, wanted_of_mention
from commtui.triage.query import QueryContext


class _Known:
    """What the indexes know of some mentions (doc_ids), as far as it is asked for."""

    def __init__(self, store: Store, numbers: Sequence[int]) -> None:
        self._store = store
        self._numbers = numbers

    @cached_property
    def own(self) -> Mapping[int, MentionFacets]:
        return self._store.mentions.facets(self._numbers)

    @cached_property
    def times(self) -> Mapping[int, str]:
        """When they came, in ISO 8601."""
        return self._store.mentions.times(self._numbers)

    @cached_property
    def of_conversation(self) -> Mapping[int, Facets]:
        """The facets of their conversations."""
        conversations = self._store.mentions.conversations(self._numbers)
        facets = self._store.conversations.facets(set(conversations.values()))
        return {number: facets[of] for number, of in conversations.items() if of in facets}


_Condition = Callable[[_Known, int], bool]


def possible_mentions(store: Store, terms: Query, context: QueryContext, numbers: Sequence[int]) -> Sequence[int]:
    """Returns those of some mentions (doc_ids) that can meet a query, without reading them."""
    known = _Known(store, numbers)
    for clause in terms:
        conditions = [found for term in clause if (found := _condition(term, context))]
        if len(conditions) == len(clause):
            numbers = [number for number in numbers if any(may(known, number) for may in conditions)]
    return numbers


def _condition(term: Term, context: QueryContext) -> _Condition | None:
    """Returns the condition that a term sets; None if it sets one for something else."""
    key, value, negated = term.key, term.value, term.negated
    if found := wanted_of_mention(term):
        return lambda known, number: number in known.own and found(known.own[number]) != negated
    in_places = _in_places(value, negated) if key == "is" and value in POSSIBLE else None
    wanted = wanted_facets(term, context)
    if in_places or wanted:

        def of_conversation(known: _Known, number: int) -> bool:
            facets = known.of_conversation.get(number)
            if facets is None:
                return False
            return in_places(facets) if in_places else wanted is not None and wanted(facets) != negated

        return of_conversation
    if key not in ("since", "until"):
        return None
    bound = to_iso(query.bound(term, context))  # stored to the millisecond: a time that is equal may be either
    if (key == "since") != negated:
        return lambda known, number: known.times.get(number, "") >= bound
    return lambda known, number: known.times.get(number, bound) <= bound


def _in_places(value: str, negated: bool) -> Callable[[Facets], bool]:
    """Returns whether an `is:` word about a status can be true, or negated false, of a conversation."""
    if negated:  # one among the muted may be muted no longer
        return lambda facets: facets.queue == Queue.MUTED or value not in IMPLIED.get(Queue(facets.queue), ())
    places = (Queue.DONE,) if value in ("done", "archived") else (*POSSIBLE[value], Queue.MUTED)
    return lambda facets: facets.queue in places
