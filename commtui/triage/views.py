"""The rows of every pane and list, and the texts of one conversation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache

from commtui.activity.desk import Desk
from commtui.activity.resolve import elder
from commtui.model.ids import number as number_of
from commtui.model.query_terms import Query, asks_for, names_a_status, required
from commtui.model.records import Context, Conversation, Mention, Note, Outgoing, Series
from commtui.model.states import Lane, Order, OutgoingState, Queue
from commtui.store.threads import Entry
from commtui.triage import query, queues
from commtui.triage.query import QueryContext

SENT_SHOWN = timedelta(days=30)
"""For how long `list` shows sent and discarded items."""
ENDED = (OutgoingState.SENT, OutgoingState.DISCARDED)
Text = Mention | Outgoing | Context
"""One text of a thread."""


def query_context(desk: Desk) -> QueryContext:
    """Returns the context of a query at this time. The campaigns are read once, when one is asked for."""
    names = cache(desk.store.campaigns.names)
    return QueryContext(
        desk.now,
        desk.who,
        desk.settings.overdue_post,
        {account.id: account.name for account in desk.settings.accounts},
        lambda: desk.zone,
        lambda conversation: bool(desk.store.notes.of_conversation(conversation)),
        lambda name: next((each for each, known in names().items() if known.casefold() == name), name),
        lambda campaign: names().get(campaign, campaign),
        lambda series: found.repeat if (found := desk.store.get(Series, series)) else series,
    )


def conversation_at(desk: Desk, number: int) -> Conversation | None:
    """Returns the conversation of a row; None if it was removed."""
    return desk.store.at(Conversation, number)


def service_level(desk: Desk, conversation: Conversation) -> str | None:
    """Returns the name of the service level by which our answer is due; None: nothing is, or not by one."""
    if conversation.risk_at is None:
        return None
    from commtui.model.service_levels import level_of  # no row needs it

    name = next((account.name for account in desk.settings.accounts if account.id == conversation.account), "")
    levels = desk.settings.service_levels
    vip = any(level.marks for level in levels) and desk.store.people.is_vip(conversation)
    level = level_of(levels, conversation, name, vip=vip)
    return level.name if level else None


def mentions(desk: Desk, conversation: Conversation) -> list[Mention]:
    """Returns the mentions of a conversation, oldest first."""
    return desk.store.mentions.of_conversation(conversation.id)


def queue(desk: Desk, terms: Query = (), order: Order = Order.WAIT, at_once: int | None = None) -> Sequence[int]:
    """Returns the rows of the mentions pane (doc_ids of conversations) in some order.

    Without terms these are the open ones (`at_once`: see queues.open_sorted); terms that name a status (`is:done`)
    choose among all.
    """
    if not terms:
        return queues.open_sorted(desk, order, at_once)
    from commtui.triage import search  # the first rows have no filter

    return search.run_to_end(search.search(desk, terms, query_context(desk), set(queues.woken(desk)), order))


def listed_mentions(desk: Desk, terms: Query = ()) -> Iterator[tuple[Mention, Conversation]]:
    """Yields the mentions of `list mentions`, each with its conversation, in the order of the pane.

    Without terms they are those of open, waiting and snoozed conversations, in this order; with terms that name no
    status those of done, muted and archived ones follow; with a status, those of the rows of the pane.
    """
    from commtui.triage import search

    context, order = query_context(desk), queues.default_order(desk.settings)
    everything = bool(terms) and not names_a_status(terms)
    default = (Queue.OPEN, Queue.SNOOZED, Queue.WAITING)
    scope = search.Scope(True, search.HOT) if everything else search.scope_of(terms, default)
    candidates = search.run_to_end(search.candidates(desk, terms, scope, context, order, of_mentions=True))
    archived, by_queue = candidates.archived.by_queue.get(Queue.DONE, ()), candidates.hot.by_queue
    groups = [list(by_queue.values())]
    if not names_a_status(terms):
        awake, snoozed = set(queues.woken(desk)), by_queue.get(Queue.SNOOZED, ())
        woken = [number for number in snoozed if number in awake]
        asleep = [number for number in snoozed if number not in awake]
        groups = [[by_queue.get(Queue.OPEN, ()), woken], [by_queue.get(Queue.WAITING, ())], [asleep]]
        groups.append([by_queue.get(Queue.DONE, ()), by_queue.get(Queue.MUTED, ())])
    hot = [search.run_to_end(search.in_order(desk, group, order)) for group in groups]
    places = [*((numbers, False) for numbers in hot), (archived, True)]
    for numbers, is_archived in places if everything else [places[-1], *places[:-1]]:
        for number in numbers:
            conversation = conversation_at(desk, number)
            for mention in mentions(desk, conversation) if conversation else ():
                if conversation and query.matches_conversation(
                    terms, conversation, context, list, mention, archived=is_archived
                ):
                    yield mention, conversation


def rows_mentions(desk: Desk, terms: Query) -> Iterator[tuple[Mention, Conversation]]:
    """Yields every mention of the conversations in the rows of the pane for a query, each with its conversation."""
    for number in queue(desk, terms, queues.default_order(desk.settings)):
        conversation = conversation_at(desk, number)
        for mention in mentions(desk, conversation) if conversation else ():
            if conversation:
                yield mention, conversation


def items(desk: Desk, lane: Lane, terms: Query = (), *, ever: bool = False) -> list[Outgoing]:
    """Returns the rows of `list replies` and `list posts`, by time: all states, sent and discarded ones of 30 days.

    What comes next is first; of those that terms choose because they have ended, the newest is. `ever`: a query with
    words searches what was sent or discarded before that, too, archived or not.
    """
    context = query_context(desk)
    words = [term.value for term in required(terms) if not term.key and not term.negated] if ever else []
    listed = _saying(desk, lane, words) if words else _recent(desk, lane)
    listed = [item for item in listed if not terms or query.matches_outgoing(terms, item, context)]
    ended = asks_for(terms, *ENDED)
    return sorted(listed, key=lambda item: (when_of(item), item.id), reverse=ended)


def _recent(desk: Desk, lane: Lane) -> list[Outgoing]:
    since = desk.now - SENT_SHOWN
    listed = list(desk.store.outgoing.active_items(lane))
    for state in ENDED:
        for item in desk.store.outgoing.ended(lane, state):
            if when_of(item) < since:
                break
            listed.append(item)
    return listed


def _saying(desk: Desk, lane: Lane, words: Sequence[str]) -> list[Outgoing]:
    """Returns the items of a lane that say all of some words, and perhaps a few others."""
    numbers = (number for part in desk.store.outgoing.saying(" ".join(words)) for number in part)
    found = (desk.store.at(Outgoing, number) for number in numbers)
    return [item for item in found if item and (item.conversation is None) is (lane is Lane.MARKETING)]


def pane_numbers(desk: Desk, lane: Lane, terms: Query = ()) -> Sequence[int]:
    """Returns the rows of the replies or the posts pane: all that is not finished; with terms, all that match."""
    if terms:
        return [number_of(item.id) for item in items(desk, lane, terms)]
    return desk.store.outgoing.active(lane)


def when_of(item: Outgoing) -> datetime:
    """Returns the time that sorts an outgoing item: when it was sent, else is due, else was written."""
    return item.sent_at or item.scheduled_at or item.created_at


def thread(desk: Desk, conversation: Conversation) -> list[Text]:
    """Returns all texts of a conversation, oldest first: mentions, our scheduled and sent replies, context."""
    ours = [
        item
        for item in desk.store.outgoing.of_conversation(conversation.id)
        if item.state not in (OutgoingState.DISCARDED, OutgoingState.DRAFT)
    ]
    known = {item.remote_id for item in ours if item.remote_id}
    parents = [text for text in desk.store.context.of_conversation(conversation.id) if text.remote_id not in known]
    return sorted([*mentions(desk, conversation), *ours, *parents], key=_text_at)


def entry_text(desk: Desk, entry: Entry, known: Collection[str]) -> Text | Note | None:
    """Returns the record of an entry of a thread; None if it is gone, or is one of our replies as the network has it.

    `known`: the ids by which the network knows our replies; see Threads.entries.
    """
    record: Text | Note | None = desk.store.at(entry.kind, entry.number)
    return None if isinstance(record, Context) and record.remote_id in known else record


def _text_at(text: Text) -> datetime:
    return when_of(text) if isinstance(text, Outgoing) else text.created_at


def notes(desk: Desk, conversation: Conversation) -> list[Note]:
    """Returns the internal notes of a conversation, oldest first."""
    return desk.store.notes.of_conversation(conversation.id)


def post_of(desk: Desk, conversation: Conversation) -> Outgoing | None:
    """Returns our post that the first mention of a conversation answers, perhaps through texts of others that were not
    for us; None if there is none."""
    first = desk.store.mentions.first_of(conversation.id)
    answered = first.in_reply_to if first else None
    between = {text.remote_id: text.in_reply_to for text in desk.store.context.of_conversation(conversation.id)}
    while answered is not None:
        items = desk.store.outgoing.with_remote_id(answered)
        post = next(
            (item for item in items if item.account == conversation.account and item.conversation is None), None
        )
        if post is not None:
            return post
        answered = between.pop(answered, None)
    return None


def post_elsewhere(desk: Desk, conversation: Conversation) -> Context | None:
    """Returns the post of our account, written in another program, that the first mention of a conversation answers."""
    first = desk.store.mentions.first_of(conversation.id)
    above = desk.store.context.of_conversation(conversation.id) if first is not None and first.in_reply_to else []
    return next((text for text in above if text.ours and first and text.remote_id == first.in_reply_to), None)


def answers_to(desk: Desk, post: Outgoing) -> list[Conversation]:
    """Returns the conversations whose first mention answers a post of ours, the longest waiting first."""
    if post.remote_id is None:
        return []
    mentions = desk.store.mentions.answers_to(post.remote_id)
    ids = {mention.conversation for mention in mentions if mention.account == post.account}
    named = (desk.store.get(Conversation, identity) for identity in ids)
    elders = [elder(desk.store, conversation) for conversation in named if conversation]
    unique = {conversation.id: conversation for conversation in elders}.values()
    return sorted(unique, key=lambda conversation: (conversation.since, conversation.id))
