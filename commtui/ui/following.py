"""The screen follows the store: what changed is asked for, and only rows that differ are painted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from commtui.triage import queues, status, views
from commtui.ui.panes import OutgoingPane, soonest_reply
from commtui.ui.rowtext import counts_down

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


POLL = 0.25
"""Seconds between looks at what other processes wrote."""
LIVELY = 0.05
"""The same, while they write."""


def poll(inbox: InboxScreen) -> None:
    """Looks at what other processes wrote, at the config, and at who has woken, and again soon. By itself it paints
    nothing."""
    inbox.polls += 1
    # little at a time while much arrives: the screen's loop must not stand still over a quarter second's news
    inbox.lively = 5 if inbox.services.store.poll() else max(0, inbox.lively - 1)
    inbox.set_timer(LIVELY if inbox.lively else POLL, lambda: poll(inbox))
    if touch(inbox) or (inbox.polls % 4 == 0 and len(queues.awake(inbox.desk)) != inbox.awake):
        inbox.sync_panes(everything=True)


def changed(inbox: InboxScreen) -> None:
    """The store has changed: the panes follow, and where more is open than before, the person is called."""
    if not inbox.news.pending:
        return  # a verb of ours, which looked already
    before = inbox.standing.open
    inbox.sync_panes()
    if inbox.standing.open > before:
        _call(inbox, inbox.standing.open - before)


def _call(inbox: InboxScreen, count: int) -> None:
    """Rings, or notifies, once for a batch, as the config wants it."""
    wanted = inbox.desk.settings.notify
    if not (wanted.bell or wanted.osc9 or wanted.osc777):
        return
    from commtui.ui.painter.clipboard import Notice, notice

    body = f"{count} new mention{'s' if count > 1 else ''}, {inbox.standing.open} open"
    kind: Notice = "osc777" if wanted.osc777 else "osc9" if wanted.osc9 else "bell"
    inbox.inbox_app.to_terminal(notice(kind, "commtui", body, os.environ))


def sync(inbox: InboxScreen, everything: bool = False) -> None:
    """Brings the panes up to what the store has; paints only rows that differ."""
    with inbox.services.store.view():
        _sync(inbox, everything)


def _sync(inbox: InboxScreen, everything: bool) -> None:
    changes = inbox.news.take()
    touch(inbox)
    inbox.standing = status.standing(inbox.desk, needs=False)
    inbox.soon = soonest_reply(inbox.desk)
    inbox.awake = len(queues.awake(inbox.desk))
    for name, pane in inbox.panes.items():
        table = "conversations" if name == "mentions" else "outgoing"
        changed = None if everything else changes.get(table, set())
        numbers = pane.numbers(inbox.desk)
        rows = inbox.list_of(name)
        if changed is None or changed or numbers is not rows.numbers:
            rows.show(numbers, changed)
    inbox.show_titles()
    if inbox.detail.about and (everything or changes):
        inbox.show_detail(inbox.detail.about)
    inbox.show_status()
    _count_down(inbox)


def touch(inbox: InboxScreen) -> bool:
    """Takes the present moment and settings; True if these are others than before.

    Where the minute is another, ages are written anew when they are painted.
    """
    before, settings = inbox.setting.now, inbox.desk.settings
    inbox.desk = inbox.services.desk()
    if inbox.desk.settings != settings:
        inbox.inbox_app.settings_changed(inbox.desk.settings)
    inbox.setting = views.setting(inbox.desk)
    if before.replace(second=0, microsecond=0) != inbox.setting.now.replace(second=0, microsecond=0):
        for rows in map(inbox.list_of, inbox.panes):
            rows.forget_rows()
    return inbox.desk.settings != settings


# the one timer that paints


def _count_down(inbox: InboxScreen) -> None:
    counting = inbox.soon is not None and counts_down(inbox.soon, inbox.setting.now)
    if counting and inbox.ticks is None:
        inbox.ticks = inbox.set_interval(1, lambda: _tick(inbox))
    elif not counting and inbox.ticks is not None:
        inbox.ticks.stop()
        inbox.ticks = None


def _tick(inbox: InboxScreen) -> None:
    inbox.setting = views.setting(inbox.desk)
    pane = cast("OutgoingPane", inbox.panes["replies"])
    rows = inbox.list_of("replies")
    if rows.size.height:
        for number in rows.in_sight():
            item = pane.item(inbox.desk, number)
            if item and counts_down(item, inbox.setting.now):
                rows.repaint_number(number)
    inbox.show_titles()
    if inbox.detail.about and inbox.detail.size.height:
        inbox.show_detail(inbox.detail.about)
    _count_down(inbox)
