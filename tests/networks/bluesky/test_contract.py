"""Every network's contract, kept by Bluesky on the real thing: PLC, PDS, AppView."""

import pytest

from commtui.networks.bluesky import Bluesky
from commtui.networks.contract import NetworkContract
from tests.networks.bluesky.logins import login


@pytest.mark.slow
class TestOnTheRealNetwork(NetworkContract):
    network = Bluesky
    unknown_id = "at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/app.bsky.feed.post/3jzfcijpj2z2a"

    @pytest.fixture(autouse=True)
    def _bench(self, network):
        self.server = network

    def make_login(self, token=None):
        return login(self.server, "brand", token=token)

    def say(self, text, in_reply_to=None):
        return self.server.post("ada", f"@brand.test {text}", in_reply_to)

    def answers_to(self, remote_id):
        return self.server.replies(remote_id)

    def settle(self):
        self.server.process_all()
