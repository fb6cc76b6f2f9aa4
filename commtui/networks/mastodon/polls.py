"""Polls of our own posts: what an edit must send again, so that the poll and its votes stay."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Any, Final

from commtui.networks.base import Unsupported
from commtui.networks.mastodon import entities

SHORTEST: Final = 300
"""Seconds that a poll must go on for at the least, by Mastodon's rule (PollOptionsValidator, MIN_EXPIRATION)."""


def kept(entity: entities.Status, now: datetime) -> dict[str, Any] | None:
    """The `poll` of an edit that changes nothing of it; None: there is none. `now`: by the server's clock.

    Raises Unsupported for a poll that has ended: every edit would take it away or open it again.
    """
    poll = entity.poll
    if poll is None or not poll.options:
        return None
    if poll.expired or (poll.expires_at is not None and poll.expires_at <= now):
        raise Unsupported("the poll of this post has ended: an edit would take it away or open it again")
    fields: dict[str, Any] = {"options": [option.title for option in poll.options], "multiple": poll.multiple}
    if any(option.votes_count is None for option in poll.options):
        fields["hide_totals"] = True
    if poll.expires_at is not None:
        fields["expires_in"] = max(SHORTEST, ceil((poll.expires_at - now).total_seconds()))
    return fields
