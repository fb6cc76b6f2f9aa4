"""Back, and out: never past a reply that is about to be sent, without a word."""

from __future__ import annotations

from typing import Final

from commtui.ui.host import Host
from commtui.ui.text.rows import counts_down
from commtui.ui.verbs import filtering, focus

QUIT_AGAIN: Final = 5.0
"""Seconds within which the same key again quits."""


def back(host: Host, quits: bool) -> None:
    """Out of the thread; else takes marks away, then the filter; else, if wanted, quits."""
    rows = host.panes.rows
    if host.thread.is_open:
        focus.close_thread(host)
    elif rows.marks or rows.ranging:
        rows.mark(set())
    elif host.panes.pane.filter_text:
        filtering.set_filter(host, "")
    elif quits:
        leave(host)


def leave(host: Host, argument: str = "") -> None:
    """Ends the program; where a reply is about to be sent, it says so first."""
    session, reply = host.session, host.snapshot.next_reply
    waiting = reply is not None and counts_down(reply, host.snapshot.now)
    if not waiting or session.quit_asked:
        host.program.leave()
        return

    def stay() -> None:
        session.quit_asked = False

    session.quit_asked = True
    host.tell("a reply has not been sent yet; the same key again quits, and it is sent at the next start", bad=True)
    host.set_timer(QUIT_AGAIN, stay)


def redraw(host: Host, argument: str = "") -> None:
    """Draws the whole screen again, for when another program wrote over it."""
    host.program.erase_screen()
    host.repaint_all()
