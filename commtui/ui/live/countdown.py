"""The one timer that paints: seconds until a reply or a post is sent, while they are visible."""

from __future__ import annotations

from typing import Final

from textual.timer import Timer

from commtui.model.records import Outgoing
from commtui.model.states import Lane
from commtui.ui.host import Host
from commtui.ui.panes.outgoing import OutgoingPane
from commtui.ui.snapshot import next_to_leave
from commtui.ui.text.outgoing_row import SECONDS_SHOWN, counts_down

LONGEST_WAIT: Final = 3600.0
"""Seconds after which a wait is computed again: the clock may have been set."""


class Countdown:
    """Ticks while something counts down; else waits, without painting, until something will."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._ticks: Timer | None = None
        self._wait: Timer | None = None

    def follow(self) -> None:
        """Starts, waits or stops, as what is scheduled wants it."""
        host = self._host
        if self._wait is not None:
            self._wait.stop()
            self._wait = None
        items = [next_to_leave(host.desk, lane) for lane in Lane]
        moments = [item.scheduled_at for item in items if item is not None and item.scheduled_at]
        seconds = min(((moment - host.desk.now).total_seconds() for moment in moments), default=None)
        if seconds is not None and seconds < SECONDS_SHOWN:
            if self._ticks is None:
                self._ticks = host.set_interval(1, self._tick)
            return
        if self._ticks is not None:
            self._ticks.stop()
            self._ticks = None
            host.status.forget_time()
        if seconds is not None:
            self._wait = host.set_timer(min(LONGEST_WAIT, seconds - SECONDS_SHOWN + 0.5), self._begin)

    def _begin(self) -> None:
        self._wait = None
        self._tick()

    def _tick(self) -> None:
        host, snapshot = self._host, self._host.snapshot
        snapshot.renew_moment()
        for view in host.panes.views:
            if isinstance(view.pane, OutgoingPane) and view.rows.size.height:
                for number in view.rows.in_sight():
                    item = view.pane.item(snapshot.desk, number)
                    if item and counts_down(item, snapshot.now):
                        view.rows.repaint_number(number)
        self._forget_lapsed()
        host.panes.show_titles()
        if host.thread.text.size.height:
            host.thread.renew()
        self.follow()

    def _forget_lapsed(self) -> None:
        """Takes a message away whose moment is over, though nothing was sent: perhaps nothing sends here."""
        status, snapshot = self._host.status, self._host.snapshot
        for identity in status.countdown:
            item = snapshot.desk.store.get(Outgoing, identity)
            if item and item.scheduled_at and item.scheduled_at <= snapshot.now:
                status.forget_time()
