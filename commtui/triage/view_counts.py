"""The named views of the mentions pane, and the number of rows of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from commtui.activity.desk import Desk
from commtui.activity.errors import UnknownName, Usage
from commtui.model.query_terms import Query, Term, printed
from commtui.model.states import Queue
from commtui.triage import query, queues, search, shares, views
from commtui.triage.status import Standing

NAMED: Final = {
    "open": "",
    "unassigned": "is:unassigned",
    "mine": "is:mine",
    "waiting": "is:waiting",
    "snoozed": "is:snoozed",
    "due": "due:<1d",
    "at-risk": "is:at-risk",
    "overdue": "is:overdue",
    "done": "is:done",
    "archived": "is:archived",
}
"""View -> the QUERY that shows its rows."""


def of_home(desk: Desk) -> dict[str, tuple[str, str]]:
    """Returns a view for each account, where there are several, and for each campaign with open conversations: name ->
    its QUERY, and the number of its rows."""
    accounts, campaigns = shares.of_accounts_and_campaigns(desk)
    found: dict[str, tuple[str, str]] = {}
    if len(desk.settings.accounts) > 1:
        for account in desk.settings.accounts:
            found[f"account {account.name}"] = (_asking("account", account.name), str(accounts[account.id]))
    names = desk.store.campaigns.names() if campaigns else {}
    counts = {names.get(campaign, campaign): count for campaign, count in campaigns.items()}
    for name in sorted(counts, key=str.casefold):
        found[f"campaign {name}"] = (_asking("campaign", name), str(counts[name]))
    return found


def _asking(key: str, value: str) -> str:
    return printed(((Term(key, value.casefold()),),))


def own_and_campaigns(desk: Desk, seconds: float) -> dict[str, str]:
    """Returns the number of rows of each view of the config, empty where it was not counted within that time, and of
    each campaign."""
    own = dict.fromkeys(desk.settings.views, "") | searched(desk, desk.settings.views, "", seconds)
    campaigns = {name: count for name, (_, count) in of_home(desk).items() if name.startswith("campaign ")}
    return campaigns | own


def all_views(desk: Desk) -> dict[str, str]:
    """Returns every view, the config's own first: name -> QUERY. One of its own stands for another of that name."""
    own = desk.settings.views
    others = {name: text for name, (text, _) in of_home(desk).items()}
    return {**own, **NAMED, **others, **own}


def query_of(desk: Desk, name: str) -> Query:
    """Returns the query of a view. Raises UnknownName, BadQuery."""
    known = all_views(desk)
    if name not in known:
        raise UnknownName("view", name, list(known))
    return query.parse(known[name])


def searched(desk: Desk, named: Mapping[str, str], account: str, seconds: float) -> dict[str, str]:
    """Returns the number of rows of some views (name -> QUERY), as far as they are counted within that time.

    `account`: its id, for the rows of that account alone; empty: of all. A view whose QUERY can't be read is left out.
    """
    more: Query = ((Term("account", account),),) if account else ()
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
    mine += list(desk.store.conversations.assignees(queues.woken(desk)).values()).count(desk.who)
    shown = {
        "open": standing.open,
        "unassigned": standing.unassigned,
        "mine": mine,
        "waiting": standing.waiting,
        "snoozed": standing.snoozed,
        "due": queues.due_within(desk, timedelta(days=1)),
        "at-risk": standing.at_risk,
        "overdue": standing.overdue,
    }
    return {name: str(count) for name, count in {**shown, "done": done + archived, "archived": archived}.items()}
