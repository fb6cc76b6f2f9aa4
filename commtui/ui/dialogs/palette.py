"""The palette: every command, to be chosen from a list."""

from __future__ import annotations

from commtui.ui.keys.keymap import Keymap
from commtui.ui.keys.table import COMMANDS
from commtui.ui.text.matching import Choice


def command_choices(keymap: Keymap) -> list[Choice]:
    """Every command with its key."""
    choices = []
    for command in COMMANDS:
        if command.id in ("palette", "escape"):
            continue
        keys = keymap.shown(command.id)
        if not keys and command.leader:
            keys = f"{keymap.shown('leader')} {command.leader}"
        title = command.title + (" (asks first)" if command.public else "")
        choices.append(Choice(command.id, keys, title, f"{command.verb} {command.group}"))
    return choices
