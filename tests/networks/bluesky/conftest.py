"""The real network, started by the first test that needs it and shared by all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from commtui.networks import gates
from commtui.networks.bluesky import budget
from tests.networks.bluesky.network import BlueskyNetwork
from tests.servers.proxy import Proxy


@pytest.fixture(scope="session")
def network() -> Iterator[BlueskyNetwork]:
    """One network for the whole session of a worker, with brand and ada on it."""
    made = BlueskyNetwork()
    for name in ("brand", "ada"):
        made.account(name)
    yield made
    made.close()


@pytest.fixture
def through(network: BlueskyNetwork) -> Iterator[Proxy]:
    """A proxy before the PDS, without rules."""
    with Proxy(network.pds_url) as between:
        yield between


@pytest.fixture(autouse=True)
def _open_gates() -> None:
    gates.forget()
    budget.forget()
