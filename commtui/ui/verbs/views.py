"""The views: filters with a name and a number, which opens its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.triage import view_counts
from commtui.ui.host import Action, Host
from commtui.ui.verbs import filtering, focus


def _view(name: str) -> Action:
    def show(host: Host, argument: str) -> None:
        focus.go_to_pane(host, "mentions")
        filtering.set_filter(host, view_counts.NAMED[name])

    return show


def _sent(host: Host, argument: str) -> None:
    if host.panes.pane.name == "mentions":
        focus.go_to_pane(host, "replies")
    filtering.set_filter(host, "is:sent")


_VIEWS: Final = ("open", "unassigned", "mine", "waiting", "snoozed", "overdue", "done", "archived")
ACTIONS: Final[Mapping[str, Action]] = {**{f"view-{name}": _view(name) for name in _VIEWS}, "view-sent": _sent}
