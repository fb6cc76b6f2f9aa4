"""Our account on a server."""

from __future__ import annotations

from msgspec import Struct


class Us(Struct, frozen=True):
    """What is needed to tell what is ours: the account's id on the server, the server's domain, the account's name."""

    id: str
    domain: str
    name: str = ""
    """`user`, without the domain; empty: not known."""
