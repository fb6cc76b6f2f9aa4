"""The contract suite: what every network, ours or a plug-in's, is tested against.

A plug-in's author needs pytest, and writes:

    from commtui.networks.contract import NetworkContract

    class TestMine(NetworkContract):
        network = Mine

        @pytest.fixture(autouse=True)
        def bench(self, tmp_path):
            self.server = ...start or reset a server, with an account of ours and one of somebody else's...
            yield
            self.server.stop()

        def make_login(self, token=None): return Login(...)
        def say(self, text, in_reply_to=None): return ...the id of a text by the other account that mentions ours...
        def answers_to(self, remote_id): return [...the ids of the texts that answer it, as the other account sees...]

The hooks and what else can be set are in hooks.py. The tests assume nothing about what the server already has, so one
server may serve all of them. They run their coroutines with asyncio.run: no pytest plug-in is needed. Nothing else in
commtui imports this package.
"""

import pytest

for _half in ("hooks", "inbound", "outbound"):  # before they are imported, so that a failed assert shows its values
    pytest.register_assert_rewrite(f"{__name__}.{_half}")

from commtui.networks.contract.inbound import InboundContract  # noqa: E402
from commtui.networks.contract.outbound import OutboundContract  # noqa: E402


class NetworkContract(InboundContract, OutboundContract):
    """Subclass it, set `network`, and fill in the hooks of hooks.Hooks."""


__all__ = ["NetworkContract"]
