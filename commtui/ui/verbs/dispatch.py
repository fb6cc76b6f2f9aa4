"""What each command does. It imports every verb there is: the first rows do without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.activity.errors import TriageError
from commtui.store.errors import StoreError
from commtui.ui.host import Action, Host
from commtui.ui.keys.table import BY_ID
from commtui.ui.text.errors import NotDone
from commtui.ui.text.naming import error_sentence
from commtui.ui.verbs import conversations, moving, outgoing, program, views

ACTIONS: Final[Mapping[str, Action]] = {
    **moving.ACTIONS,
    **conversations.ACTIONS,
    **outgoing.ACTIONS,
    **views.ACTIONS,
    **program.ACTIONS,
}
"""Command id -> what it does."""


OF_LINK: Final = ("open-link", "copy-link")
"""Commands that mean what the message says is out, while it says so."""


def do(host: Host, name: str, argument: str = "") -> None:
    """Does the command of that id: what a key, the leader's menu, the palette and the `:` line come to.

    A key's command may have its value behind it: `view bugs`."""
    name, _, value = name.partition(" ")
    argument = argument or value
    link = host.status.link
    host.status.clear()
    host.session.passed_by = None
    command = BY_ID[name]
    if command.repeats and not command.argument:
        host.session.last_verb = (name, "")
    if name in OF_LINK:
        argument = link  # the message named the key
    run(host, ACTIONS[name], argument)
    if not host.status.message:
        host.status.tell("")


def run(host: Host, action: Action, argument: str = "") -> None:
    """Does it, and tells in one line what it can't do."""
    host.renew()
    try:
        action(host, argument)
    except (TriageError, StoreError, NotDone) as error:
        host.tell(error_sentence(error, host.desk, host.key_of), bad=True)
    host.panes.show_titles()
    host.remember()
