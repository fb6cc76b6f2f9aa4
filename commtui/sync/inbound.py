"""From a network into the store: batches with their cursors, then the chains above new conversations."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import timedelta
from types import MappingProxyType
from typing import Final, cast

from msgspec.structs import replace

from commtui.activity import passive_log
from commtui.activity.resolve import elder
from commtui.community import intake, joining
from commtui.model.arrival import arrived
from commtui.model.records import Above, Conversation, Mention
from commtui.networks.base import (
    FIRST_SYNC_DAYS,
    Batch,
    EventKind,
    Gone,
    Incoming,
    Network,
    Seen,
    Thread,
    Unsupported,
)
from commtui.store.errors import StoreError
from commtui.store.write import Write
from commtui.sync import checking
from commtui.sync.faults import FAULTS
from commtui.sync.session import Session
from commtui.triage import rules

log = logging.getLogger("commtui.sync")
NO_HINTS: Final[Mapping[str, str]] = MappingProxyType({})
BATCHES_MOST = 400
"""How many batches a fetch takes, whatever the network goes on to give."""
PARENTS_A_ROUND = 10
"""How many threads a round asks for; the others follow in the next rounds."""
PARENTS_OF_FIRST_SYNC = 50
"""For how many of the newest mentions a first sync asks for the thread."""
PARENTS_MOST = 20
"""How many texts above a mention are kept."""


async def fetch(session: Session) -> bool:
    """Fetches what came after the cursor. Returns whether there is more: then the next fetch goes on.

    Raises NetworkError.
    """
    network = await session.open()
    cursor = session.state().cursor
    since = session.clock.now() - timedelta(days=FIRST_SYNC_DAYS)
    count, reached = 0, cursor
    async with aclosing(cast(AsyncGenerator[Batch, None], network.fetch(cursor, since))) as batches:
        async for batch in batches:
            hints = await session.hints.of(batch.items) if session.hints else NO_HINTS
            session.new += keep_batch(session, batch, first=cursor is None, hints=hints)
            count, reached = count + 1, batch.cursor
            if count == BATCHES_MOST:
                break
    await fetch_missing_parents(session, network)
    await checking.check_open(session, network)
    return count == BATCHES_MOST and reached != cursor


def keep_batch(session: Session, batch: Batch, first: bool, hints: Mapping[str, str] = NO_HINTS) -> int:
    """Keeps a batch with its cursor, and what rules make of it, in one transaction. Returns how many mentions were new.
    `hints`: the guessed languages of mentions, by their remote ids.

    An item at which our code fails is left out, counted and logged: it must not stop what comes after it.
    """
    try:
        new = _keep_items(session, batch, batch.items, first, hints)
    except StoreError:
        raise
    except FAULTS:
        log.exception("%s: a fault of commtui's own at an item of a batch; trying each alone", session.account.name)
        new, skipped = _keep_each(session, batch, first, hints)
        batch = replace(batch, skipped=batch.skipped + skipped)
    session.skipped += batch.skipped
    session.missed_since = batch.missed_since or session.missed_since
    if batch.skipped:
        log.warning("%s: %d malformed items left out", session.account.name, batch.skipped)
    if batch.left_out:
        some = "some" if batch.left_out < 0 else str(batch.left_out)
        log.info("%s: first sync left out %s older mentions (%s)", session.account.name, some, session.owner.id)
    if batch.missed_since:
        log.warning("%s: some of what came since %s is out of reach", session.account.name, batch.missed_since)
    return new


def _keep_items(
    session: Session, batch: Batch, items: tuple[Incoming, ...], first: bool, hints: Mapping[str, str]
) -> int:
    with session.store.write(durable=False) as write:
        mentions = [mention for item in items if (mention := _keep_item(session, write, item, hints)) is not None]
        if first:
            _leave_parents_of_older(session, write, mentions)
        state, now = session.state(), session.clock.now()
        write.put(
            replace(
                state,
                cursor=batch.cursor,
                left_out=batch.left_out or state.left_out,
                skipped=state.skipped + batch.skipped,
                skipped_at=now if batch.skipped else state.skipped_at,
                missed_since=batch.missed_since or state.missed_since,
                filtered=batch.filtered.messages if batch.filtered else state.filtered,
                filtered_people=batch.filtered.people if batch.filtered else state.filtered_people,
            )
        )
        new_ids = tuple(mention.id for mention in mentions)
        passive_log.log_intake(write, now, passive_log.ARRIVE, new_ids, session.account.name)
        rules.run_on_mentions(session.desk, write, mentions)
    return len(mentions)


def _keep_each(session: Session, batch: Batch, first: bool, hints: Mapping[str, str]) -> tuple[int, int]:
    """Keeps the items in a transaction each, then the cursor. Returns how many were new, and how many left out."""
    new = skipped = 0
    before = Batch((), session.state().cursor)
    for item in batch.items:
        try:
            new += _keep_items(session, before, (item,), first, hints)
        except StoreError:
            raise
        except FAULTS as fault:
            skipped += 1
            log.warning("%s: left out an item: %s: %s", session.account.name, type(fault).__name__, fault)
    _keep_items(session, replace(batch, skipped=batch.skipped + skipped), (), first, hints)
    return new, skipped


def _keep_item(session: Session, write: Write, item: Incoming, hints: Mapping[str, str]) -> Mention | None:
    """Keeps one thing that happened; the mention, if it is a new one."""
    store, owner = session.store, session.owner
    if item.kind is EventKind.MENTION and item.status is not None:
        now, guess = session.clock.now(), hints.get(item.status.remote_id, "")
        return intake.add_mention(store, write, owner, item.status, item.via, now, item.at, guess)
    if item.kind is EventKind.EDITED and item.status is not None:
        intake.apply_edit(store, write, owner, item.status, session.clock.now())
    elif item.kind is EventKind.DELETED and item.remote_id:
        intake.mark_deleted(store, write, owner, item.remote_id)
    elif item.kind is EventKind.ENGAGEMENT and item.engagement:
        target = item.remote_id or (item.status.remote_id if item.status else None)
        at = arrived(item.at, None, session.clock.now())
        intake.add_engagement(store, write, owner, item.engagement, target, item.by, at, item.count, item.status)
    return None


def _leave_parents_of_older(session: Session, write: Write, mentions: list[Mention]) -> None:
    """A first sync of a thousand must not ask a thousand times for parents: the rest are asked for when opened."""
    for mention in sorted(mentions, key=lambda mention: mention.created_at)[:-PARENTS_OF_FIRST_SYNC]:
        conversation = write.get(Conversation, mention.conversation)
        if conversation is not None and not conversation.parents_known:
            write.put(replace(conversation, parents_known=True, above=Above.UNASKED))


async def fetch_missing_parents(session: Session, network: Network) -> None:
    """Asks for the parents of conversations that answer something we don't hold: once each, a few in a round."""
    for conversation in session.store.conversations.without_parents(session.account.id)[:PARENTS_A_ROUND]:
        await fetch_parents(session, network, conversation)


async def fetch_parents(session: Session, network: Network, conversation: Conversation) -> None:
    """Fetches the thread above one conversation and keeps it; a deleted or hidden parent is no error."""
    store = session.store
    mentions = store.mentions.of_conversation(conversation.id)
    if not mentions:
        return
    try:
        thread = await network.thread(mentions[0].remote_id, PARENTS_MOST)
    except Gone:
        checking.keep_seen(session, Seen(gone=(mentions[0].remote_id,)))
        thread = Thread(ancestors=(), descendants=(), missing=True)
    except Unsupported:
        thread = Thread(ancestors=(), descendants=())
    with store.write() as write:
        if thread.status is not None:
            intake.apply_edit(store, write, session.owner, thread.status, session.clock.now())
        parents = thread.ancestors[-PARENTS_MOST:]
        before = mentions[0].created_at
        joining.add_parents(store, write, session.owner, conversation.id, parents, before, thread.missing)
        current = write.get(Conversation, conversation.id)
        for status in thread.descendants:
            if status.ours and current is not None:
                within = elder(store, current).id
                joining.add_context(store, write, session.owner, within, status, session.clock.now())
        passive_log.log_intake(write, session.clock.now(), "join", (), session.account.name)
