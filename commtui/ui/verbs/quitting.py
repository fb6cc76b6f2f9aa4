"""Back, and out: never past a reply that still waits, without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.ui.text.rows import counts_down
from commtui.ui.verbs import filtering, thread_pane

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen

AGAIN = 5.0
"""Seconds within which the same key again quits."""


def back(inbox: InboxScreen, quits: bool) -> None:
    """Out of the thread; else takes marks away, then the filter; else, if wanted, quits."""
    if inbox.reading:
        thread_pane.close(inbox)
    elif inbox.rows.marks or inbox.rows.ranging:
        inbox.rows.mark(set())
    elif inbox.pane.filter_text:
        filtering.set_filter(inbox, "")
    elif quits:
        leave(inbox)


def leave(inbox: InboxScreen, argument: str = "") -> None:
    """Ends the program; where a reply has not left yet, it says so first."""
    waiting = inbox.soon is not None and counts_down(inbox.soon, inbox.setting.now)
    if not waiting or inbox.leaving:
        inbox.inbox_app.leave()
        return

    def stay() -> None:
        inbox.leaving = False

    inbox.leaving = True
    inbox.tell("a reply has not left yet; the same key again quits, and it leaves at the next start", bad=True)
    inbox.set_timer(AGAIN, stay)


def redraw(inbox: InboxScreen, argument: str = "") -> None:
    """Draws the whole screen anew, for when another program wrote over it."""
    inbox.inbox_app.to_terminal("\x1b[2J")
    inbox.refresh()
    inbox.repaint_all()
