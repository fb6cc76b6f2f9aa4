"""Who may see a text."""

from __future__ import annotations

from enum import StrEnum


class Visibility(StrEnum):
    """Who may see it, from the widest to the narrowest (Mastodon's words)."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"
    DIRECT = "direct"


def narrower(one: Visibility, other: Visibility) -> Visibility:
    """The less visible of two: a reply is never more widely visible than what it answers."""
    order = list(Visibility)
    return max(one, other, key=order.index)
