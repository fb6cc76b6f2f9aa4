"""The one timer that paints: seconds until a reply or a post leaves, while they are in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from textual.timer import Timer

from commtui.model.records import Outgoing
from commtui.triage import views
from commtui.ui.panes.pane import OutgoingPane, soonest
from commtui.ui.text.rows import SECONDS_SHOWN, counts_down
from commtui.ui.verbs import thread_pane

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen

LONGEST_WAIT: Final = 3600.0
"""Seconds after which a wait is measured anew: the clock may have been set."""


class Countdown:
    """Ticks while something counts down; else waits, without painting, until something will."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox
        self.ticks: Timer | None = None
        self._wait: Timer | None = None

    def follow(self) -> None:
        """Starts, waits or stops, as what is scheduled wants it."""
        inbox = self._inbox
        if self._wait is not None:
            self._wait.stop()
            self._wait = None
        found = [soonest(inbox.desk, "community"), soonest(inbox.desk, "marketing")]
        moments = [item.scheduled_at for item in found if item is not None and item.scheduled_at]
        left = min(((moment - inbox.desk.now).total_seconds() for moment in moments), default=None)
        if left is not None and left < SECONDS_SHOWN:
            if self.ticks is None:
                self.ticks = inbox.set_interval(1, self._tick)
            return
        if self.ticks is not None:
            self.ticks.stop()
            self.ticks = None
            inbox.forget("leaves in")
        if left is not None:
            self._wait = inbox.set_timer(min(LONGEST_WAIT, left - SECONDS_SHOWN + 0.5), self._begin)

    def _begin(self) -> None:
        self._wait = None
        self._tick()

    def _tick(self) -> None:
        inbox = self._inbox
        inbox.setting = views.setting(inbox.desk)
        for name in ("replies", "posts"):
            rows = inbox.list_of(name)
            pane = cast("OutgoingPane", inbox.panes[name])
            if rows.size.height:
                for number in rows.in_sight():
                    item = pane.item(inbox.desk, number)
                    if item and self._shows_seconds(item):
                        rows.repaint_number(number)
        if inbox.promised[0]:
            from commtui.ui.live import outcome_watch  # the first rows do without

            outcome_watch.lapse(inbox)
        inbox.show_titles()
        if inbox.detail.about and inbox.detail.size.height:
            thread_pane.show(inbox, inbox.detail.about)
        self.follow()

    def _shows_seconds(self, item: Outgoing) -> bool:
        return counts_down(item, self._inbox.setting.now)
