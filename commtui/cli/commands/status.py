"""`commtui status`: the status of both lanes, from the store alone. It imports only what it needs, to be quick."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from commtui.activity.desk import Desk
from commtui.cli.output import hanging, json_object, out
from commtui.cli.services import Services
from commtui.model import times
from commtui.sentences.filtered import filtered_words
from commtui.sentences.reasons import words
from commtui.triage import status
from commtui.triage.status import Standing

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from commtui.cli.parser import Parser

NEEDS_SHOWN = 5
"""How many items that need a person are named."""
UNBROKEN = "\x1f"
"""Stands for a space at which a line is not broken: in ASCII, so that its width is known without a table."""


def add(parser: Parser, name: str) -> None:
    parser.add_format("tmux")


def run(services: Services, args: Namespace) -> int:
    return show(services, args.format)


def show(services: Services, form: str) -> int:
    """Prints the status as text, tmux or json, and returns the exit code: 3 if an item needs a person."""
    desk = services.desk()
    standing = status.standing(desk)
    if form == "json":
        json_object({**status.as_json(desk, standing), "engine": services.holder()})
    elif form == "tmux":
        out(short(desk, standing, services.holder()))
    else:
        for line in lines(desk, standing, services.holder(), _opens(services.home.config.parent)):
            for part in hanging(line, 11):
                out(part.replace(UNBROKEN, " "))
    return 3 if standing.needs else 0


def _opens(folder: Path) -> str:
    """Returns the command that opens the inbox of the home in this folder."""
    from commtui.config.paths import DEMO_MARK

    if not (folder / DEMO_MARK).exists():
        return "commtui"
    import shlex  # takes 5 ms, and is needed in a demo alone

    return _whole(f"`commtui --demo --home {shlex.quote(str(folder))}`")


def _whole(command: str) -> str:
    """Returns the command as one word, so that it is printed in one line and can be copied."""
    return command.replace(" ", UNBROKEN)


def short(desk: Desk, standing: Standing, sender: str | None) -> str:
    """Returns a line for a status bar, without `#`, which tmux would interpret: `12 open due 25m | 2 scheduled`.
    `sender`: who runs the engine, None where nobody does."""
    community = [f"{standing.open} open"]
    community += [f"!{standing.overdue} overdue"] if standing.overdue else []
    community += [f"!{standing.at_risk} at risk"] if standing.at_risk else []
    community += [_due(desk, standing)] if standing.next_due else []
    parts = [" ".join(community)]
    leaving = sum(standing.outgoing.get(state, 0) for state in ("scheduled", "sending", "retrying"))
    stuck = [
        f"!{standing.outgoing[state]} {state}" for state in ("failed", "unknown", "held") if state in standing.outgoing
    ]
    outgoing = ([f"{leaving} scheduled"] if leaving else []) + stuck
    outgoing += ["!sending OFF"] if leaving and sender is None else []
    parts += [" ".join(outgoing)] if outgoing else []
    accounts = [
        f"!{account.account.replace('#', '')} {account.health}"
        for account in standing.accounts
        if _is_unwell(account.health.value)
    ]
    return " | ".join([*parts, *accounts])


def _is_unwell(health: str) -> bool:
    return health in ("offline", "limited", "refused")


def lines(desk: Desk, standing: Standing, sender: str | None, opens: str) -> list[str]:
    """Returns a line for each pane, for who sends, for each account, and for each item that needs a person.

    `opens`: the command that opens the inbox of this home. A space in a command is UNBROKEN.
    """
    facts = [f"{standing.unassigned} unassigned", f"{standing.overdue} overdue"]
    facts += [f"{standing.at_risk} at risk"] if standing.at_risk else []
    facts += [f"next {_due(desk, standing)}"] if standing.next_due else []
    open_ones = f"{standing.open} open ({', '.join(facts)})"
    others = f"{standing.waiting} waiting, {standing.snoozed} snoozed"
    posts = _states(standing.posts)
    if standing.next_post and standing.next_post.scheduled_at:
        at = times.echo(standing.next_post.scheduled_at, desk.zone, desk.now)
        posts += f"; next {standing.next_post.id} {at}"
    engine = _whole("`commtui run`")
    shown = [
        f"mentions   {open_ones}, {others}",
        f"replies    {_states(standing.replies)}",
        f"posts      {posts}",
        f"sending    {f'on: {sender}' if sender else f'OFF: start {opens} or {engine}'}",
    ]
    for account in standing.accounts:
        age = times.ago(account.synced_at, desk.now) if account.synced_at else "never"
        synced = {"now": "checked just now", "never": "not checked yet"}.get(age, f"checked {age} ago")
        error = f": {account.error}" if account.error else ""
        unread = f", {account.unread} unread" if account.unread else ""
        shown.append(f"account    {account.account} {account.health.value}, {synced}{unread}{error}")
        if account.filtered:
            what = f"{account.account} {filtered_words(account.filtered, account.filtered_people)}"
            shown.append(f"filtered   {what}: {_whole(f'commtui accept-filtered {account.account}')}")
    if not standing.accounts:
        login, demo = _whole("commtui account add NETWORK"), _whole("commtui --demo")
        shown.append(f"account    none yet: {login}, or {demo} to look around")
    for need in standing.needs[:NEEDS_SHOWN]:
        shown.append(f"attention  {' '.join(filter(None, (need.id, desk.store.author(need.id), words(need.why))))}")
    if len(standing.needs) > NEEDS_SHOWN:
        more = len(standing.needs) - NEEDS_SHOWN
        shown.append(f"attention  and {more} more: {_whole('commtui status --json')} names them")
    return shown


def _due(desk: Desk, standing: Standing) -> str:
    """Returns when the next answer is due: `due 25m`."""
    return f"due {times.ago(desk.now, standing.next_due.due_at)}" if standing.next_due else ""


def _states(counts: Mapping[str, int]) -> str:
    names = {state: "drafts" if state == "draft" and count != 1 else state for state, count in counts.items()}
    return ", ".join(f"{count} {names[state]}" for state, count in counts.items()) or "none"
