"""After an answer that was lost: the network is asked whether it has the text, before anything is sent again."""

from __future__ import annotations

from datetime import datetime, timedelta

from commtui.model.abilities import Proofs
from commtui.model.records import LookAlike, Outgoing
from commtui.model.states import Lane, OutgoingState, Reason
from commtui.networks.base import Absence, LoginRefused, Network, NetworkError, Sent, Unsupported
from commtui.store.store import Store
from commtui.sync.ledger import Ledger, is_anothers
from commtui.sync.proof import is_decided, may_send_again, next_look
from commtui.sync.session import Session

CLOCK_MARGIN = timedelta(hours=26)
"""How far a network's clock, or ours at another time, may be off."""
EQUAL_TEXTS = 5
"""How often the network is asked for one text in a look."""


async def read_back(session: Session, ledger: Ledger, item: Outgoing) -> Outgoing | None:
    """Asks the network for a text: found, it is `sent`; proven not to be there, it is sent a second time; else it
    stays `unknown`, with what the network shows beside it.

    Returns what the item is now; None: somebody changed it meanwhile. Raises LoginRefused.
    """
    now = session.clock.now
    try:
        seen = await look(await session.open(), session.store, item)
    except LoginRefused:
        raise
    except Unsupported:
        return ledger.stay_unknown(item, None, Reason.NO_READ_BACK, (), item.error)
    except NetworkError as error:
        until = next_look(item, now(), answered=False)
        return ledger.stay_unknown(item, until, item.reason, item.look_alikes, str(error))
    if isinstance(seen, Sent):
        found = ledger.accept_earlier_try(item, seen)
        if found is not None or session.store.get(Outgoing, item.id) != item:
            return found
        seen = None  # another item was that text by now
    if may_send_again(item, proofs(session), seen, now()):
        return ledger.not_there(item)
    return ledger.stay_unknown(
        item, next_look(item, now(), answered=True), why_unknown(item, seen), alike(seen), item.error
    )


async def look(network: Network, store: Store, item: Outgoing) -> Sent | Absence | None:
    """What the network shows of a text now. Raises NetworkError.

    Where our clock was set back, an equal text may be dated before `taken` looks: what turns out to be another item is
    left out, and the network is asked again.
    """
    names = taken(store, item)
    for _ in range(EQUAL_TEXTS):
        seen = await network.find(item, names)
        if not isinstance(seen, Sent) or not is_anothers(store, item, seen):
            return seen
        names |= {name for name in (seen.remote_id, seen.url) if name}
    return None


def proofs(session: Session) -> Proofs:
    """What this login's server proves; nothing as long as it is not known."""
    return session.profile.capabilities.proofs if session.profile is not None else Proofs()


def alike(seen: Absence | None) -> tuple[LookAlike, ...]:
    return seen.look_alikes if seen is not None else ()


def why_unknown(item: Outgoing, seen: Absence | None) -> str | None:
    """The reason of an item that was not found."""
    if item.reason == Reason.OTHER_ENGINE:
        return item.reason
    if alike(seen):
        return Reason.LOOK_ALIKE
    return Reason.NOT_SHOWN if is_decided(item) else item.reason


def taken(store: Store, item: Outgoing) -> frozenset[str]:
    """What other items of this account are out as, by ids and addresses, since this one may be out.

    Two equal texts are two posts.
    """
    since = earliest(item) - CLOCK_MARGIN
    names: set[str] = set()
    for lane in Lane:
        for other in store.outgoing.ended(lane, OutgoingState.SENT):
            if (other.sent_at or other.created_at) < since:
                break
            if other.remote_id and other.account == item.account and other.id != item.id:
                names |= names_of(other)
    return frozenset(names)


def names_of(item: Outgoing) -> set[str]:
    """The ids and addresses by which a network knows a text: on some servers an edit leaves only the addresses."""
    return {name for name in (item.remote_id, item.url, item.extra.get("uri")) if name}


def earliest(item: Outgoing) -> datetime:
    """From when on an item may be out."""
    return item.doubtful_since or item.sending_since or item.created_at
