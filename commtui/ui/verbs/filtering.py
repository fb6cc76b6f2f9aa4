"""Searching and filtering a pane, and marking what was found."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from commtui.triage import query
from commtui.ui.verbs import prompts
from commtui.ui.widgets.rows import Spot

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen

AT_ONCE: Final = 100
"""Rows that are read before the screen's loop gets its turn."""


def search(inbox: InboxScreen, argument: str) -> None:
    """Goes to the next row with these words; asks for them if there are none."""

    def then(text: str) -> None:
        inbox.pane.search_text = text.strip().casefold() or inbox.pane.search_text
        again(inbox, 1)

    if argument:
        then(argument)
    else:
        prompts.ask(inbox, "search", then)


def again(inbox: InboxScreen, direction: int) -> None:
    """The next match from the cursor on, around the end if need be."""
    if not inbox.pane.search_text:
        inbox.tell(f"nothing searched yet: {inbox.key('search')} searches")
        return
    inbox.run_worker(_go(inbox, direction), group="search", exclusive=True, exit_on_error=False)


async def _go(inbox: InboxScreen, direction: int) -> None:
    rows, pane, wanted, desk = inbox.rows, inbox.pane, inbox.pane.search_text, inbox.desk
    numbers, at = rows.numbers, rows.at
    for step in range(1, len(numbers) + 1):
        number = numbers[(at + direction * step) % len(numbers)]
        if wanted in pane.words(desk, number).casefold():
            rows.move_to_number(number)
            inbox.tell(f"search: {wanted}")
            return
        if step % AT_ONCE == 0:
            await asyncio.sleep(0)
    inbox.tell(f"no row here with {wanted!r}")


def ask_filter(inbox: InboxScreen, argument: str) -> None:
    """Filters the pane by a QUERY; an empty one shows all again."""
    if argument:
        set_filter(inbox, argument)
    else:
        prompts.ask(
            inbox,
            "filter (words, is: from: tag: net: account: assigned:)",
            lambda text: set_filter(inbox, text),
            inbox.pane.filter_text,
        )


def set_filter(inbox: InboxScreen, text: str) -> None:
    """Shows only what meets the QUERY. Raises Usage for one that can't be read."""
    text = text.strip()
    pane = inbox.pane
    spot = pane.wanted or inbox.rows.spot
    pane.terms = query.parse(text)
    pane.filter_text = text
    inbox.rows.mark(set())
    inbox.sync_panes()
    if pane.searching:
        pane.wanted = Spot(spot.row, spot.height, frozenset())
    else:
        pane.wanted = None
        if spot.row is None or not inbox.rows.move_to_number(spot.row):
            inbox.rows.move_to(0)
    inbox.tell(f"filter: {text}" if text else "no filter")
    inbox.remember()


def mark_all(inbox: InboxScreen, argument: str = "") -> None:
    """Marks every row that matches the pane's search, else every row of the pane; where all are marked, none."""
    rows, pane, desk, wanted = inbox.rows, inbox.pane, inbox.desk, inbox.pane.search_text
    if wanted:
        found = {number for number in rows.numbers if wanted in pane.words(desk, number).casefold()}
    else:
        found = set(rows.numbers)
    rows.mark(set() if rows.marks == found else found)
    inbox.tell(f"{len(rows.marks)} marked" + (f" ({wanted!r})" if wanted else ""))
    inbox.remember()
