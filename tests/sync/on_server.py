"""An engine on a real store and a server with Mastodon's interface, all under one clock that a test moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from commtui.config.settings import Account
from commtui.networks import boundary, gates
from commtui.networks.base import Login, Network
from commtui.networks.mastodon import Mastodon
from commtui.sync.connect import with_store
from commtui.sync.runner import Runner
from tests.servers.quirks import QuirkServer
from tests.sync.bench import Bench


class OnServer(Bench):
    """A home whose one account is brand on a server of the tests. The server's clock is the home's."""

    def __init__(self, folder: Path, server: QuirkServer) -> None:
        gates.forget()
        self.server = server
        user = f"brand@{server.host}"
        super().__init__(folder, Account(name="brand", network="mastodon", server=server.url, user=user))
        server.clock = self.clock.now

    async def _connect(self, wanted: Account) -> Any:
        return self.connected(wanted)

    def connected(self, wanted: Account) -> Network:
        """The network of the account, behind the boundary."""
        login = Login(
            account=wanted.id,
            server=wanted.server,
            user=wanted.user,
            secret=lambda: self.server.token("brand"),
            save=lambda name, value: None,
            load=lambda name: None,
            clock=self.clock,
        )
        return boundary.connect(Mastodon, with_store(login, self.store, wanted))

    async def fetched(self, runner: Runner | None = None, minutes: float = 0) -> Runner:
        """A runner that has fetched once more, so many minutes later."""
        runner = runner or self.runner()
        self.clock.advance(minutes * 60)
        assert await runner.fetch(), runner.session.last_error
        return runner
