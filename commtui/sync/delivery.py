"""One account's delivery: sends the texts and does the acts that are due, one after the other.

It decides by the store alone, so that killing it changes nothing. Only the holder of the engine lock runs it.
"""

from __future__ import annotations

import logging

from commtui.model.records import Act, Outgoing
from commtui.model.states import OutgoingState
from commtui.networks.base import LoginRefused
from commtui.store.errors import StoreError
from commtui.sync.acts import do_act
from commtui.sync.due import Item, due_items
from commtui.sync.faults import FAULTS, Fault
from commtui.sync.ledger import Ledger
from commtui.sync.readback import read_back
from commtui.sync.session import Session
from commtui.sync.texts import TextSender

log = logging.getLogger("commtui.delivery")


class Delivery:
    """One account's outgoing texts and acts."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        self.session = session
        self.ledger = ledger
        self.texts = TextSender(session, ledger)

    async def deliver_due(self) -> None:
        """Delivers what is due. Raises LoginRefused (the items wait for the account) and StoreError."""
        session = self.session
        for item in due_items(session.store, session.account.id, session.clock.now()):
            if session.store.get(type(item), item.id) != item:
                continue  # changed while another one was sent: the next round reads when it is due now
            try:
                self._count(await self._deliver(item))
            except (LoginRefused, StoreError):
                raise
            except FAULTS as fault:
                log.exception("%s: a fault of commtui's own at %s", session.account.name, item.id)
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
            out = f" as {item.remote_id}" if isinstance(item, Outgoing) else ""
            log.info("%s: %s is out%s", self.session.account.name, item.id, out)
        elif item.state is OutgoingState.FAILED:
            self.session.failed += 1
