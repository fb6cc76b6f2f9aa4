"""Links and texts to the clipboard and to a browser: over SSH by the terminal, or said so."""

from __future__ import annotations

import asyncio
import os
from typing import Final

from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.text import plain_address
from commtui.system import browser
from commtui.ui.host import Host
from commtui.ui.painter import clipboard
from commtui.ui.text.copied import copied_words
from commtui.ui.verbs import targets
from commtui.ui.widgets.status_bar import Tell

LOOK: Final = 0.1
WATCHED: Final = 10.0
"""Seconds between two looks at a browser that was started, and for which it is looked at: one that fails fails soon."""


def copy_link(host: Host, sent: str = "") -> None:
    """Copies the address of the mention or of what we sent. `sent`: the id of what the message says is out."""
    record = host.desk.store.get(Outgoing, sent) or _chosen(host)
    if record is None:
        return
    if record.url:
        address = plain_address(record.url)
        copy(host, address, f"link: {address}", what="the link")
    else:
        host.tell("not published yet, so no link" if isinstance(record, Outgoing) else "it has no link")


def copy_text(host: Host, argument: str = "") -> None:
    """Copies the text of the mention or of ours."""
    record = _chosen(host)
    if record is not None:
        copy(host, record.text, f"text of {len(record.text)} characters")


def open_link(host: Host, sent: str = "") -> None:
    """Opens the address in a browser of this machine; over SSH, where that would be the wrong machine, it is shown.

    `sent`: the id of what the message says is out.
    """
    record = host.desk.store.get(Outgoing, sent) or _chosen(host)
    if record is not None:
        open_address(host, record.url or "", host.tell)


def open_address(host: Host, url: str, tell: Tell) -> None:
    """Opens an address in a browser of this machine; over SSH it is shown."""
    address = plain_address(url)
    if not address.startswith(("https://", "http://")):
        tell("it has no link to open")
    elif browser.is_remote(os.environ):
        tell(f"over SSH, open it where you are: {address}")
    else:
        open_target(host, address, tell)


def open_target(host: Host, target: str, tell: Tell) -> None:
    """Opens an address, or a file by its whole path, by the command of the setting `open`, else by the machine's."""
    tell(f"opening {target}")
    host.run_worker(_open(host, target, tell), group="browser", exclusive=False)


async def _open(host: Host, target: str, tell: Tell) -> None:
    """Opens a target, and says so where nothing does; a browser that stays in the foreground is left to itself."""
    opener = browser.opener_of(target, host.desk.settings.open)
    try:
        process = browser.start(opener)
    except OSError as error:
        tell(f"no {opener.name} can be started ({error.strerror}): {target}", bad=True)
        return
    for _ in range(round(WATCHED / LOOK)):
        await asyncio.sleep(LOOK)
        if process.poll() is not None:
            break
    if process.returncode:
        words = "no browser here" if opener.name == "browser" else f"{opener.name} did not open it"
        tell(f"{words}: {target}", bad=True)


def _chosen(host: Host) -> Mention | Outgoing | None:
    """The newest mention of the conversation, or the item of ours, that the cursor is on."""
    store = host.desk.store
    if host.panes.pane.name == "mentions":
        ids = targets.conversations(host, one=True)
        conversation = store.get(Conversation, ids[0]) if ids else None
        return store.get(Mention, conversation.newest) if conversation else None
    ids = targets.outgoing(host, one=True)
    return store.get(Outgoing, ids[0]) if ids else None


def copy(host: Host, text: str, shown: str, more: str = "", key: str = "", what: str = "") -> None:
    """Puts a text on the clipboard of the terminal that the person sits at, and says what was done, and `more`.
    `what` names the text; empty: so many characters. `shown` stands there instead where nothing can be
    copied; `key` is the hint at the end, which is never cut."""
    copied = clipboard.copy(text, os.environ)
    if copied.sequence:
        host.program.to_terminal(copied.sequence)
    host.status.tell(
        copied_words(copied, text, os.environ.get("TERM", ""), shown, what) + more, way_back=key, whole=bool(more)
    )
