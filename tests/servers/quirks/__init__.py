"""A small Mastodon-API server of ours over real HTTP, with switches for what servers do that the mock does not."""

import httpx

from tests.servers.quirks.presets import PRESETS
from tests.servers.quirks.server import QuirkServer
from tests.servers.quirks.settings import Quirks
from tests.servers.quirks.things import Account, Notification, Status

__all__ = ["PRESETS", "Account", "Notification", "QuirkServer", "Quirks", "Status", "client"]


def client(server: QuirkServer, user: str = "brand", scopes: str = "read write follow") -> httpx.Client:
    """A bare HTTP client that is logged in as `user`."""
    headers = {"Authorization": f"Bearer {server.token(user, scopes)}"}
    return httpx.Client(base_url=server.url, headers=headers, trust_env=False, timeout=10)
