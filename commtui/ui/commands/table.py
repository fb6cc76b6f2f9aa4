"""All commands, by id and by verb."""

from __future__ import annotations

from typing import Final

from commtui.ui.commands import moving, outgoing, program, triage, views
from commtui.ui.commands.command import Command

COMMANDS: Final[tuple[Command, ...]] = (
    *moving.COMMANDS,
    *triage.COMMANDS,
    *outgoing.COMMANDS,
    *views.COMMANDS,
    *program.COMMANDS,
)
BY_ID: Final = {command.id: command for command in COMMANDS}
BY_VERB: Final = {command.verb: command for command in COMMANDS if command.verb}
BY_LEADER: Final = {command.leader: command for command in COMMANDS if command.leader}
GROUPS: Final = tuple(dict.fromkeys(command.group for command in COMMANDS))
