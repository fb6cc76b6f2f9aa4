"""The named views of the mentions pane, and the number of rows of each."""

from __future__ import annotations

from typing import Final

from commtui.activity.desk import Desk
from commtui.model.states import Queue
from commtui.triage import queues
from commtui.triage.status import Standing

NAMED: Final = {
    "open": "",
    "unassigned": "is:unassigned",
    "mine": "is:mine",
    "waiting": "is:waiting",
    "snoozed": "is:snoozed",
    "overdue": "is:overdue",
    "done": "is:done",
    "archived": "is:archived",
}
"""View -> the QUERY that shows its rows."""


def counts(desk: Desk, standing: Standing) -> dict[str, str]:
    """Returns the number of rows of each view, by its name."""
    done = desk.store.conversations.counts().get(Queue.DONE, 0)
    archived = desk.store.conversations.counts(archived=True).get(Queue.DONE, 0)
    mine = desk.store.conversations.assigned_counts().get((Queue.OPEN, desk.who), 0)
    mine += sum(1 for number in queues.woken(desk) if desk.store.conversations.assignee(number) == desk.who)
    shown = {
        "open": standing.open,
        "unassigned": standing.unassigned,
        "mine": mine,
        "waiting": standing.waiting,
        "snoozed": standing.snoozed,
        "overdue": standing.overdue,
    }
    return {name: str(count) for name, count in {**shown, "done": done + archived, "archived": archived}.items()}
