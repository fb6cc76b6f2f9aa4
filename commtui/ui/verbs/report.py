"""The report: how it is read beside the screen, and what is opened from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.activity.refusals import Stopped
from commtui.model import ids, times
from commtui.sentences.report import period
from commtui.store.errors import StoreError
from commtui.triage.many_objects import free, without_collections
from commtui.triage.report import report
from commtui.ui.dialogs.report import ReportScreen
from commtui.ui.dialogs.report_actions import Place, Read, RowsPlace
from commtui.ui.host import Host
from commtui.ui.own_store import Running, beside
from commtui.ui.text.naming import error_sentence
from commtui.ui.text.report_lines import report_lines
from commtui.ui.verbs import focus, person

DAYS: Final = (7, 30, 90)
"""The first of PERIODS; the last one is the month before."""


def open_report(host: Host) -> None:
    """Shows the figures of the last 30 days."""
    go_to(host, Place())


def go_to(host: Host, place: Place, rows: RowsPlace | None = None) -> None:
    """Shows the report as it was left, and the rows behind a number over it."""
    actions = ActionsOf(host)
    host.push(ReportScreen(host.snapshot, host.program.keymap, actions, place, rows, host.services.demo))


class ActionsOf:
    """What is done on the report's screens, as `ReportActions`."""

    def __init__(self, host: Host) -> None:
        self._host = host

    async def read(self, place: Place, show: Callable[[int], None]) -> Read:
        host = self._host
        host.renew()
        since, until = bounds(host.desk, place.period)

        def work(desk: Desk) -> Read:
            try:
                with without_collections():
                    found = report(desk, since, until, place.by)
                    lines = report_lines(found)
                    for group in (found.whole, found.before, *found.groups, *(goal.group for goal in found.goals)):
                        free(group.waits)
                    return Read(period(found), lines)
            except Stopped:  # nobody waits for it any more
                return Read()

        running = Running("report", 0)
        task = await beside(host.services, host.desk, work, running, lambda: show(running.done))
        try:
            return task.result()
        except (TriageError, StoreError) as error:
            return Read(problem=error_sentence(error, host.desk, host.key_of))

    def open(self, identity: str, place: Place, rows: RowsPlace) -> None:
        host = self._host

        def back() -> None:
            go_to(host, place, rows)

        if identity[:1] == ids.PERSON:
            person.go_to(host, identity, back=back)
            return

        def open_thread(host: Host, argument: str) -> None:
            focus.open_item(host, "mentions", resolve.conversation(host.desk.store, identity).id)
            host.session.opened_from = back

        host.run(open_thread)


def bounds(desk: Desk, number: int) -> tuple[datetime, datetime]:
    """From when to when a period of PERIODS is."""
    if number < len(DAYS):
        return desk.now - timedelta(days=DAYS[number]), desk.now
    return times.month_before(desk.now, desk.zone)
