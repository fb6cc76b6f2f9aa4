"""What accounts have used up of what their servers allow for writes, kept with them from one run to the next."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec.structs import replace

from commtui.config.settings import Account
from commtui.model.clock import Clock, from_iso, to_iso
from commtui.model.records import AccountState
from commtui.store.errors import StoreError
from commtui.store.store import Store

log = logging.getLogger("commtui.sync")
SLOT: Final = timedelta(minutes=10)
"""Points are kept by the ten minutes: at most 145 numbers for an account."""
KEPT: Final = timedelta(days=1)
EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)


class StoredPoints:
    """What `networks.base.Spent` promises, for one account."""

    def __init__(self, store: Store, clock: Clock, account: Account) -> None:
        self._store, self._clock, self._account = store, clock, account

    def entries(self) -> list[tuple[datetime, int]]:
        """The points of the last day of all accounts here that are the same login; each counts from its slot's end."""
        latest = self._end()
        own = self._store.get(AccountState, self._account.id)
        spent: list[tuple[datetime, int]] = []
        for state in self._store.all(AccountState):
            if state.id == self._account.id or _same_login(state, own):
                # a later slot was kept by a clock that has been set back since
                spent += [(min(from_iso(end), latest), points) for end, points in state.spent.items()]
        return [(end, points) for end, points in spent if end > latest - KEPT - SLOT]

    def add(self, points: int) -> bool:
        """Keeps points that are spent now; False where the store has no room."""
        try:
            self._write(points)
        except StoreError as error:  # a full disk: this process counts them all the same
            log.warning("%s: what was written cannot be counted on disk: %s", self._account.name, error)
            return False
        return True

    def _end(self) -> datetime:
        """The end of the slot of now."""
        now = self._clock.now()
        return now + SLOT - (now - EPOCH) % SLOT

    def _write(self, points: int) -> None:
        end = self._end()
        with self._store.write() as write:
            state = write.get(AccountState, self._account.id) or AccountState(
                id=self._account.id, name=self._account.name, network=self._account.network
            )
            earliest, latest = end - KEPT - SLOT, end + KEPT
            kept = {name: cost for name, cost in state.spent.items() if earliest < from_iso(name) <= latest}
            name = to_iso(end)
            write.put(replace(state, spent={**kept, name: kept.get(name, 0) + points}))


def _same_login(state: AccountState, own: AccountState | None) -> bool:
    return own is not None and own.user != "" and (state.network, state.user) == (own.network, own.user)
