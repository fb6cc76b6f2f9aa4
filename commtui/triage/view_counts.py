"""The named views of the mentions pane, and the number of rows of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.activity.desk import Desk
from commtui.activity.errors import Usage
from commtui.model.states import Queue
from commtui.triage import query, queues, search, views
from commtui.triage.query import Term
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


def searched(desk: Desk, named: Mapping[str, str], account: str, seconds: float) -> dict[str, str]:
    """Returns the number of rows of some views (name -> QUERY), as far as they are counted within that time.

    `account`: its id, for the rows of that account alone; empty: of all. A view whose QUERY can't be read is left out.
    """
    more = (Term("account", account),) if account else ()
    until, context, woken = desk.clock.monotonic() + seconds, views.query_context(desk), set(queues.woken(desk))
    numbers: dict[str, str] = {}
    for name, text in named.items():
        try:
            terms = query.parse(text) + more
        except Usage:
            continue
        slices = search.search(desk, terms, context, woken)
        while name not in numbers and desk.clock.monotonic() < until:
            try:
                next(slices)
            except StopIteration as end:
                numbers[name] = str(len(end.value))
    return numbers


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
