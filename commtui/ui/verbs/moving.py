"""Moving, panes, marks and searching."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from commtui.ui.keys.command import Do
from commtui.ui.verbs import filtering, quitting, thread_pane

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


def _by(rows: int) -> Do:
    def move(inbox: InboxScreen, argument: str) -> None:
        if inbox.reading:
            inbox.detail.scroll_lines(rows)
        else:
            inbox.rows.move_to(inbox.rows.at + rows)

    return move


def _by_half_pages(halves: int) -> Do:
    def move(inbox: InboxScreen, argument: str) -> None:
        shown = inbox.detail if inbox.reading else inbox.rows
        step = halves * max(1, shown.size.height // 2)
        if inbox.reading:
            inbox.detail.scroll_lines(step)
        else:
            inbox.rows.scroll_page(step)

    return move


def _first(inbox: InboxScreen, argument: str) -> None:
    if inbox.reading:
        inbox.detail.scroll_lines(-len(inbox.detail.lines))
    else:
        inbox.rows.move_to(0)


def _last(inbox: InboxScreen, argument: str) -> None:
    if inbox.reading:
        inbox.detail.scroll_lines(len(inbox.detail.lines))
    else:
        inbox.rows.move_to(len(inbox.rows.numbers) - 1)


def _pane(index: int) -> Do:
    return lambda inbox, argument: inbox.go_to_pane(index)


def _range(inbox: InboxScreen, argument: str) -> None:
    if inbox.rows.toggle_range():
        inbox.tell(f"range: move, then {inbox.key('range')} again marks it; verbs take it, too")


DO: Final[Mapping[str, Do]] = {
    "down": _by(1),
    "up": _by(-1),
    "half-page-down": _by_half_pages(1),
    "half-page-up": _by_half_pages(-1),
    "page-down": _by_half_pages(2),
    "page-up": _by_half_pages(-2),
    "first": _first,
    "last": _last,
    "pane-next": lambda inbox, _: inbox.next_pane(1),
    "pane-previous": lambda inbox, _: inbox.next_pane(-1),
    "pane-mentions": _pane(0),
    "pane-replies": _pane(1),
    "pane-posts": _pane(2),
    "open": thread_pane.open_thread,
    "back": lambda inbox, _: quitting.back(inbox, True),
    "escape": lambda inbox, _: quitting.back(inbox, False),
    "mark": lambda inbox, _: inbox.rows.toggle_mark(),
    "range": _range,
    "mark-all": filtering.mark_all,
    "search": filtering.search,
    "search-next": lambda inbox, _: filtering.again(inbox, 1),
    "search-previous": lambda inbox, _: filtering.again(inbox, -1),
    "filter": filtering.ask_filter,
}
