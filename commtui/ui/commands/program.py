"""Copying, help and the program itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from commtui.ui import asking, copying, leaving
from commtui.ui.commands.command import Do

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
    "command-line": asking.command_line,
    "palette": asking.palette,
    "leader": asking.leader,
    "help": asking.show_help,
    "theme": asking.theme,
    "redraw": leaving.redraw,
    "quit": leaving.leave,
}
