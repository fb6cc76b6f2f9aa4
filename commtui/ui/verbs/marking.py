"""Marking what matches: all rows, those with the words of the pane's search, those by one author."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import Final

from commtui.model.records import Conversation
from commtui.ui.host import Host
from commtui.ui.verbs import prompts, targets
from commtui.ui.widgets.marked_rows import MarkedRows
from commtui.ui.widgets.marks import Marks

AT_ONCE: Final = 0.02
SLICE: Final = 0.008
"""Seconds for which rows are read before the screen's loop gets its turn: at first, and then."""
REST: Final = 0.002
FEW: Final = 20
"""Rows that are read between two looks at the clock."""


def mark_author(host: Host, argument: str = "") -> None:
    """Marks every row of the mentions whose newest mention is by the author of the cursor's row; other marks stay."""
    ids_of_row = targets.conversations(host, one=True)
    host.session.passed_by = None  # it changes the marks, and says how many there are
    conversation = host.desk.store.get(Conversation, ids_of_row[0]) if ids_of_row else None
    if conversation is None:
        return
    rows, author = host.panes.rows, conversation.author
    marked = rows.mark_more(host.desk.store.conversations.by_author(author))
    host.tell(_marked(host, marked, f", by {author}"))


def _marked(host: Host, count: int, what: str) -> str:
    """What is said after `count` rows were marked, whatever was marked before."""
    marks = len(host.panes.rows.marks)
    return f"{count} marked{what}" + (f"; {marks} marked in all" if marks > count else "")


def mark_all(host: Host, argument: str = "") -> None:
    """Marks every row that matches the pane's search, else every row of the pane; where all are marked, takes their
    marks. Other marks stay.

    Where the search takes long it goes on beside the keys; verbs are refused until it has ended."""
    rows = host.panes.rows
    if host.panes.pane.search_text:
        _mark_found(host, adds=False)
    else:
        rows.mark_all()
        host.tell(f"{len(rows.marks)} marked")


def _mark_found(host: Host, adds: bool) -> None:
    marking = _Marking(host, adds)
    if not marking.go_on(AT_ONCE):
        host.session.marking = marking.words
        host.run_worker(marking.to_its_end(), group="marking", exclusive=True)


def mark_words(host: Host, argument: str = "") -> None:
    """Asks for words, and marks every row of the pane that has them; they are searched for from then on. Other marks
    stay."""

    def then(text: str) -> None:
        words = text.strip().casefold()
        if words:
            host.panes.pane.search_text = words
            _mark_found(host, adds=True)

    prompts.ask(host, "mark all with", then)


class _Marking:
    """Reads the rows of the active pane for the words of its search, and then marks those that have them."""

    def __init__(self, host: Host, adds: bool) -> None:
        """`adds`: marks that are there already stay; else they are taken where all that match have them."""
        self._host, self._pane, self._adds = host, host.panes.pane, adds
        self._rows: MarkedRows = host.panes.rows
        self.words = self._pane.search_text
        self._before = self._rows.numbers
        self._left = iter(self._before)
        self._matches: set[int] = set()

    def go_on(self, seconds: float) -> bool:
        """Reads on for so long. Returns whether all is read, and marked."""
        desk = self._host.desk
        until = desk.clock.monotonic() + seconds
        while some := list(islice(self._left, FEW)):
            self._matches.update(n for n in some if self.words in self._pane.words(desk, n).casefold())
            if desk.clock.monotonic() > until:
                return False
        rows, found = self._rows, Marks(self._before, self._matches).on(self._rows.numbers)
        if self._adds:
            rows.mark_more(found.numbers())
        else:
            rows.toggle_all_of(found)
        taken = bool(found) and found[0] not in rows.marks
        self._host.tell(_marked(self._host, 0 if taken else len(found), f" ({self.words!r})"))
        self._host.panes.show_titles()
        return True

    async def to_its_end(self) -> None:
        """Reads on in slices. Escape ends it."""
        session = self._host.session
        try:
            while session.marking == self.words:
                if self.go_on(SLICE):
                    return
                await asyncio.sleep(REST)
        finally:
            session.marking = ""
