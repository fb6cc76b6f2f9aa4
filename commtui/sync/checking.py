"""Looks at open mentions again: whether they are still there, and what they say now, where no stream tells.

Every CHECK_EVERY an account's poll looks at CHECK_MOST of them: those on top of the queue, and the others in turn.
That is one request where the network gives many at a time (Mastodon 4.3, Bluesky: 6 an hour), and at most CHECK_MOST
where each is asked for alone (120 an hour). What a person opens is looked at when it is opened, once in OPENED_AGAIN.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from commtui.activity import passive_log
from commtui.community import intake
from commtui.model import ids
from commtui.model.records import Conversation, Mention
from commtui.model.states import Queue
from commtui.networks.base import LOOK_UP_MOST, LoginRefused, Network, NetworkError, Seen, Unsupported
from commtui.sync.session import Session

log = logging.getLogger("commtui.sync")
CHECK_EVERY: Final = timedelta(minutes=10)
CHECK_MOST: Final = LOOK_UP_MOST
ON_TOP: Final = CHECK_MOST // 2
"""How many of those are the ones that wait longest: they are the first rows of the screen."""
LOOKED_AT: Final = 500
"""How many conversations of all accounts are gone through to find those of one."""
OPENED_AGAIN: Final = timedelta(minutes=5)
OPENED_MOST: Final = 5
"""How many of a conversation's newest mentions are looked at when it is opened."""


async def check_open(session: Session, network: Network) -> None:
    """Looks at some open mentions, if it is time to. What fails is looked at the next time. Raises LoginRefused."""
    state, now = session.state(), session.clock.now()
    if state.checked_at is not None and now - state.checked_at < CHECK_EVERY:
        return
    mentions, after = _next_open(session)
    if await _look(session, network, mentions):
        with session.store.write() as write:
            write.put(replace(session.state(), checked_at=now, checked_to=after))


async def check_opened(session: Session, network: Network, conversation: str) -> None:
    """Looks at the newest mentions of a conversation that a person opened. Raises LoginRefused."""
    now = session.clock.now()
    last = session.opened.get(conversation)
    if last is not None and now - last < OPENED_AGAIN:
        return
    session.opened = {name: at for name, at in session.opened.items() if now - at < OPENED_AGAIN}
    session.opened[conversation] = now
    mentions = session.store.mentions.of_conversation(conversation)[-OPENED_MOST:]
    await _look(session, network, [mention for mention in mentions if not (mention.deleted or mention.erased)])


def _next_open(session: Session) -> tuple[list[Mention], str | None]:
    """The mentions to look at, and the last conversation that was gone through: the next turn begins after it."""
    top, _ = _open_after(session, None, ON_TOP)
    turn, after = _open_after(session, session.state().checked_to, CHECK_MOST - ON_TOP)
    mentions = [_newest(session, number) for number in dict.fromkeys([*top, *turn])]
    return [mention for mention in mentions if mention and not (mention.deleted or mention.erased)], after


def _open_after(session: Session, last: str | None, most: int) -> tuple[list[int], str | None]:
    """The open conversations of the account after one of them, the longest waiting first, and after which to go on."""
    conversations = session.store.conversations
    numbers = conversations.by_wait(Queue.OPEN)
    begin = 0
    if last is not None and (key := conversations.waiting_keys([ids.number(last)]).get(ids.number(last))):
        begin = bisect_right(numbers, key, key=lambda number: conversations.waiting_keys([number]).get(number, key))
    found: list[int] = []
    end = begin
    while end < min(len(numbers), begin + LOOKED_AT) and len(found) < most:
        if conversations.account(numbers[end]) == session.account.id:
            found.append(numbers[end])
        end += 1
    return found, ids.from_number(ids.CONVERSATION, numbers[end - 1]) if end < len(numbers) else None


def _newest(session: Session, number: int) -> Mention | None:
    conversation = session.store.at(Conversation, number)
    return session.store.get(Mention, conversation.newest) if conversation else None


async def _look(session: Session, network: Network, mentions: Sequence[Mention]) -> bool:
    """Looks at some mentions and stores what became of them. Returns whether the network answered."""
    if not mentions:
        return True
    try:
        seen = await network.look_up([mention.remote_id for mention in mentions[:LOOK_UP_MOST]])
    except LoginRefused:
        raise
    except Unsupported:
        return True
    except NetworkError as error:
        log.info("%s: could not look at open mentions: %s", session.account.name, error)
        return False
    keep_seen(session, seen)
    return True


def keep_seen(session: Session, seen: Seen) -> None:
    """Stores what became of mentions: edits, and the mark of those that are gone."""
    store, now = session.store, session.clock.now()
    with store.write() as write:
        for status in seen.found:
            intake.apply_edit(store, write, session.owner, status, now)
        for remote_id in seen.gone:
            intake.mark_deleted(store, write, session.owner, remote_id)
        passive_log.log_intake(write, now, passive_log.ARRIVE, (), session.account.name)
