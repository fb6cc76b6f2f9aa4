"""The record of likes, boosts and follows: they are counted, and are no mentions."""

from __future__ import annotations

from msgspec import Struct

from commtui.model.clock import AwareDatetime
from commtui.model.strings import Address, Id, Text


class Engagement(Struct, frozen=True, kw_only=True):
    """Likes, boosts or follows (`kind`: like, boost, follow): one record for each (account, kind, target)."""

    id: Id
    account: Id
    kind: Id
    target: Id | None
    """remote_id of our status; None for follows."""
    count: int
    last_at: AwareDatetime
    people: tuple[Id, ...] = ()
    """The newest few, at most ten."""
    text: Text = ""
    """Of our status, where the network told it."""
    url: Address | None = None
