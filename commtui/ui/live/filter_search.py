"""A filter that takes long: it goes on in slices, and the screen's loop gets its turn between them.

Not in a thread: a thread that computes keeps the interpreter for 5 ms at each of the screen's own waits.
"""

from __future__ import annotations

import asyncio
from typing import Final

from commtui.store.errors import StoreError
from commtui.triage.everywhere import Everywhere
from commtui.triage.live_filter import LiveFilter
from commtui.ui.host import Host
from commtui.ui.panes.mentions import MentionsPane
from commtui.ui.panes.stack import PaneView
from commtui.ui.text.naming import error_sentence

SLICE: Final = 0.008
REST: Final = 0.002
"""Seconds. A key takes several rounds of the loop, which all fit into a rest."""


class FilterSearch:
    """It owns which filter is searched for; another filter in the pane, or none, ends the search."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._filter: LiveFilter | Everywhere | None = None

    def go_on(self, view: PaneView) -> None:
        """Searches until the rows of a pane are found, if that is not under way."""
        pane = view.pane
        if isinstance(pane, MentionsPane) and self._filter is not pane.live_filter:
            self._filter = pane.live_filter
            self._host.run_worker(self._search(view, pane), group=f"filter-{pane.name}", exclusive=True)

    async def _search(self, view: PaneView, pane: MentionsPane) -> None:
        host, live_filter = self._host, pane.live_filter
        while live_filter is not None and pane.live_filter is live_filter and live_filter.searching:
            await asyncio.sleep(REST)
            if pane.live_filter is live_filter:
                try:
                    live_filter.search_for(host.desk, SLICE)
                except StoreError as error:
                    host.tell(error_sentence(error, host.desk, host.key_of), bad=True)
        if pane.live_filter is live_filter:
            self._filter = None
            host.follow(everything=True)
            _put_back(view)


def _put_back(view: PaneView) -> None:
    """Puts cursor and marks where they were to be, once the rows are found."""
    spot, rows = view.pane.wanted, view.rows
    if spot is None or view.pane.searching:
        return
    view.pane.wanted = None
    if spot.row is None or not rows.put_back(spot.row, spot.height):
        rows.put_first()
    rows.mark(spot.marks)
