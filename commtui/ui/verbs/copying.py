"""Links and texts to the clipboard and to a browser: over SSH by the terminal, or said so."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from commtui.model.records import Conversation, Mention, Outgoing
from commtui.ui.verbs import targets

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


def _chosen(inbox: InboxScreen) -> Mention | Outgoing | None:
    """The newest mention of the conversation, or the item of ours, that the cursor is on."""
    store = inbox.desk.store
    if inbox.pane.name == "mentions":
        ids = targets.conversations(inbox, one=True)
        held = store.get(Conversation, ids[0]) if ids else None
        return store.get(Mention, held.newest) if held else None
    ids = targets.outgoing(inbox, one=True)
    return store.get(Outgoing, ids[0]) if ids else None


def _put(inbox: InboxScreen, text: str, what: str) -> None:
    """Puts a text on the clipboard of the terminal that the person sits at, and says what was done."""
    from commtui.ui.painter.clipboard import copy

    copied = copy(text, os.environ)
    if copied.sent:
        inbox.inbox_app.to_terminal(copied.sequence)
    inbox.tell(copied.told if copied.sent else f"{copied.told} {what}")


def copy_link(inbox: InboxScreen, argument: str = "") -> None:
    """Copies the address of the mention or of what we sent."""
    found = _chosen(inbox)
    if found is None:
        return
    if found.url:
        _put(inbox, found.url, f"link: {found.url}")
    else:
        inbox.tell("it has no address" + (" yet: it is not out" if isinstance(found, Outgoing) else ""))


def copy_text(inbox: InboxScreen, argument: str = "") -> None:
    """Copies the text of the mention or of ours."""
    found = _chosen(inbox)
    if found is not None:
        _put(inbox, found.text, f"text of {len(found.text)} characters")


def open_link(inbox: InboxScreen, argument: str = "") -> None:
    """Opens the address in a browser of this machine; over SSH it is shown, since a browser there helps nobody."""
    found = _chosen(inbox)
    if found is None:
        return
    if not found.url or not found.url.startswith(("https://", "http://")):
        inbox.tell("it has no address to open")
    elif os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"):
        inbox.tell(f"over SSH, open it where you are: {found.url}")
    else:
        import webbrowser

        opened = webbrowser.open(found.url)
        inbox.tell(f"opened {found.url}" if opened else f"no browser here: {found.url}")
