"""The views: filters with a name and a number, which opens its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.triage import tally
from commtui.ui import finding
from commtui.ui.commands.command import Command, Do

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


def _view(name: str) -> Do:
    def do(inbox: InboxScreen, argument: str) -> None:
        inbox.go_to_pane(0)
        finding.set_filter(inbox, tally.NAMED[name])

    return do


def _sent(inbox: InboxScreen, argument: str) -> None:
    if inbox.pane.name == "mentions":
        inbox.go_to_pane(1)
    finding.set_filter(inbox, "is:sent")


def _named(name: str, title: str, leader: str) -> Command:
    return Command(f"view-{name}", title, "Views", _view(name), leader=leader, counted=name)


COMMANDS = (
    _named("open", "open", "o"),
    _named("unassigned", "unassigned", "n"),
    _named("mine", "mine", "m"),
    _named("waiting", "waiting for their answer", "w"),
    _named("snoozed", "snoozed", "z"),
    _named("overdue", "overdue", "v"),
    _named("done", "done", "e"),
    _named("archived", "archived", "A"),
    Command("view-sent", "sent replies or posts", "Views", _sent, leader="t"),
)
