"""Every set of rows, once, for pane and list: in the order in which people wait, and things leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain

from commtui.activity.desk import Desk
from commtui.activity.resolve import elder
from commtui.model.ids import number as number_of
from commtui.model.records import Context, Conversation, Mention, Note, Outgoing
from commtui.model.states import Lane, OutgoingState, Queue
from commtui.triage import query, queues
from commtui.triage.query import Setting, Term

SENT_SHOWN = timedelta(days=30)
Text = Mention | Outgoing | Context
"""One text of a thread."""


def setting(desk: Desk) -> Setting:
    """What a query is measured against, now."""
    return Setting(
        desk.now,
        desk.who,
        desk.settings.answer_within,
        desk.settings.overdue_post,
        {account.id: account.name for account in desk.settings.accounts},
    )


def conversation_at(desk: Desk, number: int) -> Conversation | None:
    """The conversation of a row; None if it is gone."""
    return desk.store.at(Conversation, number)


def mentions(desk: Desk, conversation: Conversation) -> list[Mention]:
    """The mentions of a conversation, oldest first."""
    return desk.store.mentions.of_conversation(conversation.id)


def queue(desk: Desk, terms: tuple[Term, ...] = ()) -> Sequence[int]:
    """The rows of the mentions pane (doc_ids of conversations): who waits longest stands first.

    Without terms the open ones; terms that name a status (`is:done`) choose among all.
    """
    if not terms:
        return queues.waiting(desk)
    from commtui.triage import search  # a filter's; the first rows have none

    return search.whole(search.search(desk, terms, setting(desk), set(queues.awake(desk))))


def listed_mentions(desk: Desk, terms: tuple[Term, ...] = ()) -> Iterator[tuple[Mention, Conversation]]:
    """`list mentions`: each mention whose conversation is not done or muted, unless the terms name a status: then as in
    the pane. The open ones stand first, as in the pane, then those that wait for them, then the snoozed ones.
    """
    from commtui.triage import search

    measure = setting(desk)
    looked = search.where(terms, (Queue.OPEN, Queue.SNOOZED, Queue.WAITING))
    cold, hot = search.whole(search.candidates(desk, terms, looked, measure))
    parts = [list(hot.values())]
    if not query.names_a_status(terms):
        awake, snoozed = set(queues.awake(desk)), hot.get(Queue.SNOOZED, ())
        woken = [number for number in snoozed if number in awake]
        asleep = [number for number in snoozed if number not in awake]
        parts = [[hot.get(Queue.OPEN, ()), woken], [hot.get(Queue.WAITING, ())], [asleep]]
    numbers = chain(
        cold,
        *(search.whole(search.in_order(desk, part)) for part in parts),
    )
    for number in numbers:
        conversation = conversation_at(desk, number)
        if conversation is None:
            continue
        for mention in mentions(desk, conversation):
            if not terms or query.matches_conversation(terms, conversation, measure, list, mention):
                yield mention, conversation


def items(desk: Desk, lane: Lane, terms: tuple[Term, ...] = ()) -> list[Outgoing]:
    """`list replies` and `list posts`: every state, sent and discarded ones of the last 30 days; by time."""
    measure = setting(desk)
    since = desk.now - SENT_SHOWN
    listed = list(desk.store.outgoing.active_items(lane))
    for state in (OutgoingState.SENT, OutgoingState.DISCARDED):
        for item in desk.store.outgoing.ended(lane, state):
            if when_of(item) < since:
                break
            listed.append(item)
    listed = [item for item in listed if not terms or query.matches_outgoing(terms, item, measure)]
    return sorted(listed, key=lambda item: (when_of(item), item.id))


def pane_numbers(desk: Desk, lane: Lane, terms: tuple[Term, ...] = ()) -> Sequence[int]:
    """The rows of the replies and posts panes: what is written, on its way or stuck; with terms, what meets them."""
    if terms:
        return [number_of(item.id) for item in items(desk, lane, terms)]
    return desk.store.outgoing.active(lane)


def when_of(item: Outgoing) -> datetime:
    """The time that sorts an outgoing item: sent, else due, else written."""
    return item.sent_at or item.scheduled_at or item.created_at


def thread(desk: Desk, conversation: Conversation) -> list[Text]:
    """Everything said in a conversation, oldest first: mentions, our replies (not discarded ones), parents."""
    ours = [
        item
        for item in desk.store.outgoing.of_conversation(conversation.id)
        if item.state not in (OutgoingState.DISCARDED, OutgoingState.DRAFT)
    ]
    known = {item.remote_id for item in ours if item.remote_id}
    parents = [text for text in desk.store.context.of_conversation(conversation.id) if text.remote_id not in known]
    return sorted([*mentions(desk, conversation), *ours, *parents], key=_text_at)


def _text_at(text: Text) -> datetime:
    return when_of(text) if isinstance(text, Outgoing) else text.created_at


def notes(desk: Desk, conversation: Conversation) -> list[Note]:
    """The internal notes of a conversation, oldest first."""
    return desk.store.notes.of_conversation(conversation.id)


def post_of(desk: Desk, conversation: Conversation) -> Outgoing | None:
    """Our post under which a conversation began; None if it began otherwise."""
    first = next(iter(mentions(desk, conversation)), None)
    if first is None or first.in_reply_to is None:
        return None
    items = desk.store.outgoing.with_remote_id(first.in_reply_to)
    return next((item for item in items if item.account == conversation.account and item.conversation is None), None)


def post_elsewhere(desk: Desk, conversation: Conversation) -> Context | None:
    """A post of our account, written elsewhere, under which a conversation began."""
    first = next(iter(mentions(desk, conversation)), None)
    above = desk.store.context.of_conversation(conversation.id) if first is not None and first.in_reply_to else []
    return next((text for text in above if text.ours and first and text.remote_id == first.in_reply_to), None)


def answers_to(desk: Desk, post: Outgoing) -> list[Conversation]:
    """The conversations that began under a post of ours, who waits longest first."""
    if post.remote_id is None:
        return []
    mentions = desk.store.mentions.answers_to(post.remote_id)
    ids = {mention.conversation for mention in mentions if mention.account == post.account}
    named = (desk.store.get(Conversation, identity) for identity in ids)
    elders = [elder(desk.store, conversation) for conversation in named if conversation]
    unique = {conversation.id: conversation for conversation in elders}.values()
    return sorted(unique, key=lambda conversation: (conversation.since, conversation.id))
