"""After a lost answer: the network is asked whether it has the text, before anything is sent again."""

from __future__ import annotations

from datetime import timedelta

from commtui.model.records import Outgoing
from commtui.model.states import Lane, OutgoingState, Reason
from commtui.networks.base import LoginRefused, NetworkError, Unsupported
from commtui.store.store import Store
from commtui.sync.ledger import Ledger
from commtui.sync.session import Session

GAPS = (5.0, 25.0, 270.0)
"""Seconds from one read-back to the next: at 0 s, 5 s, 30 s and 5 min after the loss; then every `LAST_GAP`."""
LAST_GAP = 300.0
CLOCK_MARGIN = timedelta(hours=1)
"""How far a network's clock may be off ours."""
MISSES_NEEDED = 3
"""How often a server that answers must say no before the text is scheduled again, with the same key."""


async def read_back(session: Session, ledger: Ledger, item: Outgoing) -> Outgoing | None:
    """Asks the network for a text: found, it is `sent`; not found three times, it is scheduled again; else it stays.

    Returns what the item is now; None: somebody changed it meanwhile. Raises LoginRefused.
    """
    try:
        network = await session.open()
        sent = await network.find(item, _claimed(session.store, item))
    except LoginRefused:
        raise
    except Unsupported:
        return ledger.ask_person(item, Reason.NO_READ_BACK)
    except NetworkError as error:
        return _look_later(session, ledger, item, item.checks, str(error))
    if sent is not None:
        return ledger.accept_earlier_try(item, sent)
    if item.checks + 1 >= MISSES_NEEDED:
        return ledger.not_found(item)
    return _look_later(session, ledger, item, item.checks + 1, item.error)


def _look_later(session: Session, ledger: Ledger, item: Outgoing, misses: int, error: str | None) -> Outgoing | None:
    gap = GAPS[item.read_backs] if item.read_backs < len(GAPS) else LAST_GAP
    return ledger.read_back_later(item, session.clock.now() + timedelta(seconds=gap), misses, error)


def _claimed(store: Store, item: Outgoing) -> frozenset[str]:
    """What other items of this account are out as, since this one was begun: two equal texts are two posts."""
    begun = item.sending_since or item.created_at
    claimed = set()
    for lane in Lane:
        for other in store.outgoing.ended(lane, OutgoingState.SENT):
            if (other.sent_at or other.created_at) < begun - CLOCK_MARGIN:
                break
            if other.remote_id and other.account == item.account:
                claimed.add(other.remote_id)
    return frozenset(claimed)
