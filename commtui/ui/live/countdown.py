"""The one timer that paints: seconds until a reply or a post is sent, while they are visible."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from textual.timer import Timer

from commtui.model.records import Outgoing
from commtui.model.states import Lane, OutgoingState
from commtui.ui.host import Host
from commtui.ui.panes.outgoing import OutgoingPane
from commtui.ui.snapshot import next_to_leave
from commtui.ui.text.outgoing_row import SECONDS_SHOWN, counts_down

LONGEST_WAIT: Final = 3600.0
"""Seconds after which a wait is computed again: the clock may have been set."""
RETRYING_READ: Final = 20
"""Items that are tried again, of which the next time is looked at."""


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
        moments = self._moments()
        seconds = min(((moment - host.desk.now).total_seconds() for moment in moments), default=None)
        if seconds is not None and seconds < SECONDS_SHOWN:
            if self._ticks is None:
                self._ticks = host.set_interval(1, self._tick)
            return
        if self._ticks is not None:
            self._ticks.stop()
            self._ticks = None
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
        self._renew_message()
        host.panes.show_titles()
        if host.thread.text.size.height:
            host.thread.renew()
        self.follow()

    def _moments(self) -> list[datetime]:
        """When what counts down on the screen is over, as far as it does not stand there as over already."""
        host = self._host
        items = [next_to_leave(host.desk, lane) for lane in Lane]
        moments = [item.scheduled_at for item in items if item is not None and item.scheduled_at]
        for lane in Lane:
            for number in host.desk.store.outgoing.in_state(lane, OutgoingState.RETRYING)[:RETRYING_READ]:
                item = host.desk.store.at(Outgoing, number)
                if item is not None and item.next_try_at and item.next_try_at > host.desk.now:
                    moments.append(item.next_try_at)
        pending = host.status.pending
        if pending is not None and pending.due is not None and pending.due > host.snapshot.now:
            moments.append(pending.due)
        return moments

    def _renew_message(self) -> None:
        """Counts down what the message says. Its moment over, it goes where nothing sends; else what became of it
        follows."""
        host, status = self._host, self._host.status
        if status.pending is None or status.pending.due is None:
            return
        sends = host.services.engine.state().where != "failed" and not host.desk.settings.paused
        if status.pending.due > host.snapshot.now or sends:
            status.renew()
        else:
            status.forget()
