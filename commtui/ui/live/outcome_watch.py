"""What became of replies and posts, on the message line: a countdown that is over, and each failure once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from commtui.ui.keys.table import BY_ID
from commtui.ui.panes.pane import answered_author
from commtui.ui.text.statusline import without_ids

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen

_MOVED = {OutgoingState.SENDING: "sending: {}", OutgoingState.SENT: "sent: {}"}


def see(inbox: InboxScreen, numbers: set[int] | None) -> None:
    """Looks at replies and posts that changed; None where the store can't tell which."""
    store = inbox.desk.store
    items = [store.at(Outgoing, number) for number in sorted(numbers or ())]
    if numbers is None:
        items = [store.get(Outgoing, each) for each in inbox.promised[1]]
    for item in filter(None, items):
        if item.state is OutgoingState.FAILED:
            if item.id not in inbox.failures:
                inbox.failures.add(item.id)
                again = f"{inbox.key('leader')} {BY_ID['retry'].leader} on it tries again"
                inbox.tell_surely(f"{_named(inbox, item)} failed: {item.error or 'no reason given'}; {again}")
            continue
        inbox.failures.discard(item.id)
        if _promised(inbox, item) and item.state is not OutgoingState.SCHEDULED:
            said = _MOVED.get(item.state, "").format(_named(inbox, item))
            inbox.tell(said)
            inbox.promised = (said, inbox.promised[1])


def lapse(inbox: InboxScreen) -> None:
    """Takes a countdown away whose moment is over, though nothing was sent: nobody may run the engine."""
    now = inbox.setting.now
    for each in inbox.promised[1]:
        item = inbox.desk.store.get(Outgoing, each)
        if item and item.scheduled_at and item.scheduled_at <= now and _promised(inbox, item):
            inbox.forget("leaves")


def _promised(inbox: InboxScreen, item: Outgoing) -> bool:
    """Whether the message that stands there speaks of it."""
    said, ids = inbox.promised
    return bool(said) and inbox.message == said and (item.id in ids or item.conversation in ids)


def _named(inbox: InboxScreen, item: Outgoing) -> str:
    author = answered_author(inbox.desk, item)
    return without_ids(f"reply to {author}", inbox.name_of) if author else f"post {inbox.name_of(item.id)}"
