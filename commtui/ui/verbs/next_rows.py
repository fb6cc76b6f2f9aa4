"""To the next conversation that is unread, and to the next one that is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from commtui.model.clock import from_iso
from commtui.model.states import Queue
from commtui.store.conversations import NEVER, Conversations
from commtui.triage.search import run_to_end
from commtui.ui.host import Host
from commtui.ui.verbs import focus


def next_unread(host: Host, argument: str = "") -> None:
    """Puts the cursor of the mentions on the next row that is unread, the first one after the last."""
    is_open = _to_mentions(host)
    conversations = host.desk.store.conversations
    facets = [found for found in conversations.facet_counts() if found.unread]
    unread = run_to_end(conversations.with_facets(facets))
    number = next((number for number in _rows_after(host) if number in unread), None)
    if number is None:
        host.tell("no other row is unread")
    else:
        _show(host, number, is_open)


def next_due(host: Host, argument: str = "") -> None:
    """Puts the cursor of the mentions on the row whose answer is due next; from such a row, on the one due after it."""
    is_open = _to_mentions(host)
    conversations, rows, now = host.desk.store.conversations, host.panes.rows, host.desk.now
    number = _due_after(conversations, rows.number, now) or conversations.next_due(now)
    if number is None:
        host.tell("no answer will be due")
    elif number not in rows.numbers:
        host.tell(f"what is due next is not among these rows: {host.key_of('escape')} shows all")
    else:
        _show(host, number, is_open)


def _due_after(conversations: Conversations, here: int | None, now: datetime) -> int | None:
    """The conversation whose answer is due next after that of one that is still due; None where there is none."""
    if here is None or (due := conversations.due(here)) >= NEVER or from_iso(due) < now:
        return None
    moment = from_iso(due)
    at_once = iter(conversations.due_between(Queue.OPEN, moment, moment))
    behind = next(at_once, None) if here in at_once else None
    return behind or conversations.next_due(moment + timedelta(milliseconds=1))


def _to_mentions(host: Host) -> bool:
    """Focuses the mentions. Returns whether a thread of theirs is open."""
    if host.panes.pane.name != "mentions":
        focus.go_to_pane(host, "mentions")
    return host.thread.is_open


def _rows_after(host: Host) -> Iterator[int]:
    rows = host.panes.rows
    places = chain(range(rows.at + 1, len(rows.numbers)), range(min(rows.at, len(rows.numbers))))
    return (rows.numbers[place] for place in places)


def _show(host: Host, number: int, is_open: bool) -> None:
    host.panes.rows.move_to_number(number)
    if is_open:
        focus.open_thread(host)
