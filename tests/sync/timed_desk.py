"""A home with rules on waits, and a clock that a test moves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from commtui.config.rules import Rule
from commtui.config.service_levels import ServiceLevel
from commtui.model.records import Note
from commtui.store.store import Store
from commtui.sync.timed_rules import TimedRules
from tests.clock import FakeClock
from tests.sync.arriving import Arrivals, rule

HOUR = 3600.0
LATE = rule("late", "note late", on="unanswered", after="1h")
LEVELS = (
    ServiceLevel("vip", first=timedelta(hours=1), next=timedelta(hours=1), tags=("vip",)),
    ServiceLevel("all", first=timedelta(hours=4)),
)
RISK, OVER = rule("risk", "note at risk", on="at-risk"), rule("over", "note overdue", on="overdue")


class Desk(Arrivals):
    """A home with an engine's part for rules on waits."""

    def __init__(self, folder: Path, clock: FakeClock, *rules: Rule, **fields: object) -> None:
        super().__init__(Store(folder), clock, *rules, **fields)
        self.folder, self.fake = folder, clock
        self.restart()

    def restart(self) -> None:
        """As after a kill: nothing but the store is left."""
        self.timed = TimedRules(self.store, self.clock, lambda: self.settings)
        self.store.observe(self.timed.see)

    def turn(self, seconds: float = 0) -> None:
        """Time goes by, then the engine turns until nothing is due."""
        self.fake.advance(seconds)
        while self.timed.turn():
            pass

    def notes(self) -> list[str]:
        return [note.conversation for note in sorted(self.store.all(Note), key=lambda note: note.at)]
