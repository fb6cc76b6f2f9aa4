"""The thread: opened, followed and closed again; as a preview it follows the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.model.records import Conversation
from commtui.ui.text.rows import Pieces

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


def open_thread(inbox: InboxScreen, argument: str = "") -> None:
    """Shows the thread of the cursor's row and gives it the keys; it is read then."""
    about = inbox.pointed
    if about is None:
        return
    inbox.add_class("-reading")
    inbox.detail.focus()
    _read(inbox, about)
    show(inbox, about)
    inbox.show_titles()
    inbox.remember()


def _read(inbox: InboxScreen, about: str) -> None:
    from commtui.activity import requests
    from commtui.community import conversations

    held = inbox.services.store.get(Conversation, about)
    if held is not None:
        requests.ask_for_parents(inbox.desk, held)
    if held is not None and held.unread:
        conversations.read(inbox.desk, [about], undoable=False)
        inbox.sync_panes()


def close(inbox: InboxScreen) -> None:
    """Gives the keys back to the list."""
    if inbox.reading:
        inbox.remove_class("-reading")
        inbox.rows.focus()
        inbox.show_titles()
        inbox.remember()


def next_one(inbox: InboxScreen) -> None:
    """After a verb that took the row away: what is open becomes the next one."""
    if not inbox.reading:
        return
    about = inbox.pointed
    if about is None:
        close(inbox)
    else:
        _read(inbox, about)
    show(inbox, about)


def show(inbox: InboxScreen, about: str | None) -> None:
    """Shows a thread, or a post, as it is now."""
    from commtui.ui.text.thread import title_of

    inbox.detail.show(about)
    # the preview's first line names the person: a title that stays costs nothing at each row
    here, title = ("title-here", title_of(inbox.desk, about)) if inbox.reading else ("title", " Preview ")
    inbox.detail_title.say(((here, title),), here)


def lines(inbox: InboxScreen, width: int) -> list[Pieces]:
    """What is shown, as lines."""
    from commtui.ui.text.thread import lines_of

    return lines_of(inbox.desk, inbox.detail.about or "", inbox.look(width))
