"""The few texts that can meet a query, where the indexes know that they are few: a search over everything, which goes
by what is said, looks at these alone."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Final

from commtui.model import ids
from commtui.model.clock import to_iso
from commtui.model.facets import Facets, packed
from commtui.model.query_terms import Query, Term, required
from commtui.model.states import Queue
from commtui.store.conversations import NEVER
from commtui.store.store import Store
from commtui.store.tinydb_sqlite.search import Among, Between, Chosen
from commtui.triage import query
from commtui.triage.narrowing import wanted_assignee, wanted_of_mention
from commtui.triage.possible import of_facets
from commtui.triage.query import QueryContext

MOST: Final = 2_000
"""Conversations, or mentions, that are few: to find all of them takes some milliseconds."""
Parts = Generator[None, None, list[Chosen]]
"""It pauses every few milliseconds."""


Known = dict[bool, set[int] | None]
"""Archived or not -> the few conversations that can meet a query; None: they are many."""


def parts(store: Store, terms: Query, context: QueryContext, known: Known, *, of_mentions: bool) -> Parts:
    """Returns the parts in which the mentions stand, or the replies of ours, that can meet a query; none where nothing
    can. `known`: what is known of their conversations; it takes in what is found.

    The archive has a part of its own where the others are few: else it would be searched to its end before a row is
    shown.
    """
    hot = yield from _few(store, terms, context, known, archived=False, of_mentions=of_mentions)
    old = yield from _few(store, terms, context, known, archived=True, of_mentions=of_mentions)
    times = _times(terms, context)
    if hot is None:
        return [Chosen(False if old is not None and not old.values else None, None, times)]
    found = [Chosen(archived, among, times) for archived, among in ((False, hot), (True, old))]
    return [part for part in found if part.among is None or part.among.values]


def _times(terms: Query, context: QueryContext) -> Between | None:
    """Returns between which times a text that meets a query was written; None: whenever."""
    asked = [term for term in required(terms) if term.key in ("since", "until")]
    bounds = [(to_iso(query.bound(term, context)), (term.key == "since") != term.negated) for term in asked]
    least = max((at for at, is_least in bounds if is_least), default="")
    most = min((at for at, is_least in bounds if not is_least), default=NEVER)
    return Between("created_at", least, most) if bounds else None


def _few(
    store: Store, terms: Query, context: QueryContext, known: Known, *, archived: bool, of_mentions: bool
) -> Generator[None, None, Among | None]:
    """Returns the few texts that can meet a query, archived ones or the others; None where they are many, or where the
    indexes do not tell."""
    of_text = _of_text(store, terms, archived) if of_mentions else None
    if of_text is not None:
        return of_text
    if archived not in known:
        known[archived] = yield from _conversations(store, terms, context, archived)
    numbers = known[archived]
    if numbers is None:
        return None
    return Among("conversation", [ids.from_number(ids.CONVERSATION, number) for number in numbers])


def _of_text(store: Store, terms: Query, archived: bool) -> Among | None:
    """Returns the mentions with the facets that a query asks for, if they are few."""
    wanted = [(found, term.negated) for term in required(terms) if (found := wanted_of_mention(term))]
    if not wanted:
        return None
    counts = store.mentions.facet_counts(archived=archived)
    chosen = [facets for facets in counts if all(found(facets) != negated for found, negated in wanted)]
    if sum(counts[facets] for facets in chosen) > MOST:
        return None
    return Among("_facets", [packed(facets) for facets in chosen])


def _conversations(
    store: Store, terms: Query, context: QueryContext, archived: bool
) -> Generator[None, None, set[int] | None]:
    """Returns the conversations that can meet a query; None where they are many, or where the indexes do not tell."""
    found = yield from _with_facets(store, terms, context, archived)
    for term in required(terms):
        some = yield from _of_term(store, term, context, archived)
        if some is not None:
            found = some if found is None else found & some
    return found


def _with_facets(
    store: Store, terms: Query, context: QueryContext, archived: bool
) -> Generator[None, None, set[int] | None]:
    """Returns the conversations with the facets that a query asks for, if they are few."""
    asked: list[list[Callable[[Facets], bool]]] = []
    for clause in terms:
        conditions = [found for term in clause if (found := _condition(context, term, archived))]
        if len(conditions) == len(clause):
            asked.append(conditions)
    if not asked:
        return None
    counts = store.conversations.facet_counts(archived=archived)
    chosen = [facets for facets in counts if all(any(may(facets) for may in conditions) for conditions in asked)]
    if sum(counts[facets] for facets in chosen) > MOST:
        return None
    return (yield from store.conversations.with_facets(chosen, archived=archived))


def _condition(context: QueryContext, term: Term, archived: bool) -> Callable[[Facets], bool] | None:
    if (term.key, term.value) == ("is", "archived"):
        return lambda facets: archived != term.negated
    return of_facets(context, term)


def _of_term(store: Store, term: Term, context: QueryContext, archived: bool) -> Generator[None, None, set[int] | None]:
    """Returns the conversations with a tag, a note or an assignee that a term asks for, or those that are late, if they
    are few."""
    conversations = store.conversations
    if (term.key, term.value, term.negated) == ("has", "note", False):
        found = yield from conversations.with_note(archived=archived)
        return found if len(found) <= MOST else None
    if term.key == "is" and term.value in ("overdue", "at-risk") and not term.negated:
        return (yield from _late(store, term.value, context, archived))
    if term.key == "tag" and not term.negated:
        found = yield from conversations.tagged(term.value.lstrip("#"), archived=archived, most=MOST)
        return found if len(found) <= MOST else None
    wanted = wanted_assignee(term, context)
    if wanted is None:
        return None
    counts = conversations.assigned_counts(archived=archived)
    chosen = [(queue, who) for queue, who in counts if wanted(who) != term.negated]
    if sum(counts[desk] for desk in chosen) > MOST:
        return None
    return conversations.assigned(chosen, archived=archived)


def _late(store: Store, word: str, context: QueryContext, archived: bool) -> Generator[None, None, set[int] | None]:
    """Returns the conversations that are overdue, or at risk, and those that may be by now, as a snooze or a mute has
    ended; if they are few."""
    conversations = store.conversations
    before = conversations.due_before if word == "overdue" else conversations.at_risk_before
    late = [] if archived else before(context.now, most=MOST + 1)
    counts = conversations.facet_counts(archived=archived)
    away = [facets for facets in counts if facets.queue in (Queue.SNOOZED, Queue.MUTED)]
    if len(late) + sum(counts[facets] for facets in away) > MOST:
        return None
    return {*late, *(yield from conversations.with_facets(away, archived=archived))}
