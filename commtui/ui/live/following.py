"""The screen follows the store: what changed is asked for, and only rows that differ are painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.model import ids
from commtui.model.records import Act
from commtui.model.states import OutgoingState
from commtui.store.store import Changed
from commtui.triage import queues, status, views
from commtui.ui.keys.table import BY_ID
from commtui.ui.panes.pane import soonest
from commtui.ui.verbs import thread_pane

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


POLL = 0.25
"""Seconds between looks at what other processes wrote."""
LIVELY = 0.05
"""The same, while they write."""


def poll(inbox: InboxScreen) -> None:
    """Looks at what other processes wrote, at config and themes, and at who has woken, and again soon. By itself it
    paints nothing."""
    inbox.polls += 1
    # little at a time while much arrives: the screen's loop must not stand still over a quarter second's news
    inbox.lively = 5 if inbox.services.store.poll() else max(0, inbox.lively - 1)
    inbox.set_timer(LIVELY if inbox.lively else POLL, lambda: poll(inbox))
    damaged = inbox.services.store.damage_not_told("screen", short=True)
    if damaged:
        inbox.tell(damaged[0] + (f" (and {len(damaged) - 1} more places)" if damaged[1:] else ""), bad=True)
    now_and_then = inbox.polls % 4 == 0
    if now_and_then:
        inbox.inbox_app.look_at_themes()
    if touch(inbox) or (now_and_then and len(queues.awake(inbox.desk)) != inbox.awake):
        inbox.sync_panes(everything=True)


def changed(inbox: InboxScreen) -> None:
    """The store has changed: the panes follow."""
    if inbox.news.pending:  # else a verb of ours looked already
        inbox.sync_panes()


def sync(inbox: InboxScreen, everything: bool = False) -> None:
    """Brings the panes up to what the store has; paints only rows that differ."""
    with inbox.services.store.view():
        _sync(inbox, everything)


def _sync(inbox: InboxScreen, everything: bool) -> None:
    changes, open_before = inbox.news.take(), inbox.standing.open
    touch(inbox)
    inbox.standing = status.standing(inbox.desk, needs=False)
    inbox.soon = soonest(inbox.desk, "community")
    inbox.awake = len(queues.awake(inbox.desk))
    for name, pane in inbox.panes.items():
        table = "conversations" if name == "mentions" else "outgoing"
        changed = None if everything else changes.get(table, set())
        numbers = pane.numbers(inbox.desk, changes)
        rows = inbox.list_of(name)
        if changed is None or changed or numbers is not rows.numbers:
            rows.show(numbers, changed)
        if pane.searching:
            from commtui.ui.live.filter_search import go_on  # rarely needed

            go_on(inbox, pane)
    inbox.show_titles()
    if inbox.detail.about and (everything or _touches(inbox, inbox.detail.about, changes)):
        thread_pane.show(inbox, inbox.detail.about)
    inbox.show_status()
    if "outgoing" in changes:
        from commtui.ui.live import outcome_watch  # the first rows do without

        outcome_watch.see(inbox, changes["outgoing"])
    inbox.countdown.follow()
    inbox.notices.see(changes, inbox.standing.open - open_before)
    failed = _failed_act(inbox, changes.get("acts"))
    if failed:
        inbox.tell(failed, bad=True)


def _failed_act(inbox: InboxScreen, numbers: set[int] | None) -> str:
    """What an act that was just refused says, with the way to try it again; empty where none was."""
    for number in sorted(numbers or ()):
        act = inbox.services.store.at(Act, number)
        if act is not None and act.state is OutgoingState.FAILED:
            again = f"{inbox.key('leader')} {BY_ID['retry'].leader} on it tries again"
            return f"{inbox.name_of(act.id)} failed: {act.error or 'no reason given'}; {again}"
    return ""


def _touches(inbox: InboxScreen, about: str, changes: Changed) -> bool:
    """Whether what is read may be another than before. A new mention of a conversation changes that, too."""
    mentions, held = changes.get("mentions", set()), changes.get("conversations", set())
    if changes.keys() - {"mentions", "conversations"} or mentions is None or held is None:
        return True
    if about[0] != ids.CONVERSATION or ids.number(about) in held:
        return bool(changes)
    return not mentions.isdisjoint(inbox.desk.store.ordered("mentions", "conversation", about, "created_at"))


def touch(inbox: InboxScreen) -> bool:
    """Takes the present moment and settings; True if these are others than before.

    Where the minute is another, ages are written anew when they are painted.
    """
    before, settings = inbox.setting.now, inbox.desk.settings
    problem = inbox.services.settings_problem()
    inbox.desk = inbox.services.desk()
    if inbox.desk.settings != settings:
        inbox.inbox_app.settings_changed(inbox.desk.settings)
        inbox.tell_problems()
    now = inbox.services.settings_problem()
    if now != problem:
        inbox.tell(now or "the config is right again", bad=bool(now))
    inbox.setting = views.setting(inbox.desk)
    if before.replace(second=0, microsecond=0) != inbox.setting.now.replace(second=0, microsecond=0):
        for rows in map(inbox.list_of, inbox.panes):
            rows.forget_rows()
    return inbox.desk.settings != settings
