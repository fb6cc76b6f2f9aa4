"""Every network's contract, kept by the Mastodon network on the mock and on four characters of server."""

from typing import Any

import pytest

from commtui.networks import gates
from commtui.networks.contract import NetworkContract
from commtui.networks.mastodon import Mastodon
from tests.networks.mastodon.logins import login


class OnAServer(NetworkContract):
    network = Mastodon
    server: Any

    def make_login(self, token=None):
        return login(self.server, token)


class TestOnTheMock(OnAServer):
    @pytest.fixture(autouse=True)
    def _bench(self, mastodon):
        gates.forget()
        self.server = mastodon

    def say(self, text, in_reply_to=None):
        return self.server.post("ada", f"@brand {text}", in_reply_to)["id"]

    def answers_to(self, remote_id):
        below = self.server.context(remote_id)["descendants"]
        return [status["id"] for status in below if status["in_reply_to_id"] == remote_id]


@pytest.mark.parametrize("preset", ["mastodon", "strict", "sparse", "broken"])
class TestOnQuirks(OnAServer):
    @pytest.fixture(autouse=True)
    def _bench(self, quirks, preset):
        gates.forget()
        self.server = quirks(preset)

    def say(self, text, in_reply_to=None):
        return self.server.mention("ada", text, in_reply_to).id

    def answers_to(self, remote_id):
        return [status.id for status in self.server.statuses if status.in_reply_to == remote_id]
