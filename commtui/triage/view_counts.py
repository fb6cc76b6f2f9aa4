"""The named views of the mentions pane, each with the number of its rows."""

from __future__ import annotations

from typing import Final

from commtui.activity.desk import Desk
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
COUNTED_MOST: Final = 5000
"""Archived conversations up to which they are counted: more would keep the screen waiting."""


def counts(desk: Desk, standing: Standing) -> dict[str, str]:
    """View -> how many rows it has; `>5000` where the archive holds more than is counted at once."""
    hot = desk.store.counts("conversations", "_queue").get("done", 0)
    most = desk.store.archive.db.counts("conversations", "_queue").get("done", 0) if desk.store.archive.exists else 0
    cold = len(desk.store.archive.conversations()) if 0 < most <= COUNTED_MOST else most
    mine = desk.store.counts("conversations", "_desk").get(f"open:{desk.who}", 0)
    mine += sum(1 for number in queues.awake(desk) if _assignee(desk, number) == desk.who)
    found = {
        "open": standing.open,
        "unassigned": standing.unassigned,
        "mine": mine,
        "waiting": standing.waiting,
        "snoozed": standing.snoozed,
        "overdue": standing.overdue,
    }
    many = f">{COUNTED_MOST}" if cold > COUNTED_MOST else ""
    return {name: str(count) for name, count in found.items()} | {
        "done": many or str(hot + cold),
        "archived": many or str(cold),
    }


def _assignee(desk: Desk, number: int) -> str | None:
    held = desk.store.document("conversations", number)
    return held["assignee"] if held else None
