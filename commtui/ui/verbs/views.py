"""The views: filters with a name and a number, which opens its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from commtui.triage import view_counts
from commtui.ui.keys.command import Do
from commtui.ui.verbs import filtering

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


def _view(name: str) -> Do:
    def do(inbox: InboxScreen, argument: str) -> None:
        inbox.go_to_pane(0)
        filtering.set_filter(inbox, view_counts.NAMED[name])

    return do


def _sent(inbox: InboxScreen, argument: str) -> None:
    if inbox.pane.name == "mentions":
        inbox.go_to_pane(1)
    filtering.set_filter(inbox, "is:sent")


DO: Final[Mapping[str, Do]] = {
    "view-open": _view("open"),
    "view-unassigned": _view("unassigned"),
    "view-mine": _view("mine"),
    "view-waiting": _view("waiting"),
    "view-snoozed": _view("snoozed"),
    "view-overdue": _view("overdue"),
    "view-done": _view("done"),
    "view-archived": _view("archived"),
    "view-sent": _sent,
}
