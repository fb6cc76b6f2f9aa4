"""Views, copying, help and the program itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.ui import asking, copying, finding
from commtui.ui.commands.command import Command, Do

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


def _view(pane: int | None, query: str) -> Do:
    """A view is a filter with a name."""

    def do(inbox: InboxScreen, argument: str) -> None:
        if pane is not None:
            inbox.go_to_pane(pane)
        finding.set_filter(inbox, query)

    return do


def _sent(inbox: InboxScreen, argument: str) -> None:
    if inbox.pane.name == "mentions":
        inbox.go_to_pane(1)
    finding.set_filter(inbox, "is:sent")


def _sync(inbox: InboxScreen, argument: str) -> None:
    inbox.services.sync_now()
    inbox.tell("asked for news")


COMMANDS = (
    Command("copy-link", "copy the link", "Copying", copying.copy_link, ("y",)),
    Command("copy-text", "copy the text", "Copying", copying.copy_text, ("Y",)),
    Command("open-link", "open the link", "Copying", copying.open_link, ("o",)),
    Command("view-open", "all that is open", "Views", _view(None, ""), leader="o"),
    Command("view-mine", "mine", "Views", _view(0, "is:mine"), leader="m"),
    Command("view-unassigned", "nobody's", "Views", _view(0, "is:unassigned"), leader="n"),
    Command("view-overdue", "overdue", "Views", _view(0, "is:overdue"), leader="v"),
    Command("view-waiting", "waiting for their answer", "Views", _view(0, "is:waiting"), leader="w"),
    Command("view-snoozed", "snoozed", "Views", _view(0, "is:snoozed"), leader="z"),
    Command("view-done", "done", "Views", _view(0, "is:done"), leader="e"),
    Command("view-sent", "sent replies or posts", "Views", _sent, leader="t"),
    Command("sync", "ask the networks now", "Program", _sync, ("R",), verb="sync"),
    Command("command-line", "command line: the shell's verbs", "Program", asking.command_line, (":",)),
    Command("palette", "find a command", "Program", asking.palette, ("ctrl+p",)),
    Command("leader", "leader: a menu of the next keys", "Program", asking.leader, ("space",)),
    Command("help", "help", "Program", asking.show_help, ("?",), verb="help"),
    Command("theme", "another theme, for now", "Program", asking.theme, leader="c",
            verb="theme", argument="NAME"),
    Command("redraw", "draw the screen anew", "Program", lambda inbox, _: inbox.redraw(), ("ctrl+l",)),
    Command("quit", "quit", "Program", lambda inbox, _: inbox.quit(), leader="q", verb="quit"),
)  # fmt: skip
