"""Where the person is: written to state/ui.json as it changes, so that a hang-up costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import json
from textual.timer import Timer

from commtui.activity.errors import TriageError
from commtui.config.watch import Stamp, stamp
from commtui.model import ids
from commtui.model.clock import from_iso, to_iso
from commtui.model.states import Order
from commtui.system.files import replace_file
from commtui.triage import query
from commtui.ui.host import Host
from commtui.ui.panes.pane import NAMES, Pane
from commtui.ui.panes.stack import PaneView
from commtui.ui.verbs import focus
from commtui.ui.widgets.marks import Marks
from commtui.ui.widgets.places import Spot

SOON: Final = 0.5
"""Seconds until a change is written."""
MARKS_KEPT: Final = 1000
"""Of more marks none is written: some of them would not be what the person marked."""
ORDERS_KEPT: Final = 100


class Position:
    """The file; one that can't be read counts for nothing, one that can't be written is no reason to stop."""

    def __init__(self, host: Host, path: Path) -> None:
        self._host = host
        self.path = path
        self._timer: Timer | None = None
        self._written = b""
        self._stamp: Stamp = None
        """Of the file as this window wrote it: the other windows write it, too, and whoever ends last has the word."""

    def save_soon(self) -> None:
        """Writes in half a second, once for all that happens until then."""
        if self._timer is None:
            self._timer = self._host.set_timer(SOON, self.save)

    def save(self) -> None:
        """Writes what differs from the last time, replacing the file whole."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        data = json.encode(self._state())
        if data == self._written and stamp(self.path) == self._stamp:
            return
        try:
            replace_file(self.path, data, durable=False)  # an fsync would stop the screen for milliseconds
        except OSError:
            return
        self._written, self._stamp = data, stamp(self.path)

    def _state(self) -> dict[str, Any]:
        host = self._host
        return {
            "pane": host.panes.pane.name,
            "account": host.panes.account,
            "searches": host.session.searches,
            "engagement_seen": host.session.engagement_seen,
            "reading": host.thread.open_about,
            "panes": {view.pane.name: _pane_state(view) for view in host.panes.views},
            "composing": host.session.composing,
        }

    def read(self) -> dict[str, Any]:
        """What was written; empty if nothing was, or nothing that can be read."""
        try:
            state = json.decode(self.path.read_bytes())
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def restore(self) -> None:
        """Fills the panes, and puts pane, rows, filters and marks back; what is no longer there is left out."""
        host, state = self._host, self.read()
        panes = state.get("panes")
        if not isinstance(panes, dict):
            host.follow(everything=True)
            return
        searches = state.get("searches")
        host.session.searches = list(map(str, searches)) if isinstance(searches, list) else []
        host.session.engagement_seen = _moment(state.get("engagement_seen"))
        composing = state.get("composing")
        if any(account.id == state.get("account") for account in host.desk.settings.accounts):
            host.panes.show_account(state["account"])
        for view in host.panes.views:
            _restore_filter(view.pane, panes.get(view.pane.name) or {})
        host.follow(everything=True)
        for view in host.panes.views:
            _restore_rows(view, panes.get(view.pane.name) or {})
        if state.get("pane") in NAMES:
            focus.go_to_pane(host, state["pane"])
        if state.get("reading") and host.panes.pointed == state["reading"]:
            focus.open_thread(host)
        host.panes.show_titles()
        if isinstance(composing, dict):
            from commtui.ui.verbs import writing

            writing.resume(host, composing)


def _pane_state(view: PaneView) -> dict[str, Any]:
    pane, spot = view.pane, view.pane.wanted or view.rows.spot
    marks = spot.marks.numbers() if isinstance(spot.marks, Marks) else spot.marks
    return {
        "row": None if spot.row is None else pane.identity(spot.row),
        "height": spot.height,
        "filter": "" if pane.everywhere else pane.filter_text,
        "search": pane.search_text,
        "orders": dict(list(pane.orders.items())[-ORDERS_KEPT:]),
        "marks": list(map(pane.identity, marks)) if len(marks) <= MARKS_KEPT else [],
    }


def _restore_filter(pane: Pane, state: Mapping[str, Any]) -> None:
    pane.search_text = str(state.get("search") or "")
    orders = state.get("orders")
    known = {str(order): order for order in Order}
    if isinstance(orders, dict):
        pane.orders = {str(view): known[str(name)] for view, name in orders.items() if str(name) in known}
    text = str(state.get("filter") or "")
    try:
        pane.terms, pane.filter_text = query.parse(text), text
    except TriageError:
        pane.terms, pane.filter_text = (), ""


def _restore_rows(view: PaneView, state: Mapping[str, Any]) -> None:
    number, height = _number(state.get("row")), int(state.get("height") or 0)
    marks = {mark for identity in state.get("marks") or () if (mark := _number(identity)) is not None}
    if view.pane.searching:
        view.pane.wanted = Spot(number, height, frozenset(marks))
        return
    if number is not None:
        view.rows.put_back(number, height)
    view.rows.mark(marks)


def _moment(text: object) -> str:
    """A time as it was written; empty for what is none."""
    try:
        return to_iso(from_iso(str(text))) if text else ""
    except ValueError:
        return ""


def _number(identity: object) -> int | None:
    try:
        return ids.number(str(identity)) if identity else None
    except ValueError:
        return None
