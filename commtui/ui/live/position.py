"""Where the person is: kept in state/ui.json as it changes, so that a hang-up costs nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.timer import Timer

from commtui.activity.errors import TriageError
from commtui.model import ids
from commtui.triage import query
from commtui.ui.verbs import thread_pane
from commtui.ui.widgets.rows import Spot

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen

SOON = 0.5
"""Seconds until a change is written."""


class Position:
    """The file; one that can't be read counts for nothing, one that can't be written is no reason to stop."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unsent: dict[str, str] = {}
        """Texts of scheduled items that are being edited: item -> text. (Drafts are in the store.)"""
        self.composing: dict[str, Any] | None = None
        """What the composer is open for."""
        self._timer: Timer | None = None
        self._last = ""

    def save_soon(self, inbox: InboxScreen) -> None:
        """Writes in half a second, once for all that happens until then."""
        if self._timer is None:
            self._timer = inbox.set_timer(SOON, lambda: self.save_now(inbox))

    def save_now(self, inbox: InboxScreen) -> None:
        """Writes what differs from the last time, by temporary file and rename."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        text = json.dumps(self._state(inbox), ensure_ascii=False)
        if text == self._last:
            return
        self._last = text
        fresh = self.path.with_suffix(".new")
        try:
            fresh.write_text(text, encoding="utf-8")
            fresh.chmod(0o600)
            fresh.replace(self.path)
        except OSError:
            return

    def _state(self, inbox: InboxScreen) -> dict[str, Any]:
        panes = {}
        for name, pane in inbox.panes.items():
            rows = inbox.list_of(name)
            spot = pane.wanted or rows.spot
            panes[name] = {
                "row": None if spot.row is None else pane.identity(spot.row),
                "height": spot.height,
                "filter": pane.filter_text,
                "search": pane.search_text,
                "marks": [pane.identity(number) for number in sorted(spot.marks)[:1000]],
            }
        return {
            "pane": inbox.pane.name,
            "reading": inbox.detail.about if inbox.reading else None,
            "panes": panes,
            "composing": self.composing,
            "unsent": self.unsent,
        }

    def read(self) -> dict[str, Any]:
        """What was kept; empty if nothing was, or nothing that can be read."""
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def restore(self, inbox: InboxScreen) -> None:
        """Fills the panes, and puts pane, rows, filters and marks back; what is no longer there is left out."""
        kept = self.read()
        panes = kept.get("panes")
        if not isinstance(panes, dict):
            inbox.sync_panes(everything=True)
            return
        self.unsent = {str(key): str(value) for key, value in (kept.get("unsent") or {}).items()}
        self.composing = kept.get("composing") if isinstance(kept.get("composing"), dict) else None
        for name, pane in inbox.panes.items():
            state = panes.get(name) or {}
            pane.search_text = str(state.get("search") or "")
            try:
                pane.terms = query.parse(str(state.get("filter") or ""))
                pane.filter_text = str(state.get("filter") or "")
            except TriageError:
                pane.terms, pane.filter_text = (), ""
        inbox.sync_panes(everything=True)
        for name, pane in inbox.panes.items():
            state, rows = panes.get(name) or {}, inbox.list_of(name)
            number, height = _number(state.get("row")), int(state.get("height") or 0)
            marks = {found for each in state.get("marks") or () if (found := _number(each)) is not None}
            if pane.searching:
                pane.wanted = Spot(number, height, frozenset(marks))
                continue
            if number is not None:
                rows.put_back(number, height)
            rows.marks = marks.intersection(rows.numbers) if marks else set()
        names = list(inbox.panes)
        if kept.get("pane") in names:
            inbox.go_to_pane(names.index(kept["pane"]))
        if kept.get("reading") and inbox.pointed == kept["reading"]:
            thread_pane.open_thread(inbox)
        if self.composing:
            from commtui.ui.verbs.writing import resume

            resume(inbox, self.composing)


def _number(identity: object) -> int | None:
    try:
        return ids.number(str(identity)) if identity else None
    except ValueError:
        return None
