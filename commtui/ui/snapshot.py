"""What the screen shows of the store: read at one moment, and again after each change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from commtui.activity.desk import Desk, our_handles
from commtui.model.engine import EngineState
from commtui.model.records import AccountState, Outgoing
from commtui.model.states import Lane, OutgoingState
from commtui.triage import queues, status, views
from commtui.ui.services import Services
from commtui.ui.text.rows import Piece, Pieces, RowContext
from commtui.ui.text.statusline import StatusFacts, ending_pieces, problem_pieces

SCHEDULED_READ: Final = 20
"""Scheduled items that are read to find the next one: those that are late stand before it, and are few."""


class Snapshot:
    """The desk, the moment that ages are counted from, and how both lanes stand. It owns these; others only read.

    `composing`: what the composer is open for.
    """

    def __init__(self, services: Services, composing: Callable[[], dict[str, Any] | None]) -> None:
        self._services = services
        self._composing = composing
        self.desk: Desk = services.desk()
        self.query = views.query_context(self.desk)
        self.standing = status.standing(self.desk, needs=False)
        self.next_items: dict[Lane, Outgoing | None] = dict.fromkeys(Lane)
        """What each lane sends next."""
        self._handles = our_handles(self.desk)
        self._next_change: datetime | None = None
        self.awake = 0
        """How many conversations are back, after a snooze or a mute."""

    def renew_desk(self) -> None:
        """Takes the settings and the moment as they are now."""
        self.desk = self._services.desk()
        self.renew_moment()

    def renew_moment(self) -> None:
        """Takes the moment as it is now."""
        self.query = views.query_context(self.desk)

    def renew_counts(self) -> None:
        """Counts both lanes again."""
        self._handles = our_handles(self.desk)
        self.standing = status.standing(self.desk, needs=False)
        self.next_items = {lane: next_to_leave(self.desk, lane) for lane in Lane}
        self.awake = len(queues.back(self.desk))
        self._next_change = queues.next_change(self.desk)

    @property
    def now(self) -> datetime:
        """The moment that ages are counted from."""
        return self.query.now

    @property
    def deadline_passed(self) -> bool:
        """Whether a conversation is back from snooze or mute, or one is overdue or at risk, since they were counted."""
        changed = self._next_change is not None and self._next_change < self.now
        return changed or len(queues.back(self.desk)) != self.awake

    @property
    def engine(self) -> EngineState:
        """Who sends."""
        return self._services.engine.state()

    @property
    def is_first_run(self) -> bool:
        """Whether there is no account, and none ever was."""
        return not self.desk.settings.accounts and not list(self.desk.store.all(AccountState))

    def ending(self, account: str = "") -> Pieces:
        """The end of the first title: what holds for the whole screen. `account`: whose rows are shown; empty: all."""
        return ending_pieces(self.standing, self._facts(), whole=not account)

    def problems(self) -> list[Piece]:
        """What is wrong and stays so until a person mends it."""
        return problem_pieces(self.standing, self._facts())

    def _facts(self) -> StatusFacts:
        services = self._services
        return StatusFacts(self.engine, services.settings_problem(), bool(services.store.damage))

    def row_context(self, width: int) -> RowContext:
        """What rows of that width are written with."""
        writing = next((str(identity) for identity in (self._composing() or {}).values() if identity), "")
        settings = self.desk.settings
        many, languages = len(settings.accounts) > 1, settings.detect_language
        return RowContext(self.query, self.desk.zone, width, many, writing, self._handles, languages)


def next_to_leave(desk: Desk, lane: Lane) -> Outgoing | None:
    """What a lane sends next: the first scheduled item that is still to come, else the first that is late."""
    numbers = desk.store.outgoing.in_state(lane, OutgoingState.SCHEDULED)
    first = None
    for number in numbers[:SCHEDULED_READ]:
        item = desk.store.at(Outgoing, number)
        if item is not None and item.scheduled_at and item.scheduled_at > desk.now:
            return item
        first = first or item
    return first
