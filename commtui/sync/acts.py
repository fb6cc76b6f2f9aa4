"""Acts on their way out. All but a report can be repeated without harm, so a lost answer is met by doing them again."""

from __future__ import annotations

import asyncio

from commtui.model.records import Act, ActKind
from commtui.model.states import OutgoingState, Reason
from commtui.networks.base import LoginRefused, NetworkError, Refused, Sent, Unreachable
from commtui.store.store import Store
from commtui.sync.ledger import Ledger
from commtui.sync.session import Session


async def do_act(session: Session, ledger: Ledger, act: Act) -> Act | None:
    """Does an act that is due. Returns what it is now; None: somebody changed it. Raises LoginRefused."""
    if is_superseded(session.store, act):
        return ledger.supersede(act)
    try:
        network = await session.open()
    except LoginRefused:
        raise
    except NetworkError as error:
        return ledger.try_later(act, error)
    begun = ledger.begin(act)
    if begun is None:
        return None
    try:
        done = await network.act(begun)
    except asyncio.CancelledError:
        ledger.unsettled(begun, Reason.STOPPED)
        raise
    except LoginRefused as error:
        ledger.delay(begun, str(error), session.clock.now())
        raise
    except Refused as error:
        return ledger.refuse(begun, error)
    except Unreachable as error:
        return ledger.try_later(begun, error)
    except NetworkError as error:  # the answer was lost, or is not to be trusted
        return ledger.retry_act(begun, error)
    return ledger.accept_act(begun, done if isinstance(done, Sent) else None)


def is_superseded(store: Store, act: Act) -> bool:
    """Whether a later edit of the same text is done: this one, tried again, would take its place."""
    if act.kind is not ActKind.EDIT or not act.of:
        return False
    return any(
        other.kind is ActKind.EDIT and other.created_at > act.created_at and other.state is OutgoingState.SENT
        for other in store.acts.about(act.of)
    )
