"""Searching and filtering a pane."""

from __future__ import annotations

import asyncio
from typing import Final

from commtui.model.states import Order
from commtui.triage import everywhere, query
from commtui.ui.host import Host
from commtui.ui.text.errors import NotDone
from commtui.ui.verbs import focus, prompts
from commtui.ui.widgets.places import Spot

SEARCHES_KEPT: Final = 50
"""Searches that up and down recall, also at the next start."""
ROWS_AT_ONCE: Final = 100
"""Rows that are read before the screen's loop gets its turn."""


def search(host: Host, argument: str) -> None:
    """Goes to the next row with these words; asks for them if there are none."""
    pane = host.panes.pane

    def then(text: str) -> None:
        if text.strip():
            remember_search(host, text)
        pane.search_text = text.strip().casefold() or pane.search_text
        search_again(host, 1)

    if argument:
        then(argument)
    else:
        prompts.ask(host, "search", then, earlier=host.session.searches)


def search_again(host: Host, direction: int) -> None:
    """The next match after the cursor (1) or before it (-1), around the end if need be."""
    if not host.panes.pane.search_text:
        host.tell(f"nothing searched yet: {host.key_of('search')} searches")
        return
    host.run_worker(_go_to_match(host, direction), group="search", exclusive=True, exit_on_error=False)


async def _go_to_match(host: Host, direction: int) -> None:
    rows, pane, desk = host.panes.rows, host.panes.pane, host.desk
    words, numbers, at = pane.search_text, rows.numbers, rows.at
    for step in range(1, len(numbers) + 1):
        number = numbers[(at + direction * step) % len(numbers)]
        if words in pane.words(desk, number).casefold():
            rows.move_to_number(number)
            host.tell(f"search: {words}")
            return
        if step % ROWS_AT_ONCE == 0:
            await asyncio.sleep(0)
    host.tell(f"no row here with {words!r} ({host.key_of('search-all')} searches done and archived ones, too)")


def ask_filter(host: Host, argument: str) -> None:
    """Filters the pane by a QUERY; an empty one shows all again."""
    if argument:
        set_filter(host, argument)
    else:
        prompts.ask(
            host,
            "filter (words, is: from: tag: via: has: since: ...)",
            lambda text: set_filter(host, text),
            host.panes.pane.filter_text,
        )


def search_everything(host: Host, argument: str) -> None:
    """Shows every conversation that says some words, done and archived ones too, the newest first; asks for the words
    if there are none. Raises NotDone for a QUERY without words."""

    def then(text: str) -> None:
        if not text.strip():
            return
        remember_search(host, text)
        if not everywhere.alternatives(query.parse(text)):
            raise NotDone(f"name a word, or from:; {host.key_of('filter')} filters by other terms")
        focus.go_to_pane(host, "mentions")
        set_filter(host, text, everywhere=True)
        host.panes.rows.put_first()
        host.tell(f"all with {text.strip()}; {host.key_of('escape')} ends it")

    if argument:
        then(argument)
    else:
        prompts.ask(host, "search everything (words, from: is: tag: ...)", then, earlier=host.session.searches)


def show_spike(host: Host, argument: str = "") -> None:
    """Shows the open conversations of the last spike that was told, the newest first."""
    since = host.session.spike_since
    if not since:
        host.tell("no spike so far: no more arrives than usual")
        return
    focus.go_to_pane(host, "mentions")
    text = f"since:{since}"
    host.panes.pane.orders[text] = Order.NEWEST
    set_filter(host, text)


def remember_search(host: Host, text: str) -> None:
    """Keeps a search for the next prompts."""
    searches = host.session.searches
    searches[:] = [*(earlier for earlier in searches if earlier != text.strip()), text.strip()][-SEARCHES_KEPT:]


def set_filter(host: Host, text: str, everywhere: bool = False) -> None:
    """Shows only what meets the QUERY; `everywhere`: of all that there is. Raises Usage for one that can't be read."""
    text = text.strip()
    pane, rows = host.panes.pane, host.panes.rows
    terms, spot = query.parse(text), pane.wanted or rows.spot
    if not pane.filter_text:
        pane.unfiltered = spot
    ended = "" if text else "search ended" if pane.everywhere else "no filter"
    pane.terms, pane.filter_text, pane.everywhere = terms, text, text if everywhere else ""
    rows.mark(())
    host.follow()
    spots = [spot] if text or pane.unfiltered is None else [spot, pane.unfiltered]
    if pane.searching:
        pane.wanted = Spot(spot.row, spot.height, frozenset())
    else:
        pane.wanted = None
        if not any(spot.row is not None and rows.put_back(spot.row, spot.height) for spot in spots):
            rows.put_first()
    host.tell(f"filter: {text}" if text else ended)
