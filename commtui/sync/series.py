"""Makes the posts of series in the engine: at its start, where a series changes, and as time goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from commtui.activity.desk import Desk
from commtui.activity.passive_log import PROGRAM
from commtui.config.settings import Settings
from commtui.marketing.series_posts import make_all
from commtui.model.clock import Clock
from commtui.store.changes import Changes
from commtui.store.store import Store

log = logging.getLogger("commtui.series")
EVERY: Final = timedelta(minutes=10)
"""Between two looks: as late may a post of 60 days ahead be made."""
MADE_OF: Final = frozenset(("series", "campaigns"))
"""The tables on which it depends what is made."""


class SeriesMaker:
    """`see` may be called from any thread; the rest on the engine's."""

    def __init__(self, store: Store, clock: Clock, settings: Callable[[], Settings]) -> None:
        self._store, self._clock, self._settings = store, clock, settings
        self._looked_at: datetime | None = None
        self._followed: Settings | None = None
        self._changed = True

    def see(self, changes: Changes) -> None:
        """Takes in what changed in the store."""
        if not MADE_OF.isdisjoint(changes):
            self._changed = True

    def turn(self) -> None:
        """Makes what is missing, where it is time to look. Raises StoreError: the next turn looks again."""
        now, settings = self._clock.now(), self._settings()
        before = self._looked_at
        is_time = before is None or not before <= now < before + EVERY  # a clock may be set back, too
        if not is_time and not self._changed and settings is self._followed:
            return
        self._changed, self._looked_at, self._followed = False, None, settings
        made = make_all(Desk(self._store, self._clock, settings, PROGRAM))
        if made:
            log.info("%d posts of series are made", made)
        self._looked_at = now
