"""`commtui status`: both lanes at a glance, from the cache alone. Quick: nothing is imported that it doesn't need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from commtui.activity.desk import Desk
from commtui.cli.output import cut, json_object, out
from commtui.cli.services import Services
from commtui.model import times
from commtui.triage import status
from commtui.triage.status import Standing

if TYPE_CHECKING:
    from argparse import Namespace

    from commtui.cli.parser import Parser

NEEDS_SHOWN = 5


def add(parser: Parser, name: str) -> None:
    parser.add_format("tmux")


def run(services: Services, args: Namespace) -> int:
    return show(services, args.format)


def show(services: Services, form: str) -> int:
    """Prints it as text, tmux or json; the exit code."""
    desk = services.desk()
    standing = status.standing(desk)
    if form == "json":
        json_object(status.as_json(desk, standing))
    elif form == "tmux":
        out(short(desk, standing))
    else:
        for line in lines(desk, standing):
            out(cut(line))
    return 3 if standing.needs else 0


def short(desk: Desk, standing: Standing) -> str:
    """One short line for a status bar, without `#`, which tmux reads: `12 open 3 overdue | 2 out 1 failed`."""
    community = [f"{standing.open} open"]
    community += [f"!{standing.overdue} overdue"] if standing.overdue else []
    parts = [" ".join(community)]
    leaving = sum(standing.outgoing.get(state, 0) for state in ("scheduled", "sending", "retrying"))
    stuck = [
        f"!{standing.outgoing[state]} {state}" for state in ("failed", "unknown", "held") if state in standing.outgoing
    ]
    outgoing = ([f"{leaving} out"] if leaving else []) + stuck
    parts += [" ".join(outgoing)] if outgoing else []
    ill = [f"!{each.account.replace('#', '')} {each.health}" for each in standing.accounts if _ill(each.health.value)]
    return " | ".join([*parts, *ill])


def _ill(health: str) -> bool:
    return health in ("offline", "limited", "refused")


def lines(desk: Desk, standing: Standing) -> list[str]:
    """A line for each pane, the accounts, and what needs a person."""
    open_ones = f"{standing.open} open ({standing.unassigned} unassigned, {standing.overdue} overdue)"
    others = f"{standing.waiting} waiting, {standing.snoozed} snoozed"
    posts = _states(standing.posts)
    if standing.next_post and standing.next_post.scheduled_at:
        at = times.echo(standing.next_post.scheduled_at, desk.zone, desk.now)
        posts += f"; next {standing.next_post.id} {at}"
    found = [
        f"mentions   {open_ones}, {others}",
        f"replies    {_states(standing.replies)}",
        f"posts      {posts}",
    ]
    for each in standing.accounts:
        age = times.ago(each.synced_at, desk.now) if each.synced_at else "never"
        synced = {"now": "in step just now", "never": "never in step"}.get(age, f"in step {age} ago")
        error = f": {each.error}" if each.error else ""
        found.append(f"account    {each.account} {each.health.value}, {synced}{error}")
    if not standing.accounts:
        found.append("account    none yet: commtui account add NETWORK, or commtui --demo to look around")
    for need in standing.needs[:NEEDS_SHOWN]:
        found.append(f"needs you  {need.id} {need.why}")
    if len(standing.needs) > NEEDS_SHOWN:
        found.append(f"needs you  and {len(standing.needs) - NEEDS_SHOWN} more: commtui status --json names them")
    return found


def _states(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in counts.items()) or "none"
