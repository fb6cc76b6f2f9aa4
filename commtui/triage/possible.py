"""Which mentions and replies that say the words of a query can meet it: by what the indexes know of them, unread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial

from commtui.model.clock import to_iso
from commtui.model.facets import Facets, MentionFacets
from commtui.model.query_terms import OF_MENTIONS, Query, Term
from commtui.model.states import Queue
from commtui.store.outgoing import OutgoingItems
from commtui.store.store import Store
from commtui.store.threads import Mentions
from commtui.triage import query
from commtui.triage.narrowing import IMPLIED, POSSIBLE, wanted_facets, wanted_of_mention
from commtui.triage.query import QueryContext


class _Known:
    """What the indexes know of some mentions, or of some replies of ours (doc_ids), as far as it is asked for."""

    def __init__(self, store: Store, of: Mentions | OutgoingItems, numbers: Sequence[int]) -> None:
        self._store = store
        self._of = of
        self._numbers = numbers

    @cached_property
    def own(self) -> Mapping[int, MentionFacets]:
        """The facets of mentions."""
        return self._store.mentions.facets(self._numbers)

    @cached_property
    def times(self) -> Mapping[int, str]:
        """When mentions came, or replies were written, in ISO 8601."""
        return self._of.times(self._numbers)

    @cached_property
    def of_conversation(self) -> Mapping[int, Facets]:
        """The facets of their conversations."""
        conversations = self._of.conversations(self._numbers)
        facets = self._store.conversations.facets(set(conversations.values()))
        return {number: facets[of] for number, of in conversations.items() if of in facets}


_Condition = Callable[[_Known, int], bool]


def possible_mentions(store: Store, terms: Query, context: QueryContext, numbers: Sequence[int]) -> Sequence[int]:
    """Returns those of some mentions (doc_ids) that can meet a query, without reading them."""
    return _possible(terms, _Known(store, store.mentions, numbers), numbers, partial(_of_mention, context))


def possible_replies(store: Store, terms: Query, context: QueryContext, numbers: Sequence[int]) -> Sequence[int]:
    """Returns those of some replies of ours (doc_ids) that can meet a query, without reading them."""
    return _possible(terms, _Known(store, store.outgoing, numbers), numbers, partial(_of_reply, context))


def _possible(
    terms: Query, known: _Known, numbers: Sequence[int], condition: Callable[[Term], _Condition | None]
) -> Sequence[int]:
    for clause in terms:
        conditions = [found for term in clause if (found := condition(term))]
        if len(conditions) == len(clause):
            numbers = [number for number in numbers if any(may(known, number) for may in conditions)]
    return numbers


def _of_mention(context: QueryContext, term: Term) -> _Condition | None:
    """Returns the condition that a term sets for a mention; None if it sets one for something else."""
    negated = term.negated
    if found := wanted_of_mention(term):
        return lambda known, number: number in known.own and found(known.own[number]) != negated
    return _of_time(context, term) or _of_conversation(context, term)


def _of_time(context: QueryContext, term: Term) -> _Condition | None:
    """Returns the condition that a term sets for the time of a text; None if it sets one for something else."""
    if term.key not in ("since", "until"):
        return None
    bound = to_iso(query.bound(term, context))  # stored to the millisecond: a time that is equal may be either
    if (term.key == "since") != term.negated:
        return lambda known, number: known.times.get(number, "") >= bound
    return lambda known, number: known.times.get(number, bound) <= bound


def _of_reply(context: QueryContext, term: Term) -> _Condition | None:
    """Returns the condition that a term sets for a reply of ours; None if it sets one for something else."""
    if term.key == "via" or (term.key == "is" and term.value in OF_MENTIONS):  # of these it is none
        return lambda known, number: term.negated
    return _of_time(context, term) or _of_conversation(context, term)


def _of_conversation(context: QueryContext, term: Term) -> _Condition | None:
    """Returns the condition that a term sets for the conversation; None if it sets one for something else."""
    wanted = of_facets(context, term)
    if wanted is None:
        return None

    def may(known: _Known, number: int) -> bool:
        facets = known.of_conversation.get(number)
        return facets is not None and wanted(facets)

    return may


def of_facets(context: QueryContext, term: Term) -> Callable[[Facets], bool] | None:
    """Returns the condition that a term sets for the facets of a conversation; None if it sets one for something
    else."""
    if term.key == "is" and term.value in POSSIBLE:
        return _in_places(term.value, term.negated)
    wanted = wanted_facets(term, context)
    return None if wanted is None else lambda facets: wanted(facets) != term.negated


def _in_places(value: str, negated: bool) -> Callable[[Facets], bool]:
    """Returns whether an `is:` word about a status can be true, or negated false, of a conversation."""
    if negated:  # one among the muted may be muted no longer
        return lambda facets: facets.queue == Queue.MUTED or value not in IMPLIED.get(Queue(facets.queue), ())
    if value == "muted":
        return lambda facets: bool(facets.muted)
    places = (Queue.DONE,) if value in ("done", "archived") else (*POSSIBLE[value], Queue.MUTED)
    return lambda facets: facets.queue in places
