"""One item's delivery: a text or an act that is due is sent, done or read back, and what came of it is written.

It decides by the store alone, so that killing it changes nothing. Only the holder of the engine lock runs it.
"""

from __future__ import annotations

import logging

from commtui.model.records import Act, ActKind, Outgoing
from commtui.model.states import OutgoingState
from commtui.networks.base import LoginRefused
from commtui.store.errors import StoreError
from commtui.sync.acts import do_act
from commtui.sync.due import Item
from commtui.sync.faults import FAULTS, Fault
from commtui.sync.ledger import Ledger
from commtui.sync.readback import read_back
from commtui.sync.session import Session
from commtui.sync.texts import TextSender

log = logging.getLogger("commtui.delivery")


class Delivery:
    """The delivery of one account's texts and acts."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        self.session = session
        self.ledger = ledger
        self.texts = TextSender(session, ledger)

    async def deliver(self, item: Item) -> None:
        """Delivers an item that is due. Raises LoginRefused (the items wait for the account) and StoreError."""
        try:
            self._count(await self._deliver(item))
        except (LoginRefused, StoreError):
            raise
        except FAULTS as fault:
            log.exception("%s: a fault of commtui's own at %s", self.session.account.name, item.id)
            self._count(self.ledger.fault(item, Fault(fault)))

    async def _deliver(self, item: Item) -> Item | None:
        if isinstance(item, Act):
            return await do_act(self.session, self.ledger, item)
        if item.state is OutgoingState.UNKNOWN:
            return await read_back(self.session, self.ledger, item)
        return await self.texts.send_text(item)

    def _count(self, item: Item | None) -> None:
        """Counts an item that was delivered or refused; None: it is as it was."""
        if item is None:
            return
        if item.state is OutgoingState.SENT:
            self.session.sent += 1
            self.session.has_accepted |= isinstance(item, Act) and item.kind is ActKind.ACCEPT_FILTERED
            out = f" as {item.remote_id}" if isinstance(item, Outgoing) else ""
            log.info("%s: %s is out%s", self.session.account.name, item.id, out)
        elif item.state is OutgoingState.FAILED:
            self.session.failed += 1
