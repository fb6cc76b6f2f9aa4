"""A filter that takes long: it goes on in slices, and the screen's loop gets its turn between them.

Not in a thread: whoever computes there holds the interpreter at each of the screen's own waits, 5 ms each time.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from commtui.store.errors import StoreError
from commtui.ui.panes.pane import MentionsPane, Pane

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen

SLICE: Final = 0.008
REST: Final = 0.002
"""Seconds. A key takes several rounds of the loop, which all fit into a rest."""


def go_on(inbox: InboxScreen, pane: Pane) -> None:
    """Searches until the rows of a pane are there, if that is not under way; another filter, or none, ends it."""
    if isinstance(pane, MentionsPane) and pane.pursued is not pane.kept:
        pane.pursued = pane.kept
        inbox.run_worker(_go_on(inbox, pane), group=f"filter-{pane.name}", exclusive=True)


async def _go_on(inbox: InboxScreen, pane: MentionsPane) -> None:
    kept = pane.kept
    while kept is not None and pane.kept is kept and kept.searching:
        await asyncio.sleep(REST)
        if pane.kept is kept:
            try:
                kept.go_on(inbox.desk, SLICE)
            except StoreError as error:
                inbox.tell(str(error), bad=True)
    if pane.kept is kept:
        pane.pursued = None
        inbox.sync_panes()
        arrive(inbox, pane)


def arrive(inbox: InboxScreen, pane: Pane) -> None:
    """Puts cursor and marks where they were to be, once the rows are there."""
    spot, rows = pane.wanted, inbox.list_of(pane.name)
    if spot is None or pane.searching:
        return
    pane.wanted = None
    if spot.row is None or not rows.put_back(spot.row, spot.height):
        rows.move_to(0)
    rows.mark(set(spot.marks.intersection(rows.numbers)))
