"""What each command does. It imports every verb there is: the first rows do without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.ui.keys.command import Do
from commtui.ui.verbs import conversations, moving, outgoing, program, views

DO: Final[Mapping[str, Do]] = {**moving.DO, **conversations.DO, **outgoing.DO, **views.DO, **program.DO}
"""Command id -> `do(inbox, argument)`; the argument is empty when a key was pressed."""
