"""What is scheduled keeps its wall time where this machine knows other rules of its zone than before.

Governments change them, and the tz database follows: a time that was computed before is an hour off then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from commtui.activity.desk import Desk, recorded_step
from commtui.activity.passive_log import PROGRAM
from commtui.config.settings import Settings
from commtui.model.clock import Clock, to_iso
from commtui.model.outgoing import by_the_clock
from commtui.model.records import Outgoing
from commtui.model.states import Lane, OutgoingState
from commtui.store.store import Store

log = logging.getLogger("commtui.engine")
LOOKED_AT: Final = 200
"""Items of one turn."""
WAITS: Final = frozenset(
    (OutgoingState.DRAFT, OutgoingState.REVIEW, OutgoingState.APPROVED, OutgoingState.SCHEDULED, OutgoingState.HELD)
)


class ZoneRules:
    """Looks once, at an engine's start, at all that is not sent yet: the soonest first, some in each turn."""

    def __init__(self, store: Store, clock: Clock, settings: Callable[[], Settings]) -> None:
        self._store, self._clock, self._settings = store, clock, settings
        self._left: list[int] | None = None

    def turn(self) -> bool:
        """Looks at some items. Returns whether others are left. Raises StoreError."""
        if self._left is None:
            self._left = [number for lane in Lane for number in self._store.outgoing.active(lane)]
        some, self._left = self._left[:LOOKED_AT], self._left[LOOKED_AT:]
        items = (self._store.at(Outgoing, number) for number in some)
        moved = [item.id for item in items if item is not None and self._by_the_clock(item) != item]
        if moved:
            self._move(moved)
        return bool(self._left)

    def _by_the_clock(self, item: Outgoing) -> Outgoing:
        return by_the_clock(item) if item.state in WAITS else item

    def _move(self, identities: list[str]) -> None:
        desk = Desk(self._store, self._clock, self._settings(), PROGRAM)
        with recorded_step(desk, "zone-rules", tuple(identities), undoable=False) as step:
            for identity in identities:
                item = step.write.get(Outgoing, identity)
                new = self._by_the_clock(item) if item is not None else None
                if item is None or new is None or new == item or new.scheduled_at is None:
                    continue
                step.write.put(new)
                step.detail = new.zone or ""
                log.warning(
                    "%s: the rules of %s have changed: it goes out at %s, as the clock says there, not at %s",
                    item.id, item.zone, to_iso(new.scheduled_at), to_iso(item.scheduled_at or new.scheduled_at),
                )  # fmt: skip
