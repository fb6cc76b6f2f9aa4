"""Acts on their way out. Each can be repeated without harm, so a lost answer is met by doing it again."""

from __future__ import annotations

import asyncio

from commtui.model.records import Act
from commtui.networks.base import LoginRefused, NetworkError, Refused
from commtui.sync.ledger import Ledger
from commtui.sync.session import Session


async def do_act(session: Session, ledger: Ledger, act: Act) -> Act | None:
    """Does an act that is due. Returns what it is now; None: somebody changed it. Raises LoginRefused."""
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
        await network.act(begun)
    except asyncio.CancelledError:
        ledger.interrupted(begun)
        raise
    except LoginRefused as error:
        ledger.delay(begun, str(error), session.clock.now())
        raise
    except Refused as error:
        return ledger.refuse(begun, error)
    except NetworkError as error:  # unreachable, or the answer was lost
        return ledger.try_later(begun, error)
    return ledger.accept(begun, None)
