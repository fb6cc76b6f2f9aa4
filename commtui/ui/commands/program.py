"""Copying, help and the program itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.ui import asking, copying, leaving
from commtui.ui.commands.command import Command

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


def _sync(inbox: InboxScreen, argument: str) -> None:
    inbox.services.sync_now()
    inbox.tell("asked for news")


COMMANDS = (
    Command("copy-link", "copy the link", "Copying", copying.copy_link, ("y",)),
    Command("copy-text", "copy the text", "Copying", copying.copy_text, ("Y",)),
    Command("open-link", "open the link", "Copying", copying.open_link, ("o",)),
    Command("sync", "ask the networks now", "Program", _sync, ("R",), verb="sync"),
    Command("command-line", "command line: the shell's verbs", "Program", asking.command_line, (":",)),
    Command("palette", "find a command", "Program", asking.palette, ("ctrl+p",)),
    Command("leader", "leader: a menu of the next keys", "Program", asking.leader, ("space",)),
    Command("help", "help", "Program", asking.show_help, ("?",), verb="help"),
    Command("theme", "another theme, for now", "Program", asking.theme, leader="c",
            verb="theme", argument="NAME"),
    Command("redraw", "draw the screen anew", "Program", leaving.redraw, ("ctrl+l",)),
    Command("quit", "quit", "Program", leaving.leave, leader="q", verb="quit"),
)  # fmt: skip
