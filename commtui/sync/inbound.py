"""From a network into the store: batches with their cursors, then the chains above new conversations."""

from __future__ import annotations

import logging
from datetime import timedelta

from msgspec.structs import replace

from commtui.activity import passive_log
from commtui.community import intake, joining
from commtui.model.records import Above, Conversation, Mention
from commtui.networks.base import FIRST_SYNC_DAYS, Batch, EventKind, Gone, Incoming, Network, Unsupported
from commtui.store.store import Write
from commtui.sync.session import Session

log = logging.getLogger("commtui.sync")
CHAINS_A_ROUND = 10
CHAINS_OF_FIRST_SYNC = 50
PARENTS_MOST = 20


async def fetch(session: Session) -> int:
    """Brings the account in step; how many mentions were new. Raises NetworkError; what came before it is kept."""
    network = await session.open()
    cursor = session.state().cursor
    since = session.clock.now() - timedelta(days=FIRST_SYNC_DAYS)
    new = 0
    async for batch in network.fetch(cursor, since):
        new += _keep(session, batch, first=cursor is None)
    await chains(session, network)
    session.new += new
    return new


def _keep(session: Session, batch: Batch, first: bool) -> int:
    """A batch, its cursor, and what became of it: one transaction."""
    store, owner = session.store, session.owner
    made: list[Mention] = []
    with store.write(durable=False) as write:
        for item in batch.items:
            mention = _one(session, write, item)
            if mention is not None:
                made.append(mention)
        if first:
            _ask_only_for_newest(session, write, made)
        state = session.state()
        left_out = state.left_out if not batch.left_out else batch.left_out
        write.put(replace(state, cursor=batch.cursor, left_out=left_out))
        arrived = tuple(mention.id for mention in made)
        passive_log.came(write, session.clock.now(), passive_log.ARRIVE, arrived, session.account.name)
    if batch.skipped:
        log.warning("%s: %d malformed items left out", session.account.name, batch.skipped)
    if batch.left_out:
        some = "some" if batch.left_out < 0 else str(batch.left_out)
        log.info("%s: first sync left out %s older mentions (%s)", session.account.name, some, owner.id)
    return len(made)


def _one(session: Session, write: Write, item: Incoming) -> Mention | None:
    store, owner = session.store, session.owner
    if item.kind is EventKind.MENTION and item.status is not None:
        return intake.take_in(store, write, owner, item.status, item.via, session.clock.now())
    if item.kind is EventKind.EDITED and item.status is not None:
        intake.edited(store, write, owner, item.status, session.clock.now())
    elif item.kind is EventKind.DELETED and item.remote_id:
        intake.deleted(store, write, owner, item.remote_id)
    elif item.kind is EventKind.ENGAGEMENT and item.engagement:
        target = item.remote_id or (item.status.remote_id if item.status else None)
        at = item.at or session.clock.now()
        intake.engaged(store, write, owner, item.engagement, target, item.by, at, item.count)
    return None


def _ask_only_for_newest(session: Session, write: Write, made: list[Mention]) -> None:
    """A first sync of a thousand must not ask a thousand times for parents: the rest are asked for when opened."""
    for mention in sorted(made, key=lambda each: each.created_at)[:-CHAINS_OF_FIRST_SYNC]:
        held = session.store.get(Conversation, mention.conversation)
        if held is not None and not held.parents_known:
            write.put(replace(held, parents_known=True, above=Above.UNASKED))


async def chains(session: Session, network: Network) -> None:
    """Asks for the parents of conversations that answer something we don't hold: once each, a few in a round."""
    for held in session.store.find(Conversation, "_chain", session.account.id)[:CHAINS_A_ROUND]:
        await chain(session, network, held)


async def chain(session: Session, network: Network, held: Conversation) -> None:
    """The parents above one conversation; a deleted or hidden one is no error."""
    store = session.store
    mentions = store.sorted(Mention, "conversation", held.id, "created_at")
    if not mentions:
        return
    try:
        thread = await network.thread(mentions[0].remote_id, PARENTS_MOST)
        above, below, itself, missing = thread.ancestors, thread.descendants, thread.status, thread.missing
    except Gone:
        above, below, itself, missing = (), (), None, True
    except Unsupported:
        above, below, itself, missing = (), (), None, False
    with store.write() as write:
        if itself is not None and itself.edited:
            intake.edited(store, write, session.owner, itself, session.clock.now())
        joining.parents(store, write, session.owner, held.id, above[-PARENTS_MOST:], missing)
        kept = store.get(Conversation, held.id)
        for status in below:
            if status.ours and kept is not None:
                joining.keep_context(store, write, session.owner, kept.folded_into or kept.id, status)
        passive_log.came(write, session.clock.now(), "join", (), session.account.name)
