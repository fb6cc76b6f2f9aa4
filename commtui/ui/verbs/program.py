"""Copying, help and the program itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from commtui.ui.keys.command import Do
from commtui.ui.verbs import command_line, copying, quitting

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


def _sync(inbox: InboxScreen, argument: str) -> None:
    inbox.services.sync_now()
    inbox.tell("asked for news")


DO: Final[Mapping[str, Do]] = {
    "copy-link": copying.copy_link,
    "copy-text": copying.copy_text,
    "open-link": copying.open_link,
    "sync": _sync,
    "command-line": command_line.command_line,
    "palette": command_line.palette,
    "leader": command_line.leader,
    "help": command_line.show_help,
    "theme": command_line.theme,
    "redraw": quitting.redraw,
    "quit": quitting.leave,
}
