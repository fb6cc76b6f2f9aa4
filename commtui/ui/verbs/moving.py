"""Moving, panes, marks and searching."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.ui.host import Action, Host
from commtui.ui.panes.pane import Name
from commtui.ui.verbs import account_filter, filtering, focus, marking, next_rows, quitting, sorting


def _by(rows: int) -> Action:
    def move(host: Host, argument: str) -> None:
        if host.thread.is_open:
            host.thread.text.scroll_lines(rows)
        else:
            host.panes.rows.move_to(host.panes.rows.at + rows)

    return move


def _by_half_pages(halves: int) -> Action:
    def move(host: Host, argument: str) -> None:
        if host.thread.is_open:
            text = host.thread.text
            text.scroll_lines(halves * max(1, text.size.height // 2))
        else:
            rows = host.panes.rows
            rows.scroll_page(halves * max(1, rows.page // 2))

    return move


def _first(host: Host, argument: str) -> None:
    if host.thread.is_open:
        host.thread.text.to_start()
    else:
        host.panes.rows.move_to(0)


def _last(host: Host, argument: str) -> None:
    if host.thread.is_open:
        host.thread.text.to_end()
    else:
        host.panes.rows.move_to(len(host.panes.rows.numbers) - 1)


def _pane(name: Name) -> Action:
    return lambda host, argument: focus.go_to_pane(host, name)


def _next_pane(step: int) -> Action:
    return lambda host, argument: focus.go_to_pane(host, host.panes.neighbour(step))


def _range(host: Host, argument: str) -> None:
    if host.panes.rows.toggle_range():
        host.tell(f"range: move, then {host.key_of('range')} again marks it; verbs take it, too")


ACTIONS: Final[Mapping[str, Action]] = {
    "down": _by(1),
    "up": _by(-1),
    "half-page-down": _by_half_pages(1),
    "half-page-up": _by_half_pages(-1),
    "page-down": _by_half_pages(2),
    "page-up": _by_half_pages(-2),
    "first": _first,
    "last": _last,
    "next-unread": next_rows.next_unread,
    "next-due": next_rows.next_due,
    "pane-next": _next_pane(1),
    "pane-previous": _next_pane(-1),
    "pane-mentions": _pane("mentions"),
    "pane-replies": _pane("replies"),
    "pane-posts": _pane("posts"),
    "open": focus.open_thread,
    "back": lambda host, _: quitting.back(host, quits=True),
    "escape": lambda host, _: quitting.back(host, quits=False),
    "mark": lambda host, _: host.panes.rows.toggle_mark(),
    "range": _range,
    "mark-all": marking.mark_all,
    "mark-words": marking.mark_words,
    "mark-author": marking.mark_author,
    "search": filtering.search,
    "search-next": lambda host, _: filtering.search_again(host, 1),
    "search-previous": lambda host, _: filtering.search_again(host, -1),
    "spike": filtering.show_spike,
    "search-all": filtering.search_everything,
    "filter": filtering.ask_filter,
    "sort": sorting.sort,
    "account-filter": account_filter.choose_account,
}
