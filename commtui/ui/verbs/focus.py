"""Which part of the screen has the focus: one of the panes, or the thread."""

from __future__ import annotations

from commtui.activity.desk import Desk
from commtui.model import ids
from commtui.model.records import Conversation
from commtui.ui.host import Host
from commtui.ui.panes.pane import Name


def open_thread(host: Host, argument: str = "") -> None:
    """Shows the thread of the cursor's row and focuses it; it is read then."""
    about = host.panes.pointed
    if about is not None:
        host.thread.is_open = True
        host.place_parts()
        _show_read(host, about)


def open_item(host: Host, pane: Name, about: str) -> None:
    """Opens the thread of a conversation, or a post, in the reader, whether or not its pane has a row of it."""
    go_to_pane(host, pane)
    host.panes.rows.move_to_number(ids.number(about))
    host.thread.is_open = True
    host.place_parts()
    _show_read(host, about)
    host.panes.show_titles()


def close_thread(host: Host) -> None:
    """Focuses the pane again."""
    serving, host.session.serving = host.session.serving, None
    if serving is not None:
        host.tell(serving.summary(host.desk.now))
    if host.thread.is_open:
        host.thread.is_open = False
        host.session.opened_from = None
        host.place_parts()
        if host.thread.about != host.panes.pointed:  # it was opened from elsewhere: the preview follows the cursor
            host.thread.preview(host.panes.pointed)


def open_next(host: Host) -> None:
    """After a verb that took the row away: what is open becomes the next one."""
    if not host.thread.is_open:
        return
    about = host.panes.pointed
    if about is None:
        close_thread(host)
        host.thread.show(about)
    else:
        _show_read(host, about)


def go_to_pane(host: Host, name: Name) -> None:
    """Focuses a pane."""
    close_thread(host)
    host.panes.activate(name)
    host.place_parts()


def _show_read(host: Host, about: str) -> None:
    """Shows a thread in the reader, and marks it as read. One that is shown already is shown anew by that alone."""
    was_shown = host.thread.about == about
    if not (_mark_read(host, about) and was_shown):
        host.thread.show(about)


def _mark_read(host: Host, about: str) -> bool:
    """Returns whether that changed rows, and the screen followed."""
    from commtui.activity import requests
    from commtui.community import conversations
    from commtui.ui.verbs import beside

    conversation = host.services.store.get(Conversation, about)
    if conversation is None:
        return False

    def write(desk: Desk) -> bool:
        requests.ask_for_thread(desk, conversation)
        if conversation.unread:
            conversations.read(desk, [about], undoable=False)
        return conversation.unread

    return beside.write_quietly(host, write)
