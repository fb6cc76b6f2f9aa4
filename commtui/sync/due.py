"""Which texts and acts of an account are due, and when the next one is. Reads no other account's items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from commtui.model.records import Act, Outgoing
from commtui.model.states import Lane, OutgoingState
from commtui.model.threads import PROCEEDS
from commtui.store.schema import due_at
from commtui.store.store import Store

Item = Outgoing | Act
ON_THEIR_WAY: Final = (OutgoingState.SCHEDULED, OutgoingState.SENDING)


def due_items(store: Store, account: str, now: datetime) -> list[Item]:
    """What the account is to send, do or read back now, the longest due first. Reads at most one item more."""
    items: list[Item] = []
    for kind in (Outgoing, Act):
        for item in _in_order(store, kind, account):
            if due_at(item) > now:
                break
            items.append(item)
    return sorted(items, key=due_at)


def next_due(store: Store, account: str, is_busy: Callable[[Item], bool] = lambda item: False) -> datetime | None:
    """When the account's next item that is not `is_busy` is due; None: nothing waits."""
    firsts = (
        next((item for item in _in_order(store, kind, account) if not is_busy(item)), None) for kind in (Outgoing, Act)
    )
    return min((due_at(item) for item in firsts if item is not None), default=None)


def _in_order(store: Store, kind: type[Outgoing] | type[Act], account: str) -> Iterator[Item]:
    items: Iterator[Item] = store.outgoing.due(account) if kind is Outgoing else store.acts.due(account)
    return (item for item in items if item.state is not OutgoingState.SENDING and not waits_for_another(store, item))


def waits_for_another(store: Store, item: Item) -> bool:
    """Whether the post before it in its thread may still go out: it is not due before that is."""
    if not isinstance(item, Outgoing) or item.after is None or item.state is OutgoingState.UNKNOWN:
        return False
    before = store.get(Outgoing, item.after)
    return before is not None and before.state in PROCEEDS


def items_sending(store: Store) -> list[Item]:
    """What is being sent now, of all accounts; before an engine's first try: what a killed engine left."""
    numbers = [number for lane in Lane for number in store.outgoing.in_state(lane, OutgoingState.SENDING)]
    texts = [item for number in numbers if (item := store.at(Outgoing, number))]
    return [*texts, *store.acts.in_state(OutgoingState.SENDING)]


def leaves_before(store: Store, accounts: Iterable[str], until: datetime) -> bool:
    """Whether a text of these accounts is to leave before `until`: `sync` waits for it while another process sends."""
    for account in accounts:
        for item in store.outgoing.due(account):
            if due_at(item) > until:
                break
            if waits_for_another(store, item):
                continue
            if item.state in ON_THEIR_WAY and item.scheduled_at is not None and item.scheduled_at <= until:
                return True
    return False


def left(store: Store, accounts: Iterable[str], now: datetime) -> list[Item]:
    """What these accounts have under way and did not send: what is due, in its hold window, or to be tried again.

    The soonest first. A post whose time is chosen is not among it before that time.
    """
    items = [
        item
        for account in accounts
        for kind in (Outgoing, Act)
        for item in (store.outgoing.due(account) if kind is Outgoing else store.acts.due(account))
        if due_at(item) <= now or item.state not in ON_THEIR_WAY or isinstance(item, Act) or item.hold_window
    ]
    return sorted(items, key=due_at)


def hold_windows_end(store: Store, accounts: Iterable[str], least: datetime) -> datetime:
    """When the last hold window of these accounts that runs now is over; `least` where none is later."""
    ends = (
        item.scheduled_at
        for account in accounts
        for item in store.outgoing.due(account)
        if item.hold_window and item.scheduled_at is not None and item.state in ON_THEIR_WAY
    )
    return max((least, *ends))
