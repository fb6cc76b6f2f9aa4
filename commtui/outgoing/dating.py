"""How a server dates our texts, learnt from those that are known to be ours.

A server whose clock or zone is wrong dates each text hours before it was sent, as if it were an earlier one. What a
text that is surely ours was dated tells how the next one's date is to be read.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from commtui.model.records import AccountState, Outgoing
from commtui.store.write import Write

LEAST: Final = 300.0
"""Seconds: smaller differences are within every margin, and are no reason to write."""
MOST: Final = 26 * 3600.0
"""No zone makes a greater one: such a text is another one, or edited by hand."""


def learn_dates(write: Write, item: Outgoing) -> None:
    """Records how far off the server dates our texts, by `item`, which is out; its `sent_at` is the server's date."""
    begun = item.doubtful_since or item.sending_since
    state = write.get(AccountState, item.account)
    if begun is None or item.sent_at is None or state is None:
        return
    off = (item.sent_at - begun).total_seconds()
    if abs(off) <= MOST and abs(off - state.dates_off) > LEAST:
        write.put(replace(state, dates_off=off if abs(off) > LEAST else 0.0))
