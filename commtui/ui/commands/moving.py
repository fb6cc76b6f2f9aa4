"""Moving, panes, marks and searching."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.ui import finding, leaving, reading
from commtui.ui.commands.command import Command, Do

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


COMMANDS = (
    Command("down", "down", "Moving", _by(1), ("j", "down")),
    Command("up", "up", "Moving", _by(-1), ("k", "up")),
    Command("half-page-down", "half a page down", "Moving", _by_half_pages(1), ("ctrl+d",)),
    Command("half-page-up", "half a page up", "Moving", _by_half_pages(-1), ("ctrl+u",)),
    Command("page-down", "a page down", "Moving", _by_half_pages(2), ("pagedown",)),
    Command("page-up", "a page up", "Moving", _by_half_pages(-2), ("pageup",)),
    Command("first", "to the first", "Moving", _first, ("g", "home")),
    Command("last", "to the last", "Moving", _last, ("G", "end")),
    Command("pane-next", "the next pane", "Moving", lambda inbox, _: inbox.next_pane(1), ("tab",)),
    Command("pane-previous", "the pane before", "Moving", lambda inbox, _: inbox.next_pane(-1), ("shift+tab",)),
    Command("pane-mentions", "mentions", "Moving", _pane(0), ("1",)),
    Command("pane-replies", "replies", "Moving", _pane(1), ("2",)),
    Command("pane-posts", "posts", "Moving", _pane(2), ("3",)),
    Command("open", "open the thread", "Moving", reading.open_thread, ("enter",), verb="open"),
    Command("back", "back; in the list: quit", "Moving", lambda inbox, _: leaving.back(inbox, True), ("q",)),
    Command("escape", "back; takes marks away", "Moving", lambda inbox, _: leaving.back(inbox, False), ("escape",)),
    Command("mark", "mark, and on to the next", "Marks", lambda inbox, _: inbox.rows.toggle_mark(), ("x",)),
    Command("range", "begin or end a range of marks", "Marks", _range, ("v",)),
    Command("mark-all", "mark all that match the search, or the filter", "Marks", finding.mark_all, ("*",)),
    Command("search", "search in the pane", "Finding", finding.search, ("/",), verb="search",
            argument="TEXT"),
    Command("search-next", "the next match", "Finding", lambda inbox, _: finding.again(inbox, 1), ("n",)),
    Command("search-previous", "the match before", "Finding", lambda inbox, _: finding.again(inbox, -1), ("N",)),
    Command("filter", "filter the pane (words, is: from: tag: net: account: assigned:)", "Finding",
            finding.ask_filter, ("\\",), verb="filter", argument="QUERY"),
)  # fmt: skip
