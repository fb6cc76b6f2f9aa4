"""Until when servers asked to wait, kept with the accounts: a `commtui sync` begins where the one before ended."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from msgspec.structs import replace

from commtui.config.settings import Account
from commtui.model.clock import Clock
from commtui.model.records import AccountState
from commtui.store.errors import StoreError
from commtui.store.store import Store

log = logging.getLogger("commtui.sync")
LONGEST = timedelta(days=1)
"""A wait that is longer was kept by a clock that has been set back since."""


class StoredWaits:
    """What `networks.base.Waits` promises, for one account."""

    def __init__(self, store: Store, clock: Clock, account: Account) -> None:
        self._store, self._clock, self._account = store, clock, account

    def until(self, name: str) -> datetime | None:
        """The latest moment that this account kept under the name, or any account where it concerns the server."""
        states = self._store.all(AccountState)
        moments = [
            state.waits[name]
            for state in states
            if name in state.waits and (" " not in name or state.id == self._account.id)
        ]
        return min(max(moments), self._clock.now() + LONGEST) if moments else None

    def keep(self, name: str, until: datetime) -> None:
        """Keeps a moment, and forgets those that are over."""
        try:
            self._write(name, until)
        except StoreError as error:  # a full disk: this process knows of it all the same
            log.warning("%s: the wait that its server asked for cannot be kept: %s", self._account.name, error)

    def _write(self, name: str, until: datetime) -> None:
        now = self._clock.now()
        with self._store.write() as write:
            state = write.get(AccountState, self._account.id) or AccountState(
                id=self._account.id, name=self._account.name, network=self._account.network
            )
            others = {other: moment for other, moment in state.waits.items() if moment > now and other != name}
            write.put(replace(state, waits={**others, name: until}))
