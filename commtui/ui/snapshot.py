"""What the screen shows of the store: read at one moment, and again after each change."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from commtui.activity.desk import Desk
from commtui.model.records import Outgoing
from commtui.model.states import Lane, OutgoingState
from commtui.triage import queues, status, views
from commtui.ui.services import Services
from commtui.ui.text.rows import RowContext

SCHEDULED_READ: Final = 20
"""Scheduled items that are read to find the next one: those that are late stand before it, and are few."""


class Snapshot:
    """The desk, the moment that ages are counted from, and how both lanes stand. It owns these; others only read."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.desk: Desk = services.desk()
        self.query = views.query_context(self.desk)
        self.standing = status.standing(self.desk, needs=False)
        self.next_reply: Outgoing | None = None
        """The reply that is sent next."""
        self.awake = 0
        """How many snoozed conversations have woken."""

    def renew_desk(self) -> None:
        """Takes the settings and the moment as they are now."""
        self.desk = self._services.desk()
        self.renew_moment()

    def renew_moment(self) -> None:
        """Takes the moment as it is now."""
        self.query = views.query_context(self.desk)

    def renew_counts(self) -> None:
        """Counts both lanes again."""
        self.standing = status.standing(self.desk, needs=False)
        self.next_reply = next_to_leave(self.desk, Lane.COMMUNITY)
        self.awake = len(queues.woken(self.desk))

    @property
    def now(self) -> datetime:
        """The moment that ages are counted from."""
        return self.query.now

    @property
    def woken_changed(self) -> bool:
        """Whether another number of snoozed conversations has woken since they were counted."""
        return len(queues.woken(self.desk)) != self.awake

    def row_context(self, width: int) -> RowContext:
        """What rows of that width are written with."""
        return RowContext(self.query, self.desk.zone, width, len(self.desk.settings.accounts) > 1)


def next_to_leave(desk: Desk, lane: Lane) -> Outgoing | None:
    """What a lane sends next: the first scheduled item that is still to come, else the first that is late."""
    numbers = desk.store.outgoing.in_state(lane, OutgoingState.SCHEDULED)
    items = [item for number in numbers[:SCHEDULED_READ] if (item := desk.store.at(Outgoing, number))]
    to_come = (item for item in items if item.scheduled_at and item.scheduled_at > desk.now)
    return next(to_come, items[0] if items else None)
