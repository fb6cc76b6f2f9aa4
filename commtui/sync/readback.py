"""After a lost answer: the network is asked whether it has the text, before anything is sent again."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from commtui.model.records import Outgoing
from commtui.networks.base import LoginRefused, NetworkError, Unsupported
from commtui.sync.ledger import Ledger

GAPS = (5.0, 25.0, 270.0)
"""Seconds from one read-back to the next: at 0 s, 5 s, 30 s and 5 min after the loss; then every `LAST_GAP`."""
LAST_GAP = 300.0
SLACK = timedelta(hours=1)
"""How far a network's clock may be off ours."""
MISSES_NEEDED = 3
"""How often a server that answers must say no before the text is scheduled again, with the same key."""


async def read_back(ledger: Ledger, item: Outgoing) -> None:
    """Found is sent; not found three times is scheduled again; not readable stays unknown. Raises LoginRefused."""
    try:
        network = await ledger.session.open()
        found = await network.find(item, _taken(ledger, item))
    except LoginRefused:
        raise
    except Unsupported:
        said = "this network can't tell whether it is out: look there, then retry or discard"
        ledger.keep(replace(item, next_try_at=None, error=said))
        return
    except NetworkError as error:
        _again(ledger, replace(item, error=str(error)), item.checks)
        return
    if found is not None:
        ledger.accept(item, found, "find")
    elif item.checks + 1 >= MISSES_NEEDED:
        ledger.put(item, "miss", next_try_at=ledger.now(), checks=0, read_backs=0)
    else:
        _again(ledger, item, item.checks + 1)


def _again(ledger: Ledger, item: Outgoing, misses: int) -> None:
    gap = GAPS[item.read_backs] if item.read_backs < len(GAPS) else LAST_GAP
    at = ledger.now() + timedelta(seconds=gap)
    ledger.keep(replace(item, next_try_at=at, checks=misses, read_backs=item.read_backs + 1))


def _taken(ledger: Ledger, item: Outgoing) -> frozenset[str]:
    """What other items of this account are out as, since this one was begun: two equal texts are two posts."""
    begun = item.sending_since or item.created_at
    panes = ("community:sent", "marketing:sent")
    found = set()
    for pane in panes:
        for number in reversed(ledger.store.ordered(Outgoing, "_pane", pane, "_at")):
            other = ledger.store.at(Outgoing, number)
            if other is None or (other.sent_at or other.created_at) < begun - SLACK:
                break
            if other.remote_id and other.account == item.account:
                found.add(other.remote_id)
    return frozenset(found)
